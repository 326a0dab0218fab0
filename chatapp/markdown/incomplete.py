"""Closing of what is still open at the end of unfinished Markdown."""

import re

from chatapp.markdown.cjk import flanks, is_cjk
from chatapp.markdown.inline_html import PAIRED
from chatapp.markdown.lines import MARKER, TABLE_RULE

# Where the inline text that may still be open starts: at the last blank line or item.
BREAK = re.compile(r"\n[ \t]*\n|\n[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+")
CELL_BREAK = re.compile(rf"{BREAK.pattern}|\|")
LITERAL = "\\"  # before a mark that is shown as it is until it is closed; twice: that may go on
TAGS = "|".join(PAIRED)
MARK = re.compile(
    rf"\\[(\[]|\\.|`+|\*+|_+|~~|\$\$?|</?(?:{TAGS})>|[^\\`*_~$<]+|.", re.DOTALL | re.IGNORECASE
)
LINK = re.compile(r"!?\[(?!!)([^\[\]\n]*)(?:\](?:\([^()\s]*)?)?$")
TABLE_START = re.compile(r"[ ]{0,3}\|.*[^|\s]")
TABLE_HEAD = re.compile(r"[ ]{0,3}\|.*\|[ \t]*$")
HALF_RULE = re.compile(r"[|:\- \t]*$")
# A last line that may become a heading, a rule, an item, a table or an alert, or none of them.
UNDECIDED = re.compile(
    r"([ \t>]*)(?:(?:[-=*_+#|:`~<\[\]!]|\[[xX]|\d{1,9}[.)])[ \t]*)+$|([ \t]*>[ \t>]*)\[!?[A-Za-z]*$"
)
HALF_NUMBER = re.compile(r"[ \t]*\d{1,9}$")
NAMES = sorted({tag[:n] for tag in (*PAIRED, "br", "details") for n in range(len(tag) + 1)})
HALF_TAG = re.compile(
    rf"<(?:/?(?:{'|'.join(NAMES)})|(?:br|details)[ \t][^<>]*|br/|!-?)$", re.IGNORECASE
)
REACH = 300  # characters looked back for one of these
HALF_CLOSED = re.compile(r"(?<![\\$])\$$|(?<![\\_])_+$")
# An address that may go on is no link yet; what it is told by is escaped.
HALF_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9])(https?:|www)(?=[/.])([^\s\u3000-\u303f\uff00-\uff65]*)$"
    r"|([A-Za-z0-9.+_-])(@[A-Za-z0-9._-]*)$"
)


def close_open_marks(text: str) -> str:
    """`text` with what is open at its end closed, or left out where it can't be told yet."""
    text = _hide_undecided(_close_table(text))
    breaks = CELL_BREAK if "|" in text.partition("\n")[0] else BREAK
    start = max((found.end() for found in breaks.finditer(text)), default=0)
    return text[:start] + _close_inline(text[start:])


def _close_table(text: str) -> str:
    head, newline, rest = text.partition("\n")
    if not newline and TABLE_START.match(head):
        head = head.rstrip().removesuffix("|") + "|"
    if not TABLE_HEAD.match(head) or "\n" in rest or not HALF_RULE.match(rest):
        return text
    if _is_rule(rest, head):
        return text
    return f"{head}\n{'|---' * _columns(head)}|\n"


def _is_rule(line: str, head: str) -> bool:
    return bool(TABLE_RULE.match(line)) and "|" in line and _columns(line) == _columns(head)


def _columns(row: str) -> int:
    return row.strip().strip("|").count("|") + 1


def _hide_undecided(text: str) -> str:
    before, newline, line = text.rpartition("\n")
    found = UNDECIDED.match(line)
    if found and not _is_rule(line, before.rpartition("\n")[2]):
        return before + newline + (found[1] or found[2] or "")
    return before + newline if HALF_NUMBER.match(line) and MARKER.match(text) else text


def _close_inline(text: str) -> str:
    text = LINK.sub(_link_text, text)
    marks, formula = _open_marks(text)
    if formula is not None:
        text = text[:formula] + _as_code(text[formula:])
    elif not marks or marks[-1][0] != "`":
        text = _close_half(text)
    return _close(text, marks)


