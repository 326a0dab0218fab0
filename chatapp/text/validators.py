"""Validation of plain text, and its repair."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LAYOUT = frozenset("\t\n\r")


def is_plain_text(text: str) -> bool:
    """Whether there are no control characters but layout, and no lone surrogates."""
    return not any(
        unicodedata.category(char) in ("Cc", "Cs") for char in set(text) if char not in LAYOUT
    )


def validate_plain_text(text: str) -> None:
    if not is_plain_text(text):
        raise ValidationError(
            _("This holds characters that are not text. Remove them, or paste it as plain text."),
            code="not_text",
        )


def storable_text(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD: JSON can carry them, and no database stores them."""
    if text.isascii() and "\0" not in text:
        return text
    units = text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass")
    return units.decode("utf-16", "replace")
