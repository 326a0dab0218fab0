"""Limits of one message's HTML, and the sentence where one is reached.

What is beyond a limit is shown as plain text. The sentence is put in when the HTML is shown, since
one HTML is shown in several languages.
"""

from html import escape

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

# Of one table. In the 8,000 characters of a segment no more cells can be written; but a row may
# leave out its cells, and is given them all.
CELLS_LIMIT = 4_000
BRACKETS_LIMIT = 200  # `[` of one segment: looking for links among them takes quadratic time
NOTE = '<p class="limited"></p>\n'  # where the sentence is shown; no Markdown becomes this


class Budget:
    """What the finished segments of one message have used."""

    def __init__(self) -> None:
        self.characters = self.tags = self.html = 0
        self.is_noted = False

    @property
    def is_used_up(self) -> bool:
        used = (self.characters, self.tags, self.html)
        limits = (settings.MARKDOWN_MAX_LENGTH, settings.HTML_MAX_TAGS, settings.HTML_MAX_LENGTH)
        return any(one > limit for one, limit in zip(used, limits, strict=True))

    def spend(self, html: str) -> None:
        self.tags += html.count("<")
        self.html += len(html)
        self.is_noted = self.is_noted or NOTE in html

    def noted_once(self, html: str) -> str:
        """`html` with at most one note, and none if there was one before."""
        if NOTE not in html:
            return html
        before, note, after = html.partition(NOTE)
        return before + ("" if self.is_noted else note) + after.replace(NOTE, "")


def plain(text: str) -> str:
    """Safe HTML of text that is shown as it is."""
    return f'<p class="plain" dir="auto">{escape(text, quote=False)}</p>\n'


def with_sentence(html: str, language: str | None = None) -> SafeString:
    """Rendered HTML as it is shown, in this language or else the current one."""
    if NOTE in html:
        with override(language or get_language()):
            html = html.replace(NOTE, f'<p class="limited">{escape(_sentence())}</p>\n')
    return mark_safe(html)  # noqa: S308 - what is put in is escaped


def _sentence() -> str:
    return _(
        "From here on some of this is shown as plain text, since formatting it takes too long."
        " Nothing is missing; copy it to format it elsewhere."
    )
