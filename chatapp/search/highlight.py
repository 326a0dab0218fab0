"""What was found, with some words around it. Everything that people wrote is escaped."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BEFORE, AFTER = 60, 140  # characters


def excerpt(text: str, words: list[str]) -> SafeString:
    """The surroundings of the first word found, on one line."""
    first = pattern(words).search(text)
    place = first.start() if first else 0
    start, end = max(0, place - BEFORE), place + AFTER
    shown = " ".join(text[start:end].split())
    if start and " " in shown:
        shown = "… " + shown.split(" ", 1)[1]
    if end < len(text):
        shown = shown.rsplit(" ", 1)[0] + " …"
    return highlight(shown, words)


def highlight(text: str, words: list[str]) -> SafeString:
    """The text, escaped, with <mark> around what was looked for."""
    html, rest = "", 0
    for found in pattern(words).finditer(text) if words else ():
        html += f"{escape(text[rest : found.start()])}<mark>{escape(found[0])}</mark>"
        rest = found.end()
    return mark_safe(html + escape(text[rest:]))  # noqa: S308 - each part is escaped above


def pattern(words: list[str]) -> re.Pattern[str]:
    """Words at the beginning of a word; anywhere in a script that knows no spaces."""
    each = "|".join(
        ("" if word > "\u0e00" else r"(?<![^\W_])") + re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    )
    return re.compile(each, re.IGNORECASE)
