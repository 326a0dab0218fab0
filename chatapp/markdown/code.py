"""Highlights code with a small, fixed set of classes (see static/css/code.css)."""

import re
from functools import lru_cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from chatapp.markdown.sanitizer import clean

HIGHLIGHTED_PARTS = 16  # of one code block; the rest of a huge one stays plain

CLASSES: dict[_TokenType, str] = {
    Token.Comment: "c",
    Token.Comment.Preproc: "k",
    Token.Keyword: "k",
    Token.Keyword.Constant: "m",
    Token.Keyword.Type: "t",
    Token.Operator.Word: "k",
    Token.Name.Function: "f",
    Token.Name.Class: "t",
    Token.Name.Builtin: "b",
    Token.Name.Builtin.Pseudo: "m",
    Token.Name.Decorator: "d",
    Token.Name.Tag: "k",
    Token.Name.Attribute: "d",
    Token.Name.Variable: "b",
    Token.Name.Exception: "t",
    Token.Literal.String: "s",
    Token.Literal.Number: "m",
    Token.Literal.Date: "m",
    Token.Generic.Inserted: "gi",
    Token.Generic.Deleted: "gd",
    Token.Generic.Heading: "h",
    Token.Generic.Subheading: "h",
    Token.Generic.Prompt: "c",
    Token.Generic.Output: "c",
}
ALIASES = {"jsonc": "json5", "svg": "xml", "kt": "kotlin", "patch": "diff"}
# Pygments has 500 lexers, and some never end on a page of empty lines. These were measured: a part
# of a block takes a third of a second at most, whatever is in it.
HIGHLIGHTED = frozenset(
    [
        "asm",
        "awk",
        "bash",
        "batch",
        "c",
        "clojure",
        "cmake",
        "common-lisp",
        "console",
        "cpp",
        "csharp",
        "css",
        "dart",
        "diff",
        "docker",
        "elixir",
        "elm",
        "erlang",
        "fortran",
        "fsharp",
        "go",
        "graphql",
        "groovy",
        "haskell",
        "html",
        "html+django",
        "http",
        "ini",
        "irc",
        "java",
        "javascript",
        "json",
        "json5",
        "jsx",
        "julia",
        "kotlin",
        "latex",
        "less",
        "lua",
        "make",
        "markdown",
        "matlab",
        "mysql",
        "nasm",
        "nginx",
        "nix",
        "objective-c",
        "ocaml",
        "pascal",
        "perl",
        "php",
        "postgresql",
        "powershell",
        "prolog",
        "protobuf",
        "pycon",
        "python",
        "r",
        "restructuredtext",
        "ruby",
        "rust",
        "sass",
        "scala",
        "scheme",
        "scss",
        "sed",
        "solidity",
        "sql",
        "svelte",
        "swift",
        "tcl",
        "terraform",
        "text",
        "toml",
        "tsx",
        "typescript",
        "vbnet",
        "verilog",
        "vhdl",
        "vim",
        "vue",
        "wast",
        "xml",
        "yaml",
        "zig",
    ]
)
# Time is quadratic in the first for some of them, and in the second for others. Code that people
# write has neither: the lines of 3,000 characters are a hundred.
LONGEST_LINE, MOST_LINES = 1_000, 400
LANGUAGE = re.compile(r"[\w+#.-]{1,30}")


@lru_cache(maxsize=256)
def _class_of(kind: _TokenType) -> str:
    while kind is not Token and kind not in CLASSES:
        kind = kind.parent or Token
    return CLASSES.get(kind, "")


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    name = ALIASES.get(language.lower(), language.lower())
    try:
        lexer = get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return None if HIGHLIGHTED.isdisjoint(lexer.aliases) else lexer


def language_of(info: str) -> str:
    """The language a fence names (`python {1,3}` -> `python`), or nothing."""
    found = LANGUAGE.match(info.strip().lstrip("{."))
    return found[0] if found else ""


def highlight(source: str, language: str) -> str:
    """Escaped HTML of `source`; unknown languages, and what takes too long, stay plain."""
    lexer = _lexer(language) if language and not _takes_long(source) else None
    if lexer is None:
        return escape(source, quote=False)
    spans: list[list[str]] = []
    for kind, value in lexer.get_tokens(source):
        name = _class_of(kind)
        if spans and (spans[-1][0] == name or value.isspace()):
            spans[-1][1] += value
        else:
            spans.append([name, value])
    return "".join(_span(name, value) for name, value in spans)


def _takes_long(source: str) -> bool:
    lines = source.split("\n")
    return len(lines) > MOST_LINES or max(map(len, lines)) > LONGEST_LINE


def _span(name: str, value: str) -> str:
    text = escape(value, quote=False)
    return f'<span class="{name}">{text}</span>' if name else text


def frame(body: str, language: str, part: int = 0) -> str:
    """The block around highlighted code; its head leaves room for a copy button."""
    name = escape(language)
    head = f'<div class="code-head"><span class="code-lang">{name}</span></div>'
    if part:
        head = ""
    return (
        f'<div class="code{" continues" if part else ""}" data-lang="{name}">{head}'
        f'<pre tabindex="0"><code class="highlight">{body}</code></pre></div>\n'
    )


def code_block(source: str, info: str, part: int = 0) -> str:
    language = language_of(info)
    body = highlight(source, language if part < HIGHLIGHTED_PARTS else "")
    return frame(body, language, part)


class IncrementalHighlighter:
    """Highlights code that grows, at a cost linear in its size.

    New lines are coloured by themselves, and all of it again whenever it has
    doubled; so a line inside a long string may look wrong until then.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._body = ""
        self._seen = 0
        self._redo_at = 256

    def html(self, source: str) -> str:
        """Sanitised HTML of `source`, which starts with what it was before."""
        end = source.rfind("\n") + 1
        if end >= self._redo_at:
            self._body, self._redo_at = clean(highlight(source[:end], self._language)), 2 * end
        elif end > self._seen:
            self._body += clean(highlight(source[self._seen : end], self._language))
        self._seen = end
        return self._body + escape(source[end:], quote=False)
