"""Closing of what is still open at the end of unfinished Markdown."""

import re

from chatapp.markdown.segments import TABLE_RULE

# Where the inline text that may still be open starts: at the last blank line or item.
BREAK = re.compile(r"\n[ \t]*\n|\n[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+|\|")
MARK = re.compile(r"\\.|`+|\*{1,3}|_{1,3}|~~|\$\$?|[^\\`*_~$]+|.", re.DOTALL)
LINK = re.compile(r"!?\[([^\[\]\n]*)(?:\](?:\([^()\s]*)?)?$")
TABLE_HEAD = re.compile(r"[ ]{0,3}\|.*\|[ \t]*$")
HALF_RULE = re.compile(r"[|:\- \t]*$")


def close_open_marks(text: str) -> str:
    """`text` with what is open at its end closed: emphasis, code, link, table head."""
    text = _close_table(text)
    breaks = [found.end() for found in BREAK.finditer(text)]
    start = breaks[-1] if breaks else 0
    return text[:start] + _close_inline(text[start:])


def _close_table(text: str) -> str:
    head, _newline, rest = text.partition("\n")
    if not TABLE_HEAD.match(head) or "\n" in rest or not HALF_RULE.match(rest):
        return text
    if TABLE_RULE.match(rest) and rest.count("|") >= head.count("|"):
        return text
    return f"{head}\n{'|---' * (head.strip().count('|') - 1)}|\n"


def _close_inline(text: str) -> str:
    text = LINK.sub(_link_text, text)
    open_marks: list[str] = []
    pieces = MARK.findall(text)
    for at, piece in enumerate(pieces):
        if open_marks and open_marks[-1][0] in "`$":
            if piece == open_marks[-1]:
                open_marks.pop()
        elif piece in open_marks:
            open_marks.remove(piece)
        elif piece[0] in "`*_~" and _opens(pieces, at):
            open_marks.append(piece)
    return _close(text, open_marks)


def _link_text(found: re.Match[str]) -> str:
    return found[1]


def _opens(pieces: list[str], at: int) -> bool:
    """Whether a mark is followed by text, and a `_` isn't inside a word."""
    after = pieces[at + 1][:1] if at + 1 < len(pieces) else ""
    before = pieces[at - 1][-1:] if at else " "
    if pieces[at][0] == "`":
        return True
    return bool(after.strip()) and not (pieces[at][0] == "_" and before.isalnum())


def _close(text: str, open_marks: list[str]) -> str:
    body = text.rstrip(" \t\n")
    if open_marks and body.endswith(open_marks[-1]):
        return body[: -len(open_marks[-1])] + "".join(reversed(open_marks[:-1]))
    if not open_marks:
        return _drop_marks(text)
    return _drop_marks(body) + "".join(reversed(open_marks))


def _drop_marks(text: str) -> str:
    """A mark that just arrived has no meaning yet; showing it would flicker."""
    return re.sub(r"(?<=[\s(])[*~]{1,3}$", "", text)
