"""Paths and modules that Markdown names, and whether they exist: the material of test_docs.py."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("bench", "chatapp", "feedback", "helicone", "sandbox", "tests")
SUFFIXES = tuple(
    f".{suffix}"
    for suffix in ("css", "html", "js", "json", "md", "mo", "po", "py", "sql", "svg")
    + ("toml", "txt", "yaml", "yml")
)
# Made on each machine, so in no checkout: the virtual environment, the data folder, the settings.
LOCAL = {".venv", ".venv-peers", "var", "VAR_DIR", ".env"}

FENCE = re.compile(r"^ *```(\w*)\n.*?^ *```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
SEPARATOR = re.compile(r"[\s\"'(),;|=]+")
PLACEHOLDER = re.compile(r"<[^>]*>|…")
MODULE = re.compile(rf"(?:{'|'.join(CODE)})(?:\.\w+)+")


@dataclass(frozen=True)
class Name:
    """One path or module that a document names; `folder` is the one of its section's heading, and
    `is_link` says that a path is relative to the document."""

    document: Path
    line: int
    text: str
    folder: str = ""
    is_link: bool = False

    def __str__(self) -> str:
        return f"{self.document.name}, line {self.line}: {self.text}"

    def exists(self, root: Path = ROOT) -> bool:
        if MODULE.fullmatch(self.text) and not self.text.endswith(SUFFIXES):
            return module_exists(self.text, root)
        if self.is_link:
            return (self.document.parent / self.text).exists()
        pattern = PLACEHOLDER.sub("*", self.text).rstrip("/")
        if any(root.glob(pattern)) or self.folder and any((root / self.folder).glob(pattern)):
            return True
        # Outside of a folder's section, a file's name alone may stand for the file.
        return not self.folder and "/" not in self.text and any(files_called(pattern, root))


def names(document: Path, root: Path = ROOT) -> Iterator[Name]:
    """Every path and module in a document's code and links."""
    text = document.read_text("utf-8")
    headings = [(found.start(), folder_of(found[0], root)) for found in HEADING.finditer(text)]
    for start, word, is_link in words(text):
        if is_link or is_path(word) or MODULE.fullmatch(word):
            folder = next((name for at, name in reversed(headings) if at < start), "")
            line = text.count("\n", 0, start) + 1
            yield Name(document, line, word, folder, is_link)


def words(text: str) -> Iterator[tuple[int, str, bool]]:
    """Position and text of each word of code, and of each link's target inside the project."""
    prose = FENCE.sub(lambda fence: re.sub(r"[^\n]", " ", fence[0]), text)
    # Python shows what a reader may write, with files that aren't there yet.
    code = [(fence.start(), fence[0]) for fence in FENCE.finditer(text) if fence[1] != "python"]
    code += [(span.start(1), span[1]) for span in SPAN.finditer(prose)]
    for start, piece in code:
        position = 0
        for word in SEPARATOR.split(piece):
            position = piece.index(word, position)
            yield start + position, word.split("::")[0].rstrip(".:"), False
    for link in LINK.finditer(prose):
        target = link[1].split("#")[0]
        if target and ":" not in target:
            yield link.start(1), target, True


def is_path(word: str) -> bool:
    """Whether a word of code is a path of the project: not a URL, nor its path, nor local data."""
    if ":" in word or word.startswith(("/", "-", "$")) or word.split("/")[0] in LOCAL:
        return False
    has_suffix = word.endswith(SUFFIXES) and word not in SUFFIXES
    return has_suffix or "/" in word.strip("/") or word.endswith("/")


def folder_of(heading: str, root: Path = ROOT) -> str:
    """The folder that a heading names, if it names one."""
    spans = (span[1] for span in SPAN.finditer(heading))
    return next((span.rstrip("/") for span in spans if (root / span).is_dir()), "")


def files_called(pattern: str, root: Path) -> Iterator[Path]:
    folders = [*CODE, "docs", "static", "templates", ".ci"]
    return (file for folder in folders for file in (root / folder).rglob(pattern))


def module_exists(dotted: str, root: Path = ROOT) -> bool:
    """Whether there is a module of that name, or a name in a module, or one in a class of it."""
    parts = dotted.split(".")
    for depth in range(len(parts), 0, -1):
        place = root.joinpath(*parts[:depth])
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.is_file():
                return has_names(ast.parse(file.read_text("utf-8")).body, parts[depth:])
    return False


def has_names(body: list[ast.stmt], wanted: list[str]) -> bool:
    if not wanted:
        return True
    for node in body:
        if wanted[0] in defined_by(node):
            inside = node.body if isinstance(node, ast.ClassDef) else []
            return has_names(inside, wanted[1:])
    return False


def defined_by(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []
