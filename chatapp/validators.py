"""Validation of plain text."""

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
