"""Cuts growing Markdown into segments that no later text can change.

A segment is one or more whole Markdown blocks, decided line by line from what
came before and never from what comes after; so the cuts don't depend on how
the text arrived. The rules, for lines outside any list:

- a heading is a segment; a fence runs to its closing line, display maths to
  what closes it or a blank line, `<details>` to its `</details>`;
- a paragraph, table or quote (whatever they contain) runs to a blank line or
  the first line that starts a heading, fence, display maths or `<details>`;
- a list, footnote or indented code runs on over blank lines, until a line that
  is neither indented into it nor another item.

What is longer than the limits below is cut at a line (a list at an item, a
table with its head repeated), so that a growing segment stays small.
"""

from dataclasses import dataclass, field, replace
from enum import Enum
from re import Match

from chatapp.markdown.lines import (
    DETAILS,
    FENCE,
    FOOTNOTE,
    HEADING,
    MARKER,
    TABLE_RULE,
    closes_fence,
    closes_math,
    closing_of_math,
    content_column,
    folds,
    indent_of,
    starts_block,
)

LINE_LIMIT = 8_000  # characters; a longer line is treated as several
CODE_LIMIT = 3_000
LIST_LIMIT = 4_000
TEXT_LIMIT = 8_000
HARD_LIMIT = 16_000  # for what can't be cut well, such as one enormous list item

Kind = Enum("Kind", "NONE TEXT LIST INDENTED FOOTNOTE FENCE MATH HEADING DETAILS")
RUNS_OVER_BLANKS = {Kind.LIST, Kind.INDENTED, Kind.FOOTNOTE}


@dataclass(slots=True)
class Segment:
    """What is rendered in one go; `part` counts the cuts of a long block."""

    kind: Kind = Kind.NONE
    lines: list[str] = field(default_factory=list)
    size: int = 0
    items: list[int] = field(default_factory=list)  # lines where top-level items start
    part: int = 0
    closed: bool = False
    fence: str = ""  # what closes a fence or display maths; the fence open inside <details>
    info: str = ""
    depth: int = 0  # of <details> in each other
    content: int = 0  # column where a list item's own text starts
    number: int | None = None  # of the newest ordered item
    start: int | None = None  # what a continued ordered list counts from

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.size += len(line)


