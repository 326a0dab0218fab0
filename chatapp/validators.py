"""What counts as text that a person can have typed."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LAYOUT = frozenset("\t\n\r")


def is_plain_text(text: str) -> bool:
    """No control characters but layout, and nothing that UTF-8 can't hold (a lone surrogate)."""
    return not any(
        unicodedata.category(char) in ("Cc", "Cs") for char in set(text) if char not in LAYOUT
    )


def validate_plain_text(text: str) -> None:
    if not is_plain_text(text):
        raise ValidationError(
            _("This holds characters that are not text. Remove them, or paste it as plain text."),
            code="not_text",
        )
