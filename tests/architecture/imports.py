"""Who imports whom, read from the source: the material of test_imports.py."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("chatapp", "feedback", "helicone", "sandbox")


@dataclass(frozen=True)
class Import:
    """Dotted names of modules, and the line; `on_load`: neither inside a function nor for types."""

    importer: str
    imported: str
    line: int
    on_load: bool

    def __str__(self) -> str:
        return f"{self.importer}, line {self.line}, imports {self.imported}"


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every module of our rooms by its dotted name, migrations left out."""
    files = [file for room in ROOMS for file in (root / room).rglob("*.py")]
    return {
        _dotted(file.relative_to(root)): file for file in files if "migrations" not in file.parts
    }


def imports(root: Path = ROOT) -> list[Import]:
    """Every import of one of our modules by another."""
    known = modules(root)
    return [
        Import(importer, imported, line, on_load)
        for importer, file in known.items()
        for imported, line, on_load in _imports_of(importer, file, known)
        if imported != importer
    ]


def circles(found: list[Import]) -> list[list[str]]:
    """Modules that wait for each other while they load, each circle once."""
    graph: dict[str, set[str]] = {}
    for one in found:
        if one.on_load and not one.importer.startswith(f"{one.imported}."):
            graph.setdefault(one.importer, set()).add(one.imported)
    seen: dict[frozenset[str], list[str]] = {}
    for start in graph:
        _walk(graph, [start], set(), seen)
    return list(seen.values())


def closure(name: str, found: list[Import]) -> set[str]:
    """What a module and the modules inside it take, directly or through others."""
    taken: set[str] = set()
    waiting = {one.importer for one in found if f"{one.importer}.".startswith(f"{name}.")}
    while waiting:
        taken |= waiting
        waiting = {one.imported for one in found if one.importer in waiting} - taken
    return taken


def _walk(
    graph: dict[str, set[str]],
    path: list[str],
    done: set[str],
    seen: dict[frozenset[str], list[str]],
) -> None:
    for following in sorted(graph.get(path[-1], ())):
        if following in path:
            circle = path[path.index(following) :]
            first = circle.index(min(circle))
            seen[frozenset(circle)] = circle[first:] + circle[:first]
        elif following not in done:
            _walk(graph, [*path, following], done, seen)
    done.add(path[-1])


def _imports_of(
    importer: str, file: Path, known: dict[str, Path]
) -> Iterator[tuple[str, int, bool]]:
    for node, on_load in _with_place(ast.parse(file.read_text("utf-8")), True):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(importer, file, node)
            # `from room import module` is an import of the module, if there is one of that name.
            dotted = [f"{base}.{alias.name}" for alias in node.names]
            names = [name if name in known else base for name in dotted]
        else:
            continue
        yield from ((name, node.lineno, on_load) for name in names if name.split(".")[0] in ROOMS)


def _with_place(node: ast.AST, on_load: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for_types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        yield child, on_load
        yield from _with_place(child, on_load and not later and not for_types)


def _base(importer: str, file: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    above = node.level - (file.name == "__init__.py")
    package = importer.split(".")[: -above or None]
    return ".".join([*package, *filter(None, [node.module])])


def _dotted(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
