"""Rows of an export, in batches: three queries each, one for new prompt versions, and those of
`feedback.export.history`.

They are read as plain values: model instances take several times as long, and a million rows take
minutes.
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
from feedback.export.history import QUESTION, HistoryMessage, with_history
from feedback.models import Rating

# Rated answers in memory at a time, besides eight bytes for each following one.
BATCH = 500
# Columns of the answer: metadata of its generation.
STAMPS = (
    *("status", "finish_reason", "prompt_tokens", "completion_tokens", "first_token_ms"),
    *("duration_ms", "left_out", "error", "request_id", "helicone_id", "thinking_ms", "origin"),
)
ANSWER = (
    *("conversation_id", "conversation__deleted_at", "text", "thinking", "created_at"),
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
# Read as text: most values repeat.
JSON = {
    "parameters": Cast("message__parameters", TextField()),
    "images": Cast("message__parent__images", TextField()),
}
# Columns of a user that `User.name_for` needs.
NAMES = ("username", "email", "uid", "is_guest")
NameOf = Callable[[User], str]


class Row(NamedTuple):
    record: Any
    """The rating with its answer, question and review: COLUMNS and JSON by name."""
    user_name: str
    """Name of the rating's user as far as the reader may see it."""
    reasons: Sequence[str]
    """Slugs, in the order in which the reasons are offered."""
    version: PromptVersion | None
    history: Sequence[HistoryMessage]
    """Messages sent to the model after its instructions, the question last; see `with_history`."""

    @property
    def thumb(self) -> str:
        return {1: "up", -1: "down"}.get(self.record.value or 0, "")

    @property
    def question(self) -> str:
        return self.history[-1].text if self.history else ""


def ids(ratings: QuerySet[Rating]) -> array[int]:
    """Ids of all ratings, in their order.
    Read at once, so that neither cursor nor snapshot stays open during a download."""
    with large_query():
        return array("q", ratings.values_list("pk", flat=True).iterator(chunk_size=5_000))


def rows(pks: Sequence[int], name_of: NameOf, whole: bool) -> Iterator[Row]:
    """Rows of the ratings that still exist; with `whole`, each has its full history."""
    versions: dict[int, PromptVersion] = {}
    for start in range(0, len(pks), BATCH):
        yield from batch(pks[start : start + BATCH], name_of, whole, versions)


def batch(
    pks: Sequence[int], name_of: NameOf, whole: bool, versions: dict[int, PromptVersion]
) -> Iterator[Row]:
    found = {
        record.pk: record
        for record in load_records(pks)
        if record.message__conversation__deleted_at is None
    }
    records = [found[pk] for pk in pks if pk in found]
    user_pks = {record.user_id for record in records}
    users = User.objects.only(*NAMES).filter(pk__in=in_array(user_pks))
    names = {user.pk: name_of(user) for user in users}
    reasons = reasons_of(pks)
    load_versions(versions, {record.message__prompt_version_id for record in records})
    for record, history in with_history(records, whole):
        version = versions.get(record.message__prompt_version_id)
        yield Row(record, names.get(record.user_id, ""), reasons[record.pk], version, history)


def load_records(pks: Sequence[int]) -> QuerySet[Rating, Any]:
    """Records of these ratings, including deleted conversations.
    If SQLite had to exclude those, it would read all of them first, in each batch."""
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


def load_versions(versions: dict[int, PromptVersion], wanted: Iterable[int | None]) -> None:
    """Add the missing prompt versions, so that each, with its long instructions, is read once."""
    if unknown := set(wanted) - versions.keys() - {None}:
        versions |= PromptVersion.objects.select_related("assistant").in_bulk(unknown)
