"""Full text over question, answer and comment of the rated answers, by each database's own index.

`feedback_words` holds one row a rating; `feedback.copies` keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connections
from django.db.models.expressions import RawSQL

POSTGRESQL = "SELECT rating_id FROM feedback_words WHERE words @@ to_tsquery('simple', %s)"
SQLITE = "SELECT rowid FROM feedback_words WHERE feedback_words MATCH %s"
Phrase = Sequence[str]


def ids(phrases: Iterable[Phrase], using: str) -> RawSQL:
    """A subquery: the ids of the ratings that have all of these. A word alone begins a word; of a
    phrase each is whole. The words are what `chatapp.search.words_of` gives: letters and digits."""
    if connections[using].vendor == "postgresql":
        query = " & ".join(as_tsquery(phrase) for phrase in phrases)
        return RawSQL(POSTGRESQL, [query])  # noqa: S611 - words only, and as a parameter
    query = " AND ".join(as_match(phrase) for phrase in phrases)
    return RawSQL(SQLITE, [query])  # noqa: S611 - words only, and as a parameter


def as_tsquery(phrase: Phrase) -> str:
    if len(phrase) == 1:
        return f"'{phrase[0]}':*"
    return "(" + " <-> ".join(f"'{word}'" for word in phrase) + ")"


def as_match(phrase: Phrase) -> str:
    return f'"{phrase[0]}"*' if len(phrase) == 1 else f'"{" ".join(phrase)}"'
