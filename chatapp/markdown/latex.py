r"""LaTeX to MathML by math-core; what it refuses is shown as its source.

math-core is strict: an unknown command or environment is an error. It silently
drops what has no meaning where it stands (`\\` outside an environment, `[4pt]`
after it), so those are rewritten before.
"""

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from math_core import LatexToMathML

SIZE_LIMIT = 4_000
DEPTH_LIMIT = 20
OPENING = re.compile(r"[{(\[^_]|\\(?:left|begin|sqrt|frac)")
TOKEN = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}|\\.|[{}&]", re.DOTALL)
LENGTH = r"-?\d*\.?\d+\s*(?:pt|em|ex|mm|cm|in|mu|px|pc|bp)"
REWRITES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in [
        (r"(?<!\\)((?:\\\\)*)\\\\\*?[ \t]*\[\s*" + LENGTH + r"\s*\]", r"\1\\\\ "),
        (r"\\\\\s*(?=\\end\b)|\\\\\s*\Z", ""),
        (r"\\(left|right|middle|[bB]igg?[lrm]?)\s*<", r"\\\1\\langle "),
        (r"\\(left|right|middle|[bB]igg?[lrm]?)\s*>", r"\\\1\\rangle "),
        (r"\\[mh]box\b", r"\\text"),
        (r"\\substack\s*\{((?:[^{}]|\{[^{}]*\})*)\}", r"\\begin{subarray}{c}\1\\end{subarray}"),
        (r"\\label\s*\{[^{}]*\}", ""),
        (r"\\begin\{(aligned|gathered|split|align|gather)\}\s*\[[tcb]\]", r"\\begin{\1}"),
        (r"\\begin\{([bBpvV]?matrix)\*\}\s*\[[lcr]\]", r"\\begin{\1}"),
        (r"\\begin\{(?:x{0,2}alignat\*?|alignedat)\}\s*(?:\{\d+\}|\d)", r"\\begin{align*}"),
        (r"\\end\{(?:x{0,2}alignat\*?|alignedat)\}", r"\\end{align*}"),
        (r"\\(begin|end)\{(?:split|flalign\*?|align)\}", r"\\\1{align*}"),
        (r"\\begin\{eqnarray\*?\}", r"\\begin{array}{rcl}"),
        (r"\\end\{eqnarray\*?\}", r"\\end{array}"),
        (r"\\begin\{smallmatrix\}", r"\\begin{subarray}{c}"),
        (r"\\end\{smallmatrix\}", r"\\end{subarray}"),
        (r"\\(begin|end)\{(gather|multline)\}", r"\\\1{\2*}"),
        (r"\\(begin|end)\{([bBpvV]?matrix)\*\}", r"\\\1{\2}"),
    ]
]
# Environments that fill the line to hold a number; without numbers they are as wide as they are.
UNNUMBERED = [
    (re.compile(r"\\(begin|end)\{align\*\}"), r"\\\1{aligned}"),
    (re.compile(r"\\(begin|end)\{gather\*\}"), r"\\\1{gathered}"),
    (re.compile(r"\\(?:begin|end)\{equation\*?\}"), ""),
]
NUMBERED = re.compile(r"\\begin\{(?:align|gather|multline|equation)\*?\}")
TAG = re.compile(r"\\tag\b")
REFERENCE = re.compile(r"\\eqref\b")  # to an equation that is numbered elsewhere
STYLE = re.compile(r' style="([^"]*)"')
# What math-core styles inline, which the Content-Security-Policy forbids; see static/css/math.css.
STYLE_CLASSES = {
    "text-align: left": "left",
    "text-align: right": "right",
    "padding-left: 0": "flush-start",
    "padding-right: 0": "flush-end",
    "padding-left:1em": "apart",
    "padding-top: 0": "tight",
    "width: 100%": "wide",
    "width: 50%": "half",
    "width: 7.5%": "margin",
} | {
    f"border-{side}: 0.05em {line} currentcolor": f"{line}-{side}"
    for side in ("left", "right", "top", "bottom")
    for line in ("solid", "dashed")
}

# A line as a combining character is as long as a letter; one drawn by CSS is as long as it should be.
REPLACED = {
    '<mo stretchy="true">\u0332</mo>': '<mo class="bar"></mo>',
    "<b>": "<strong>",
    "</b>": "</strong>",
    "<i>": "<em>",
    "</i>": "</em>",
}


@lru_cache(maxsize=512)
def mathml(latex: str, display: bool) -> str:
    """MathML of `latex`, or its source in <code>; never raises."""
    latex = latex.strip()
    if len(latex) > SIZE_LIMIT or _depth(latex) > DEPTH_LIMIT or not latex:
        return _source(latex)
    if REFERENCE.search(latex):
        return _source(latex)
    try:
        html = _converter().convert_with_local_state(_rewritten(latex), displaystyle=display)
    except Exception:  # LatexError, ValueError, and whatever a parser stumbles over
        return _source(latex)
    for name, replacement in REPLACED.items():
        html = html.replace(name, replacement)
    return STYLE.sub(_class, html)


@lru_cache(maxsize=1)
def _converter() -> "LatexToMathML":
    from math_core import LatexToMathML  # imported with the first formula: the start is quicker

    return LatexToMathML(fancy_error=False, allow_unreliable_rendering=True, max_expansions=100)


def _rewritten(latex: str) -> str:
    r"""`latex` in the words that math-core knows, without numbers that nobody asked for."""
    for pattern, replacement in REWRITES:
        latex = pattern.sub(replacement, latex)
    tagged = TAG.search(latex)
    for pattern, replacement in UNNUMBERED if not tagged else ():
        latex = pattern.sub(replacement, latex)
    marks = _outer_marks(latex)
    if marks:
        environment = "aligned" if "&" in marks else "gathered"
        latex = rf"\begin{{{environment}}}{latex}\end{{{environment}}}"
    if tagged and not NUMBERED.search(latex):
        latex = rf"\begin{{equation*}}{latex}\end{{equation*}}"
    return latex


def _outer_marks(latex: str) -> set[str]:
    r"""Which of `\\` and `&` stand outside everything; ValueError for a `\\` in mere braces."""
    inside: list[str] = []
    marks = set()
    for found in TOKEN.finditer(latex):
        mark = found[0]
        if mark == "{" or mark.startswith(r"\begin"):
            inside.append(mark)
        elif inside and (mark == "}" or mark.startswith(r"\end")):
            inside.pop()
        elif mark in {r"\\", "&"} and not inside:
            marks.add(mark)
        elif mark == r"\\" and inside[-1] == "{":
            raise ValueError("a row that ends within braces would be lost")
    return marks


def _class(style: re.Match[str]) -> str:
    names = (STYLE_CLASSES.get(part.strip(), "") for part in style[1].split(";"))
    joined = " ".join(filter(None, names))
    return f' class="{joined}"' if joined else ""


def _depth(latex: str) -> int:
    """How deep braces nest; many commands without braces nest too (`\\sqrt\\sqrt…`)."""
    deepest = depth = 0
    for char in latex:
        depth += (char == "{") - (char == "}")
        deepest = max(deepest, depth)
    return max(deepest, len(OPENING.findall(latex)) // 20)


def _source(latex: str) -> str:
    return f"<code>{escape(latex, quote=False)}</code>"
