"""Values from outside, checked against the columns that are to hold them."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from chatapp.text.validators import storable_text

MAX_INTEGER = 2**31 - 1  # PostgreSQL's; SQLite would hold more


def fitting_values(
    model: type[models.Model], values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Return the values that their columns can hold, and the names of those left out.

    Text is made to fit: NUL and lone surrogates become U+FFFD, and what is too long is cut.
    """
    fit: dict[str, Any] = {}
    left_out = []
    for name, value in values.items():
        field = model._meta.get_field(name)
        if isinstance(value, str):
            fit[name] = storable_text(value)[: getattr(field, "max_length", None)]
        elif isinstance(field, models.PositiveIntegerField) and not is_count(value):
            left_out.append(name)
        else:
            fit[name] = value
    return fit, left_out


def is_count(value: Any) -> bool:
    """Whether an integer column that may be null can hold the value."""
    return value is None or (isinstance(value, int) and 0 <= value <= MAX_INTEGER)