class Segmenter:
    """Takes lines, gives finished segments; `current` is the one still growing."""

    def __init__(self) -> None:
        self.current = Segment()
        self._gap = False
        self._mid_line = False

    def copy(self) -> "Segmenter":
        twin = Segmenter()
        twin.current = replace(
            self.current, lines=self.current.lines.copy(), items=self.current.items.copy()
        )
        twin._gap, twin._mid_line = self._gap, self._mid_line
        return twin

    def push(self, line: str) -> list[Segment]:
        """Take one line; only its last piece, or the last line of all, lacks the newline."""
        done: list[Segment] = []
        if self._mid_line:
            self._append(line, done)
        else:
            self._push_line(line, line.rstrip("\n"), done)
        self._mid_line = not line.endswith("\n")
        return done

    def flush(self) -> list[Segment]:
        done: list[Segment] = []
        self._end(done)
        return done

    def _push_line(self, line: str, bare: str, done: list[Segment]) -> None:
        kind = self.current.kind
        if kind is Kind.FENCE:
            self._push_fenced(line, bare, done)
        elif kind is Kind.DETAILS:
            self._push_folded(line, bare, done)
        elif not bare.strip(" \t"):
            self._push_blank(line, done)
        elif kind is Kind.NONE or self._leaves(bare):
            self._end(done)
            self._start(line, bare, done)
        else:
            self._continue(line, bare, done)

    def _push_fenced(self, line: str, bare: str, done: list[Segment]) -> None:
        if closes_fence(bare, self.current.fence):
            self.current.closed = True
            self._end(done)
        else:
            self._append(line, done)

    def _push_folded(self, line: str, bare: str, done: list[Segment]) -> None:
        """A line of <details>: any block may stand in it, and tags in its code don't count."""
        segment, opening = self.current, FENCE.match(bare)
        if segment.fence:
            segment.fence = "" if closes_fence(bare, segment.fence) else segment.fence
        elif opening:
            segment.fence = opening[2]
        else:
            segment.depth += folds(bare)
        segment.closed = segment.depth <= 0
        self._append(line, done)
        if segment.closed and segment is self.current:
            self._end(done)

    def _push_blank(self, line: str, done: list[Segment]) -> None:
        if self.current.kind in RUNS_OVER_BLANKS:
            self._gap = True
            self._append(line, done)
        else:
            self._end(done)

    def _leaves(self, bare: str) -> bool:
        """Whether this line certainly belongs to no block of the current segment."""
        segment, indent = self.current, indent_of(bare)
        if segment.kind is Kind.MATH:
            return False
        if segment.kind is Kind.INDENTED:
            return indent < 4
        if segment.kind is Kind.TEXT:
            return starts_block(bare)
        if indent >= segment.content:
            return False
        if segment.kind is Kind.LIST and MARKER.match(bare):
            return False
        return self._gap or starts_block(bare) or bool(FOOTNOTE.match(bare))

    def _start(self, line: str, bare: str, done: list[Segment]) -> None:
        segment = self.current
        fence = FENCE.match(bare)
        if fence:
            segment.kind, segment.fence, segment.info = Kind.FENCE, fence[2], fence[3].strip()
            segment.content = len(fence[1])
            return
        segment.kind, segment.fence = _kind_of(bare), closing_of_math(bare)
        segment.content = 2 if segment.kind is Kind.FOOTNOTE else 0
        if segment.kind is Kind.DETAILS:
            self._push_folded(line, bare, done)
        else:
            self._continue(line, bare, done)

    def _continue(self, line: str, bare: str, done: list[Segment]) -> None:
        segment = self.current
        marker = MARKER.match(bare)
        if marker and segment.kind in {Kind.TEXT, Kind.LIST}:
            self._item(marker, bare, done)
        self._gap = False
        self._append(line, done)
        first = len(segment.lines) == 1
        ends_math = segment.kind is Kind.MATH and closes_math(bare, segment.fence, first)
        if ends_math or segment.kind is Kind.HEADING:
            self._end(done)

    def _item(self, marker: Match[str], bare: str, done: list[Segment]) -> None:
        """Enter a list, or step to its next top-level item, where a long list is cut."""
        segment = self.current
        if segment.kind is Kind.LIST and indent_of(bare) >= segment.content:
            return
        number = int(marker[1]) if marker[1] else None
        if number is not None and segment.number is not None:
            number = segment.number + 1
        if segment.kind is Kind.LIST and segment.size > LIST_LIMIT:
            self._cut(done)
            self.current.start = number
        self.current.kind, self.current.number = Kind.LIST, number
        self.current.items.append(len(self.current.lines))
        self.current.content = max(indent_of(bare) + 2, content_column(marker))

    def _append(self, line: str, done: list[Segment]) -> None:
        segment = self.current
        if segment.kind is Kind.NONE:
            segment.kind = Kind.TEXT
        segment.add(line)
        if segment.kind is Kind.FENCE and segment.size > CODE_LIMIT:
            self._cut(done)
        elif segment.kind is Kind.TEXT and segment.size > TEXT_LIMIT:
            self._cut_text(done)
        elif segment.size > HARD_LIMIT:
            self._end(done)

    def _cut_text(self, done: list[Segment]) -> None:
        lines = self.current.lines
        head = lines[:2] if len(lines) > 2 and "|" in lines[0] else []
        if head and TABLE_RULE.match(lines[1].rstrip("\n")) and sum(map(len, head)) < 1_000:
            self._cut(done)
            for line in head:
                self.current.add(line)
        else:
            self._end(done)

    def _cut(self, done: list[Segment]) -> None:
        """End this part of a block and go on with its next part."""
        cut = self.current
        done.append(cut)
        self.current = replace(cut, lines=[], items=[], size=0, part=cut.part + 1)

    def _end(self, done: list[Segment]) -> None:
        if self.current.kind is not Kind.NONE:
            done.append(self.current)
        self.current, self._gap = Segment(), False


def _kind_of(bare: str) -> Kind:
    if indent_of(bare) >= 4:
        return Kind.INDENTED
    if HEADING.match(bare):
        return Kind.HEADING
    if closing_of_math(bare):
        return Kind.MATH
    if DETAILS.match(bare):
        return Kind.DETAILS
    return Kind.FOOTNOTE if FOOTNOTE.match(bare) else Kind.TEXT
