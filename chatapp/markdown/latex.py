"""LaTeX -> MathML; what can't be read stays readable as its source."""

import re
from functools import lru_cache
from html import escape

from latex2mathml.converter import convert

SIZE_LIMIT = 2_000
DEPTH_LIMIT = 20
OPENING = re.compile(r"[{(\[^_]|\\(?:left|begin|sqrt|frac)")
# latex2mathml copies what it doesn't know unescaped, so `<` travels under other names.
LESS, MORE = "\ue0f1", "\ue0f2"


@lru_cache(maxsize=512)
def mathml(latex: str, display: bool) -> str:
    """MathML of `latex`, or its source in <code>; never raises."""
    latex = latex.strip()
    if len(latex) > SIZE_LIMIT or _depth(latex) > DEPTH_LIMIT or not latex:
        return _source(latex)
    try:
        named = latex.replace("<", LESS).replace(">", MORE)
        html = convert(named, display="block" if display else "inline")
    except Exception:  # the parser raises whatever it stumbles over, IndexError included
        return _source(latex)
    for name, entity in ((LESS, "&lt;"), (MORE, "&gt;")):
        html = html.replace(f"<mi>{name}</mi>", f"<mo>{entity}</mo>").replace(name, entity)
    return html


def _depth(latex: str) -> int:
    """How deep braces nest; many commands without braces nest too (`\\sqrt\\sqrt…`)."""
    deepest = depth = 0
    for char in latex:
        depth += (char == "{") - (char == "}")
        deepest = max(deepest, depth)
    return max(deepest, len(OPENING.findall(latex)) // 20)


def _source(latex: str) -> str:
    return f"<code>{escape(latex, quote=False)}</code>"
