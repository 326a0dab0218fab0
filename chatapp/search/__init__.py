"""Full-text search over the database's own index: the rows that match all words of a query."""

import re
from typing import Any
from unicodedata import category
from uuid import UUID

from django.db import connections
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable

from chatapp.search import postgresql, sqlite

MAX_WORDS = 10
MAX_LENGTH = 200
# Scripts without spaces between words: an index of words can't find parts of a text in them.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def words_of(text: str) -> list[str]:
    """The words to search for: only letters with their marks and digits, so that no index reads
    query syntax in them."""
    characters = (
        c if c.isalnum() or category(c)[0] == "M" else " " for c in text[:MAX_LENGTH].lower()
    )
    return [word for word in "".join(characters).split() if re.search(r"\w", word)][:MAX_WORDS]


def as_uuid(text: str) -> UUID | None:
    """Parse a UUID in one of its two usual spellings; None for any other text."""
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None


def rows(
    model: type[Model], column: str, words: list[str], using: str, select: str = "id"
) -> Combinable | QuerySet[Any, Any]:
    """A subquery of column `select`, for rows in which each word begins a word of `column`."""
    if any(UNSPACED.search(word) for word in words):
        found = Q()
        for word in words:
            found &= Q(**{f"{column}__icontains": word})
        return model._default_manager.filter(found).values(select)
    indexed = postgresql.rows if connections[using].vendor == "postgresql" else sqlite.rows
    return indexed(model._meta.db_table, column, words, select)
