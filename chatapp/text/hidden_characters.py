"""Characters that nobody sees: bidirectional controls, and characters without a picture. For
reviewers they are replaced by marks, so that no text reads differently from what the model read.

What scripts and emoji need stays: joiners inside Arabic, Indic and similar words, joiners and tags
of emoji, and single variation selectors.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.html import format_html

ALWAYS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e001f"
)
SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
EMOJI = "\u200d\ufe0f\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
# That no selector changes: it would only carry hidden data.
LETTERS = r"\sA-Za-z\u00c0-\u05ff.,;:!?"
# Arabic to Mongolian: scripts whose letters join.
JOINED = "\u0600-\u109f\u1780-\u18af\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefc"
TAGS = "\U000e0020-\U000e007f"
FLAG = "\U0001f3f4"
HIDDEN = re.compile(
    f"{FLAG}[{TAGS}]{{1,8}}|"  # a flag such as Scotland's: kept
    f"([{ALWAYS}{TAGS}]"
    f"|(?<![{EMOJI}{JOINED}])[\u200c\u200d]|(?<=[\u200c\u200d])[\u200c\u200d]"
    f"|(?<=[{SELECTORS}{LETTERS}])[{SELECTORS}]|^[{SELECTORS}])"
)
# Of a formula in MathML, where a program put them.
IN_MATH = frozenset("\u2061\u2062\u2063\u2064")
TAG = re.compile(r"""(<(?:!--.*?--|[a-zA-Z/!](?:[^>"']|"[^"]*"|'[^']*')*)>)""", re.DOTALL)
NAME = re.compile("</?([a-z0-9]+)", re.IGNORECASE)
# Elements whose text is no page text, or is sent back as it is; and those that take no markup.
UNTOUCHED, PLAIN = frozenset({"script", "style", "textarea"}), frozenset({"title", "option"})
# Elements with a name on hover; from then on a page would grow too large.
MAX_ELEMENTS = 500

View = Callable[..., HttpResponseBase]


def hidden_count(text: str) -> int:
    return 0 if text.isascii() else sum(1 for found in HIDDEN.finditer(text) if found[1])


def escaped_text(text: str) -> str:
    r"""The text with `\u{202E}` for each hidden character."""
    return text if text.isascii() else replaced(text, lambda char: f"\\u{{{ord(char):04X}}}")


def replaced(text: str, mark: Callable[[str], str], in_math: bool = False) -> str:
    def replacement(found: re.Match[str]) -> str:
        stays = not found[1] or (in_math and found[1] in IN_MATH)
        return found[0] if stays else mark(found[1])

    return HIDDEN.sub(replacement, text)


def marked_page(html: str) -> str:
    """A page of HTML with a mark for each hidden character of its text, outside of attributes."""
    if not hidden_count(html):
        return html
    elements = count()

    def mark(char: str) -> str:
        return element(char) if next(elements) < MAX_ELEMENTS else code(char)

    parts, inside, in_math = TAG.split(html), "", False
    for number, part in enumerate(parts):
        if number % 2:
            found = NAME.match(part)
            name = found[1].lower() if found else ""
            if name == "math":
                in_math = not part.startswith("</")
            elif name == inside and part.startswith("</"):
                inside = ""
            elif not inside and name in UNTOUCHED | PLAIN and not part.startswith("</"):
                inside = name
        elif inside not in UNTOUCHED:
            parts[number] = replaced(part, code if inside in PLAIN else mark, in_math)
    return "".join(parts)


def code(char: str) -> str:
    return f"[U+{ord(char):04X}]"


def element(char: str) -> str:
    name = unicodedata.name(char, "")
    return format_html(
        '<span class="hidden-character" title="{}">{}</span>', name, code(char)[1:-1]
    )


def with_marks(view: View) -> View:
    """A view whose HTML shows hidden characters as marks."""

    @wraps(view)
    def marking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            response.add_post_render_callback(mark_response)
        else:
            mark_response(response)
        return response

    return marking


def mark_response(response: Any) -> None:
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return
    if not response.content.isascii():
        response.content = marked_page(response.content.decode(response.charset))
