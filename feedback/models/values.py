"""A review's fields as the log of decisions writes them, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from chatapp.models import User
from feedback.models.category import Category
from feedback.models.decision import ReviewChange

T = TypeVar("T")
YES = "yes"
# Rows a statement, so that memory stays flat.
BATCH = 1_000


def source(field: str) -> str:
    """The attribute that tells a field's value without another query."""
    return "assignee_id" if field == ReviewChange.Field.ASSIGNEE else field


def as_text(value: Any) -> str:
    """A field's value as the log keeps it: a category's slug, an assignee's id."""
    if isinstance(value, Category):
        return value.slug
    if isinstance(value, User):
        return str(value.pk)
    if isinstance(value, bool):
        return YES if value else ""
    return "" if value is None else str(value)


def as_value(field: str, text: str) -> Any:
    """What `as_text` made a text of; None for an assignee who is gone."""
    if field == ReviewChange.Field.CATEGORY:
        return Category.objects.filter(slug=text).first()
    if field == ReviewChange.Field.ASSIGNEE:
        return User.objects.filter(pk=text or 0).first()
    if field == ReviewChange.Field.IS_SHOWN:
        return text == YES
    return text


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
