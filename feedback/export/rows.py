"""Rated answers a batch at a time, each with what led to it. Four queries a batch."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from chatapp.models import Message, PromptVersion
from feedback.large import large_query
from feedback.models import Rating, Review

# Rated answers at a time: what is in memory, besides eight bytes for each that is to come.
BATCH = 200
# What people deleted: few, which an index knows, so they are found apart from the others.
GONE = Q(message__conversation__deleted_at__isnull=False)
Tree = dict[UUID, UUID | None]


@dataclass(frozen=True)
class Row:
    """`said` is what the model was given besides its instructions, the question last."""

    rating: Rating
    version: PromptVersion | None
    review: Review | None
    said: Sequence[Message]

    @property
    def answer(self) -> Message:
        return self.rating.message

    @property
    def thumb(self) -> str:
        return {1: "up", -1: "down"}.get(self.rating.value or 0, "")

    @property
    def question(self) -> str:
        return self.said[-1].text if self.said else ""


def ids(ratings: QuerySet[Rating]) -> array[int]:
    """Of all of them, in their order. Read at once, so that no cursor and no snapshot stays open
    while somebody downloads; what is written meanwhile waits for nobody."""
    pks = ratings.values_list("pk", flat=True)
    with large_query():
        gone = set(pks.filter(GONE).order_by())
        return array("q", (pk for pk in pks.iterator(chunk_size=5_000) if pk not in gone))


def rows(pks: Sequence[int]) -> Iterator[Row]:
    """Those of them that are still there."""
    versions: dict[int, PromptVersion] = {}
    for start in range(0, len(pks), BATCH):
        yield from batch(pks[start : start + BATCH], versions)


def batch(pks: Sequence[int], versions: dict[int, PromptVersion]) -> Iterator[Row]:
    found = (
        Rating.objects.kept()
        .select_related("user", "message", "review__category", "review__assignee")
        .prefetch_related("reasons")
        .in_bulk(pks)
    )
    ratings = [found[pk] for pk in pks if pk in found]
    answers = [rating.message for rating in ratings]
    learn(versions, answers)
    paths = paths_to(answers)
    for rating in ratings:
        answer = rating.message
        yield Row(
            rating,
            versions.get(answer.prompt_version_id or 0),
            getattr(rating, "review", None),
            paths[answer.pk],
        )


def learn(versions: dict[int, PromptVersion], answers: Iterable[Message]) -> None:
    """Each version is read once: its instructions can be long, and are the same again and again."""
    wanted = {answer.prompt_version_id for answer in answers} - versions.keys() - {None}
    if wanted:
        versions |= PromptVersion.objects.select_related("assistant").in_bulk(wanted)


def paths_to(answers: Sequence[Message]) -> dict[UUID, Sequence[Message]]:
    """Of each answer, what was said before it: first where, then the words on the way alone."""
    inside = Message.objects.filter(conversation__in={answer.conversation_id for answer in answers})
    tree: Tree = dict(inside.order_by().values_list("pk", "parent"))
    ways = {answer.pk: way(tree, answer.parent_id) for answer in answers}
    wanted = {pk for one in ways.values() for pk in one}
    words = Message.objects.only("role", "text", "images").in_bulk(wanted)
    return {
        answer.pk: [
            words[pk] for pk in ways[answer.pk] if pk in words and has_something(words[pk])
        ][answer.left_out :]
        for answer in answers
    }


def has_something(message: Message) -> bool:
    return bool(message.text or message.images)


def way(tree: Tree, leaf: UUID | None) -> list[UUID]:
    path: list[UUID] = []
    while leaf in tree:
        path.append(leaf)
        leaf = tree[leaf]
    return path[::-1]
