"""Rated answers a batch at a time: three queries a batch, one for prompt versions not seen before,
and those of `feedback.export.history`.

They are read as plain values. Making objects of them takes several times as long, and a million
is a matter of minutes.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from feedback.chat.models import PromptVersion, User
from feedback.database import in_array, large_query
from feedback.export.history import QUESTION, HistoryMessage, parts
from feedback.models import Rating

# Rated answers at a time: what is in memory, besides eight bytes for each that is to come.
BATCH = 500
# Of the answer: what made it, and how it went.
STAMPS = (
    *("status", "finish_reason", "prompt_tokens", "completion_tokens", "first_token_ms"),
    *("duration_ms", "left_out", "error", "request_id", "helicone_id"),
)
ANSWER = (
    *("conversation_id", "conversation__deleted_at", "text", "created_at"),
    *("prompt_version_id", "model"),
    *STAMPS,
    *QUESTION,
)
REVIEW = ("pk", "status", "verdict", "category__slug", "assignee__username", "note", "correction")
COLUMNS = (
    *("pk", "value", "comment", "correction", "has_drifted", "revision"),
    *("created_at", "updated_at", "user_id", "message_id"),
    *(f"message__{name}" for name in ANSWER),
    *(f"review__{name}" for name in REVIEW),
)
# Read as texts: most are the same.
JSON = {
    "parameters": Cast("message__parameters", TextField()),
    "images": Cast("message__parent__images", TextField()),
}
# Of a person: what `User.name_for` asks for.
NAMES = ("username", "email", "uid", "is_guest")
Named = Callable[[User], str]


class Row(NamedTuple):
    given: Any
    """The rating with its answer, question and review: COLUMNS and JSON by name."""
    person: str
    """Who rated, by the name that the reader may know."""
    reasons: Sequence[str]
    """Their slugs, in the order in which they are offered."""
    version: PromptVersion | None
    said: Sequence[HistoryMessage]
    """What the model was given besides its instructions, the question last. Of what came before
    the question, only as much as was asked for: see `parts`."""

    @property
    def thumb(self) -> str:
        return {1: "up", -1: "down"}.get(self.given.value or 0, "")

    @property
    def question(self) -> str:
        return self.said[-1].text if self.said else ""


def ids(ratings: QuerySet[Rating]) -> array[int]:
    """Of all of them, in their order. Read at once, so that no cursor and no snapshot stays open
    while somebody downloads; what is written meanwhile waits for nobody."""
    with large_query():
        return array("q", ratings.values_list("pk", flat=True).iterator(chunk_size=5_000))


def rows(pks: Sequence[int], named: Named, whole: bool) -> Iterator[Row]:
    """Those of them that are still there; `whole` is with all that was said before."""
    versions: dict[int, PromptVersion] = {}
    for start in range(0, len(pks), BATCH):
        yield from batch(pks[start : start + BATCH], named, whole, versions)


def batch(
    pks: Sequence[int], named: Named, whole: bool, versions: dict[int, PromptVersion]
) -> Iterator[Row]:
    found = {
        given.pk: given
        for given in given_of(pks)
        if given.message__conversation__deleted_at is None
    }
    there = [found[pk] for pk in pks if pk in found]
    people = User.objects.only(*NAMES).filter(pk__in=in_array({given.user_id for given in there}))
    names = {person.pk: named(person) for person in people}
    reasons = reasons_of(pks)
    learn(versions, {given.message__prompt_version_id for given in there})
    for given, said in parts(there, whole):
        version = versions.get(given.message__prompt_version_id)
        yield Row(given, names.get(given.user_id, ""), reasons[given.pk], version, said)


def given_of(pks: Sequence[int]) -> QuerySet[Rating, Any]:
    """Also of conversations that are deleted: where SQLite is asked for the others only, it goes
    through all of these first, in each batch."""
    ratings = Rating.objects.filter(pk__in=in_array(pks)).order_by().annotate(**JSON)
    return ratings.values_list(*COLUMNS, *JSON, named=True)


def reasons_of(pks: Sequence[int]) -> dict[int, list[str]]:
    chosen = Rating.reasons.through.objects.filter(rating__in=in_array(pks)).order_by(
        "-reason__value", "reason__position", "reason__label"
    )
    reasons = defaultdict[int, list[str]](list)
    for pk, slug in chosen.values_list("rating_id", "reason__slug"):
        reasons[pk].append(slug)
    return reasons


def learn(versions: dict[int, PromptVersion], wanted: Iterable[int | None]) -> None:
    """Each version is read once: its instructions can be long, and are the same again and again."""
    if unknown := set(wanted) - versions.keys() - {None}:
        versions |= PromptVersion.objects.select_related("assistant").in_bulk(unknown)
