"""Excerpts of search results with <mark>. All text is escaped."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

CHARACTERS_BEFORE, CHARACTERS_AFTER = 60, 140


def excerpt(text: str, words: list[str]) -> SafeString:
    """The text around the first match, on one line."""
    first = pattern(words).search(text)
    position = first.start() if first else 0
    start, end = max(0, position - CHARACTERS_BEFORE), position + CHARACTERS_AFTER
    text_around = " ".join(text[start:end].split())
    if start and " " in text_around:
        text_around = "… " + text_around.split(" ", 1)[1]
    if end < len(text):
        text_around = text_around.rsplit(" ", 1)[0] + " …"
    return highlight(text_around, words)


def highlight(text: str, words: list[str]) -> SafeString:
    """The escaped text, with <mark> around each match."""
    html, rest = "", 0
    for found in pattern(words).finditer(text) if words else ():
        html += f"{escape(text[rest : found.start()])}<mark>{escape(found[0])}</mark>"
        rest = found.end()
    return mark_safe(html + escape(text[rest:]))  # noqa: S308 - each part is escaped above


def pattern(words: list[str]) -> re.Pattern[str]:
    """Matches at the beginning of a word; anywhere in a script without spaces."""
    alternatives = "|".join(
        ("" if word > "\u0e00" else r"(?<![^\W_])") + re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    )
    return re.compile(alternatives, re.IGNORECASE)
