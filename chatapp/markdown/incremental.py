"""Cuts a list or table that still grows into parts, so that each is rendered once.

Only for the time it grows: the finished segment is rendered as a whole.
"""

import re

from chatapp.markdown.lines import TABLE_RULE
from chatapp.markdown.segments import Kind, Segment
from chatapp.markdown.tables import is_too_large

JOINT = re.compile(
    r'</[uo]l>\n<[uo]l[^>]*"continues"[^>]*>\n'
    r'|</tbody>\n</table></div>\n<div class="table".*?<tbody>\n',
    re.DOTALL,
)


def parts_of(segment: Segment) -> list[str]:
    """Markdown whose HTML, joined by `join`, looks like that of the segment."""
    lines = segment.lines
    if segment.kind is Kind.LIST and all(line.strip() for line in lines):
        return _between(lines, segment.items[1:])
    maybe_table = segment.kind is Kind.TEXT and len(lines) > 3 and "|" in lines[0]
    if maybe_table and TABLE_RULE.match(lines[1].rstrip("\n")):
        if is_too_large(lines[1], len(lines)):
            return [segment.text]
        return [lines[0] + lines[1] + row for row in lines[2:]]
    return [segment.text]


def join(parts: list[str]) -> str:
    return JOINT.sub("", "".join(parts)) if len(parts) > 1 else "".join(parts)


def _between(lines: list[str], cuts: list[int]) -> list[str]:
    starts, ends = [0, *cuts], [*cuts, len(lines)]
    return ["".join(lines[a:b]) for a, b in zip(starts, ends, strict=True)]
