r"""Where a formula starts and ends: `$…$`, `\(…\)`, `\[…\]` and bare environments.

Dollars and escaped brackets stand in prose and shell too, so what they enclose
is looked at before it becomes a formula.
"""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath.index import math_inline_dollar

from chatapp.markdown.cjk import is_cjk
from chatapp.markdown.lines import closing_of_math

COMMAND = re.compile(r"\\[A-Za-z]+(?:\{[^{}]*\})*")
LETTERS = r"[^\W\d_]"
# After `$` and a digit: a word of two letters or more, an abbreviation, or any CJK letter.
PRICED = re.compile(rf"(?<!\w){LETTERS}{{2,}}|{LETTERS}\.\s?{LETTERS}\.")
WORD = re.compile(rf"(?<![A-Za-z]){LETTERS}[^\W\d_A-Z]{{2,}}")
SIGN = re.compile(r"[\\^_=+<>|{}*/]")
NTH = re.compile(r"th\b")
CITED = re.compile(r"\d[\d\s,;–-]*|[xX]")
CLOSINGS = {r"\(": r"\)", r"\[": r"\]"}

_dollars = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


def dollars(state: StateInline, silent: bool) -> bool:
    """`$x$` and `$$x$$` of a formula; dollars of a price, a shell or PHP stay text."""
    start = state.pos
    if state.src[start] != "$" or not _dollars(state, True):
        return False
    end, state.pos = state.pos, start
    if not state.src.startswith("$$", start) and _is_text(state.src, start, end):
        return False
    return _dollars(state, silent)


def _is_text(src: str, start: int, end: int) -> bool:
    before, after, content = src[start - 1 : start], src[end : end + 1], src[start + 1 : end - 1]
    if _is_word(before):
        return True
    if _is_word(after) or after in {"(", "{", "_"}:
        return not NTH.match(src, end)
    bare = COMMAND.sub("", content)
    return content[0].isdigit() and bool(PRICED.search(bare) or any(map(is_cjk, bare)))


def _is_word(char: str) -> bool:
    return char.isalnum() and not is_cjk(char)


def brackets(state: StateInline, silent: bool) -> bool:
    r"""`\(x\)` and `\[x\]`, which models write as often as dollars."""
    opening = state.src[state.pos : state.pos + 2]
    closing = CLOSINGS.get(opening)
    end = state.src.find(closing, state.pos + 2, state.posMax) if closing else -1
    if end < 0 or _is_escaped(state.src, state.pos, end):
        return False
    if not silent:
        token = state.push("math_inline_double" if opening == r"\[" else "math_inline", "math", 0)
        token.content = state.src[state.pos + 2 : end]
    state.pos = end + 2
    return True


def _is_escaped(src: str, start: int, end: int) -> bool:
    r"""Whether `src[start : end + 2]`, such as `\[1\]`, is text between escaped brackets."""
    content, square = src[start + 2 : end], src[start + 1] == "["
    if not content.strip() or _is_word(src[start - 1 : start]):
        return True
    if square and (CITED.fullmatch(content) or src.startswith(("(", "["), end + 2)):
        return True
    return not SIGN.search(content) and bool(WORD.search(content) or any(map(is_cjk, content)))


def display(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""`\[…\]` or a bare environment over whole lines, which no list or heading interrupts."""
    if state.is_code_block(start):
        return False
    lines = [_line(state, start)]
    closing = closing_of_math(lines[0])
    unclosed = state.env.setdefault("unclosed", {})  # up to which line there is no such closing
    if closing in {"", "$$"} or start < unclosed.get(closing, 0):
        return False
    while not lines[-1].rstrip().endswith(closing):
        at = start + len(lines)
        if at >= end or state.isEmpty(at) or state.sCount[at] < state.blkIndent:
            unclosed[closing] = at
            return False
        lines.append(_line(state, at))
    source = "\n".join(lines).rstrip()
    if closing == r"\]":
        if _is_escaped(source, 0, len(source) - 2):
            return False
        source = source[2:-2]
    if not silent:
        token = state.push("math_block", "math", 0)
        token.content, token.map = source, [start, start + len(lines)]
    state.line = start + len(lines)
    return True


def _line(state: StateBlock, at: int) -> str:
    return state.src[state.bMarks[at] + state.tShift[at] : state.eMarks[at]]
