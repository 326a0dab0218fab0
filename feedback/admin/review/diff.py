"""What a corrected answer changes, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing takes up to the square of the parts: longer texts are compared by the line.
MOST_WORDS = 3_000


def diff(original: str, corrected: str) -> SafeString:
    """Safe HTML: <del> for what went, <ins> for what came, the rest as it is."""
    old, new = parts(original), parts(corrected)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = original.splitlines(True), corrected.splitlines(True)
    return format_html_join("", "{}", ((piece,) for piece in pieces(old, new)))


def parts(text: str) -> list[str]:
    return WORDS.findall(text)


def pieces(old: list[str], new: list[str]) -> Iterator[SafeString | str]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "".join(old[a:b])
            continue
        if gone := "".join(old[a:b]):
            yield format_html("<del>{}</del>", gone)
        if come := "".join(new[c:d]):
            yield format_html("<ins>{}</ins>", come)
