"""Full-text search over question, answer and comment of rated answers, by each database's index.

`feedback_words` has one row per rating, maintained by `feedback.list_index`.

In scripts without spaces each pair of characters is indexed as a word: 中国人 gives 中 中国 国人 人.
Search terms are split the same way, so that any two or more characters are found as they stand,
and the rarest pair determines how many rows are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db import connections
from django.db.models.expressions import RawSQL

from feedback.chat.search import UNSPACED

POSTGRESQL = "SELECT rating_id FROM feedback_words WHERE words @@ to_tsquery('simple', %s)"
SQLITE = "SELECT rowid FROM feedback_words WHERE feedback_words MATCH %s"
RUN = re.compile(f"{UNSPACED.pattern}+")
Phrase = Sequence[str]


def ids(phrases: Iterable[Phrase], using: str) -> RawSQL:
    """Subquery for the ids of the ratings that contain all phrases.
    A single word matches as a prefix, words of a longer phrase as a whole. They come from
    `chatapp.search.words_of`: letters and digits only."""
    if connections[using].vendor == "postgresql":
        query = " & ".join(as_tsquery(phrase) for phrase in phrases)
        return RawSQL(POSTGRESQL, [query])  # noqa: S611 - words only, and as a parameter
    query = " AND ".join(as_match(phrase) for phrase in phrases)
    return RawSQL(SQLITE, [query])  # noqa: S611 - words only, and as a parameter


def as_tsquery(phrase: Phrase) -> str:
    words, beginning = indexed_words(phrase)
    return "(" + " <-> ".join(f"'{word}'" for word in words) + (":*)" if beginning else ")")


def as_match(phrase: Phrase) -> str:
    words, beginning = indexed_words(phrase)
    return f'"{" ".join(words)}"' + ("*" if beginning else "")


def indexed_words(phrase: Phrase) -> tuple[list[str], bool]:
    """The phrase's consecutive words in the index, and whether the last is a prefix.
    Characters of the same script may precede and follow it, so the single characters at both ends
    of a run are left out. A character alone is the prefix of a pair."""
    words = pairs(" ".join(phrase)).split()
    first = 1 if UNSPACED.match(phrase[0]) else 0
    last = -1 if UNSPACED.match(phrase[-1][-1]) else None
    if len(phrase) > 1 or UNSPACED.search(phrase[0]):
        return (words[first:last], False) if words[first:last] else ([phrase[0]], True)
    return words, True


def pairs(text: str) -> str:
    """The text with pairs of characters as words, as the triggers compute it."""
    return UNSPACED.sub(r"\g<0> \g<0>", RUN.sub(r" \g<0> ", text))
