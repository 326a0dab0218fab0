"""Imports and names of our modules, read from the source: the material of test_imports.py."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("chatapp", "feedback", "helicone", "sandbox")


IDENTIFIER = re.compile(r"[\w.]+")
COMMENT = re.compile(r"#(?! noqa| type:)")


@dataclass(frozen=True)
class Import:
    """One import of one of our modules by another, as dotted names; inside functions and for type
    checkers too."""

    importer: str
    imported: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}, line {self.line}, imports {self.imported}"

    def in_package(self) -> tuple[str, str]:
        """Both as members of the innermost package that holds both: modules or packages in it."""
        one, other = self.importer.split("."), self.imported.split(".")
        depth = 0
        while one[depth : depth + 1] == other[depth : depth + 1]:
            depth += 1
        return _member(one, depth), _member(other, depth)


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every module of our rooms by its dotted name, migrations left out."""
    files = [file for room in ROOMS for file in (root / room).rglob("*.py")]
    inside = {file.relative_to(root): file for file in files}
    return {_dotted(path): file for path, file in inside.items() if "migrations" not in path.parts}


def imports(root: Path = ROOT) -> list[Import]:
    """Every import of one of our modules by another."""
    known = modules(root)
    return [
        Import(importer, imported, line)
        for importer, file in known.items()
        for imported, line in _imports_of(importer, file, known)
        if imported != importer
    ]


def circle(found: list[Import]) -> list[str]:
    """Members of one package that import each other, itself or what is inside them; empty if there
    are none. A circle of modules is one of these: of the members that hold them."""
    graph: dict[str, set[str]] = {}
    for one in found:
        importer, imported = one.in_package()
        graph.setdefault(importer, set()).add(imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def unexplained_local_imports(root: Path = ROOT) -> list[str]:
    """Imports inside functions, of other people's modules too, that have no comment in their line
    or above; several in a row share the one above."""
    return [
        f"{name}, line {line}: {text.strip()}"
        for name, file in modules(root).items()
        for line, text in _unexplained(file.read_text("utf-8"))
    ]


def identifiers(file: Path) -> Iterator[tuple[int, str]]:
    """Line and text of what may name something elsewhere: attributes, arguments by keyword, and
    strings that are identifiers, such as lookups, permissions and dotted names; no prose."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.lineno, node.arg
        elif isinstance(node, ast.Constant) and IDENTIFIER.fullmatch(str(node.value)):
            yield node.lineno, str(node.value)


def closure(name: str, found: list[Import]) -> set[str]:
    """What a module and the modules inside it take, directly or through others."""
    taken: set[str] = set()
    waiting = {one.importer for one in found if f"{one.importer}.".startswith(f"{name}.")}
    while waiting:
        taken |= waiting
        waiting = {one.imported for one in found if one.importer in waiting} - taken
    return taken


def _member(parts: list[str], depth: int) -> str:
    """A package's own module is a member of it by the name of its file."""
    return ".".join(parts[: depth + 1] if len(parts) > depth else [*parts, "__init__"])


def _imports_of(importer: str, file: Path, known: dict[str, Path]) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(importer, file, node)
            # `from room import module` is an import of the module, if there is one of that name.
            dotted = [f"{base}.{alias.name}" for alias in node.names]
            names = [name if name in known else base for name in dotted]
        else:
            continue
        yield from ((name, node.lineno) for name in names if name.split(".")[0] in ROOMS)


def _unexplained(source: str) -> Iterator[tuple[int, str]]:
    lines = source.splitlines()
    local = {
        node.lineno
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    explained: set[int] = set()
    for number in sorted(local):
        above = lines[number - 2].lstrip()
        if COMMENT.search(lines[number - 1]) or COMMENT.match(above) or number - 1 in explained:
            explained.add(number)
        else:
            yield number, lines[number - 1]


def _base(importer: str, file: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    above = node.level - (file.name == "__init__.py")
    package = importer.split(".")[: -above or None]
    return ".".join([*package, *filter(None, [node.module])])


def _dotted(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
