"""Word diff of an answer and its correction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# The time of a comparison grows with the square of the tokens: longer texts are compared by line.
MAX_TOKENS = 3_000


def diff(original: str, corrected: str) -> SafeString:
    """Return safe HTML: <del> for deletions, <ins> for insertions, the rest unchanged."""
    old, new = tokens(original), tokens(corrected)
    if max(len(old), len(new)) > MAX_TOKENS:
        old, new = original.splitlines(True), corrected.splitlines(True)
    return format_html_join("", "{}", ((part,) for part in changes(old, new)))


def tokens(text: str) -> list[str]:
    return WORDS.findall(text)


def changes(old: list[str], new: list[str]) -> Iterator[SafeString | str]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "".join(old[a:b])
            continue
        if deleted := "".join(old[a:b]):
            yield format_html("<del>{}</del>", deleted)
        if inserted := "".join(new[c:d]):
            yield format_html("<ins>{}</ins>", inserted)