def _close_half(text: str) -> str:
    """`text` without the tag, link or closing mark that its end may be the beginning of."""
    comment = text.rfind("<!--")
    if comment >= 0 and "-->" not in text[comment:]:
        text = text[:comment]
    text, end = text[:-REACH], text[-REACH:]
    end = HALF_ADDRESS.sub(_escaped_address, HALF_TAG.sub("", end))
    return text + HALF_CLOSED.sub(_escaped, end)


def _open_marks(text: str) -> tuple[list[str], int | None]:
    r"""The marks that are open at the end of `text`, and where a `\(` or `\[` was left open."""
    marks: list[str] = []
    skip = 0
    for found in MARK.finditer(text):
        piece, start, end = found[0], found.start(), found.end()
        if start < skip:
            continue
        if marks and marks[-1][0] == "`":
            if piece == marks[-1]:
                marks.pop()
        elif piece in {r"\(", r"\["}:
            closing = text.find(r"\)" if piece == r"\(" else r"\]", end)
            if closing < 0:
                return marks, start
            skip = closing + 2
        elif piece[0] == "<" and len(piece) > 1:
            _note_tag(piece.lower(), marks)
        elif piece[0] in "*~`":
            _note_mark(piece, text[start - 1 : start] or " ", text[end : end + 1], marks)
    return marks, None


def _note_tag(tag: str, marks: list[str]) -> None:
    closing = tag if tag[1] == "/" else f"</{tag[1:]}"
    if tag != closing:
        marks.append(closing)
    elif closing in marks:
        marks.remove(closing)


def _note_mark(piece: str, before: str, after: str, marks: list[str]) -> None:
    if piece[0] == "`":
        if not (_is_word(before) and _is_word(after)):
            marks.append(piece)
        return
    if piece == "~" and after:
        return
    count = len(piece)
    if flanks(after or " ", before):
        count = _close_marks(piece, bool(after), marks)
    if count and not after:
        marks.append(LITERAL * 2 + piece[0] * count)
    elif count and flanks(before, after):
        marks.append(("" if _styles(before, after) else LITERAL) + piece[0] * count)


def _close_marks(piece: str, complete: bool, marks: list[str]) -> int:
    """Close what `piece` closes, innermost first; how many of its signs are left."""
    count = len(piece)
    for at in range(len(marks) - 1, -1, -1):
        literal = LITERAL if marks[at].startswith(LITERAL) else ""
        length = len(marks[at]) - len(literal)
        if marks[at][len(literal)] != piece[0] or count < length and not complete:
            continue
        left = max(length - count, 0)
        marks[at : at + 1] = [literal + piece[0] * left] if left else []
        count -= length - left
        if not count:
            break
    return count


def _styles(before: str, after: str) -> bool:
    """Whether an open mark styles what follows: not inside a word, nor beside a digit."""
    return not (before.isdigit() or after.isdigit() or (_is_word(before) and _is_word(after)))


def _is_word(char: str) -> bool:
    return char.isalnum() and not is_cjk(char)


def _link_text(found: re.Match[str]) -> str:
    return found[1]


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\{char}" for char in found[0])


def _escaped_address(found: re.Match[str]) -> str:
    return rf"{found[1] or found[3]}\{found[2] or found[4]}"


def _as_code(latex: str) -> str:
    return f"``` {latex} ```" if "```" not in latex else latex


def _close(text: str, marks: list[str]) -> str:
    dangling = marks.pop().lstrip(LITERAL) if marks and marks[-1].startswith(LITERAL * 2) else ""
    marks = [mark for mark in marks if not mark.startswith(LITERAL)]
    if not marks:
        return _drop_marks(text)
    body = text.rstrip(" \t\n")
    if marks[-1][0] == "`" and body.endswith(marks[-1]):
        return body[: -len(marks[-1])] + "".join(reversed(marks[:-1]))
    if dangling and dangling[0] == marks[-1][0]:
        body = body.removesuffix(dangling)
    return _drop_marks(body) + "".join(reversed(marks))


def _drop_marks(text: str) -> str:
    """A mark that just arrived behind no word has no meaning yet; showing it would flicker."""
    body = text.rstrip("*~")
    behind_word = bool(body) and (_is_word(body[-1]) or body[-1] in "\\*~")
    return text if behind_word or len(text) - len(body) > 3 else body
