"""The few harmless HTML tags that models write inside text; every other tag stays text."""

import re

from markdown_it.rules_inline import StateInline

PAIRED = ("sub", "sup", "kbd", "mark", "u")
OPENING = re.compile(rf"<({'|'.join(PAIRED)})>", re.IGNORECASE)
BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
COMMENT = re.compile(r"<!--(?!-?>).*?-->", re.DOTALL)
DEEPEST = 4  # of the same tag in itself


def inline_html(state: StateInline, silent: bool) -> bool:
    """`<br>`, a pair such as `<sub>2</sub>`, or a comment, which nobody sees."""
    if state.src[state.pos] != "<":
        return False
    return _break(state, silent) or _comment(state) or _pair(state, silent)


def _break(state: StateInline, silent: bool) -> bool:
    found = BREAK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def _comment(state: StateInline) -> bool:
    if not state.src.startswith("<!--", state.pos) or state.html_terminator_last("-->") < state.pos:
        return False
    found = COMMENT.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    state.pos = found.end()
    return True


def _pair(state: StateInline, silent: bool) -> bool:
    opening = OPENING.match(state.src, state.pos, state.posMax)
    closing = _closing(state, opening[1], opening.end()) if opening else None
    if not opening or not closing:
        return False
    if not silent:
        tag, end = opening[1].lower(), state.posMax
        state.push(f"{tag}_open", tag, 1)
        state.pos, state.posMax = opening.end(), closing.start()
        state.md.inline.tokenize(state)
        state.push(f"{tag}_close", tag, -1)
        state.posMax = end
    state.pos = closing.end()
    return True


def _closing(state: StateInline, tag: str, at: int) -> re.Match[str] | None:
    """The closing tag of `<tag>`, past those of the same kind inside it."""
    depth = 1
    for found in re.compile(rf"<(/?){tag}>", re.IGNORECASE).finditer(state.src, at, state.posMax):
        depth += -1 if found[1] else 1
        if depth == 0:
            return found
        if depth > DEEPEST:
            return None
    return None
