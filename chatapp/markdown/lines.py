r"""What one line of Markdown starts or ends, as far as the line alone can tell."""

import re

HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$")
FOOTNOTE = re.compile(r"\[\^([\w-]{1,40})\]:[ \t]*")
MARKER = re.compile(r"[ \t]*(?:[-+*]|(\d{1,9})([.)]))(?=[ \t]|$)[ \t]{0,5}")
TABLE_RULE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
DETAILS = re.compile(r" {0,3}<details(?:\s+open(?:=\"\w*\")?)?\s*>", re.IGNORECASE)
FOLD = re.compile(r"<(/?)details\b[^<>]*>", re.IGNORECASE)
MATH = re.compile(r" {0,3}(?=\$\$|\\\[|\\begin\{)")
ENVIRONMENT = re.compile(
    r"\\begin\{((?:align|alignat|aligned|alignedat|flalign|gather|gathered|multline|equation|split"
    r"|eqnarray|cases|dcases|rcases|array|[bBpvV]?matrix|smallmatrix)\*?)\}"
)


def indent_of(line: str) -> int:
    expanded = line[:64].expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def starts_block(bare: str) -> bool:
    """Whether a line ends the paragraph before it."""
    matches = HEADING.match(bare) or FENCE.match(bare) or DETAILS.match(bare)
    return bool(matches or closing_of_math(bare))


def content_column(marker: re.Match[str]) -> int:
    """Where text after a list marker starts; code indented after it counts one space."""
    width = len(marker[0].expandtabs(4))
    bare = len(marker[0].rstrip(" \t"))
    return bare + 1 if width - bare > 4 or width == bare else width


def closes_fence(bare: str, fence: str) -> bool:
    mark = bare.strip(" \t")
    return len(mark) >= len(fence) and not mark.strip(fence[0]) and indent_of(bare) < 4


def closing_of_math(bare: str) -> str:
    """What ends the display formula that starts this line, or nothing where none does."""
    opening = MATH.match(bare)
    if not opening:
        return ""
    line = bare[opening.end() :]
    if line.startswith("$$"):
        return "$$"
    if line.startswith(r"\["):
        return "" if r"\]" in line.rstrip(" \t")[:-2] else r"\]"
    found = ENVIRONMENT.match(line)
    return rf"\end{{{found[1]}}}" if found else ""


def closes_math(bare: str, closing: str, first: bool) -> bool:
    body = bare.strip(" \t")
    return body.endswith(closing) and not (first and closing == "$$" and len(body) <= 4)


def folds(bare: str) -> int:
    """How many `<details>` a line opens, less those it closes."""
    return sum(-1 if found[1] else 1 for found in FOLD.finditer(bare))
