"""Full text over question, answer and comment of the rated answers, by each database's own index.

`feedback_words` holds one row a rating; `feedback.list_index` keeps it.

Where a script has no spaces, each character and the next are indexed as a word: of 中国人 these are
中 中国 国人 人. What is looked for is cut the same way, so that any two or more characters are found as
they stand, and the rarest pair decides how many rows are read.
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
    """A subquery: the ids of the ratings that have all of these. A word alone begins a word; of a
    phrase each is whole. The words are what `chatapp.search.words_of` gives: letters and digits."""
    if connections[using].vendor == "postgresql":
        query = " & ".join(as_tsquery(phrase) for phrase in phrases)
        return RawSQL(POSTGRESQL, [query])  # noqa: S611 - words only, and as a parameter
    query = " AND ".join(as_match(phrase) for phrase in phrases)
    return RawSQL(SQLITE, [query])  # noqa: S611 - words only, and as a parameter


def as_tsquery(phrase: Phrase) -> str:
    words, beginning = indexed(phrase)
    return "(" + " <-> ".join(f"'{word}'" for word in words) + (":*)" if beginning else ")")


def as_match(phrase: Phrase) -> str:
    words, beginning = indexed(phrase)
    return f'"{" ".join(words)}"' + ("*" if beginning else "")


def indexed(phrase: Phrase) -> tuple[list[str], bool]:
    """The words that the index has of it one after the other, and whether the last only begins one.

    What comes before and after it may be of its script, so the single characters at a run's ends
    aren't asked for. A character alone begins a pair, or ends what is written.
    """
    words = pairs(" ".join(phrase)).split()
    first = 1 if UNSPACED.match(phrase[0]) else 0
    last = -1 if UNSPACED.match(phrase[-1][-1]) else None
    if len(phrase) > 1 or UNSPACED.search(phrase[0]):
        return (words[first:last], False) if words[first:last] else ([phrase[0]], True)
    return words, True


def pairs(text: str) -> str:
    """What the triggers do to a text, in Python."""
    return UNSPACED.sub(r"\g<0> \g<0>", RUN.sub(r" \g<0> ", text))
