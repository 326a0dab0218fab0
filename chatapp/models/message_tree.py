"""Pure functions on the message tree of a conversation: paths and versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID


class Node(Protocol):
    """Protocol of a message: what these functions need of it."""

    @property
    def pk(self) -> UUID: ...
    @property
    def parent_id(self) -> UUID | None: ...
    @property
    def has_content(self) -> bool: ...


N = TypeVar("N", bound=Node)


@dataclass(frozen=True)
class Version:
    """A message's position among its versions, from 1 on, and the ids of its neighbours."""

    number: int
    count: int
    previous: UUID | None
    next: UUID | None

    @classmethod
    def among(cls, versions: Sequence[UUID], pk: UUID) -> Version:
        at = versions.index(pk)
        previous = versions[at - 1] if at else None
        following = versions[at + 1] if at + 1 < len(versions) else None
        return cls(at + 1, len(versions), previous, following)


def path_to(by_id: Mapping[UUID, N], leaf: UUID | None) -> list[N]:
    path: list[N] = []
    while leaf:
        message = by_id[leaf]
        path.append(message)
        leaf = message.parent_id
    return path[::-1]


def versions_of(message: Node, siblings: Iterable[Node]) -> list[UUID]:
    """Ids of a message and its siblings with content, in the order of `siblings`. The message
    itself is always included, last if it was deleted from them meanwhile."""
    versions = [each.pk for each in siblings if each.pk == message.pk or each.has_content]
    return versions if message.pk in versions else [*versions, message.pk]


def with_versions(path: Iterable[N], messages: Iterable[Node]) -> Iterator[tuple[N, list[UUID]]]:
    """Pairs of a message on the path and the ids of its versions; `messages` are all messages."""
    siblings: dict[UUID | None, list[Node]] = defaultdict(list)
    for message in messages:
        siblings[message.parent_id].append(message)
    for message in path:
        yield message, versions_of(message, siblings[message.parent_id])


def without_answers(
    parents: Mapping[UUID, UUID | None], answers: Collection[UUID]
) -> tuple[set[UUID], dict[UUID, UUID | None]]:
    """Removal of answers from a tree, given as the parent's id of each message.

    Returns the ids to delete (the answers, and each question that has no other answer) and the new
    parents of the messages below them: the nearest answer above that stays, or None."""
    answered: dict[UUID | None, set[UUID]] = defaultdict(set)
    for pk, parent in parents.items():
        answered[parent].add(pk)
    gone = set(answers)
    gone |= {q for pk in answers if (q := parents[pk]) is not None and answered[q] <= gone}
    moved: dict[UUID, UUID | None] = {}
    for pk, parent in parents.items():
        if pk not in gone and parent in gone:
            while parent in gone:
                question = parents[parent]
                parent = parents[question] if question else None
            moved[pk] = parent
    return gone, moved


def newest_below(messages: Iterable[tuple[UUID, UUID | None]], top: UUID) -> UUID:
    """Id of the newest leaf at or below `top`; `messages` are (id, parent's id), oldest first."""
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    age: dict[UUID, int] = {}
    for pk, parent in messages:
        children[parent].append(pk)
        age[pk] = len(age)
    leaves, remaining = [], [top]
    while remaining:
        pk = remaining.pop()
        remaining += children[pk]
        if not children[pk]:
            leaves.append(pk)
    return max(leaves, key=age.__getitem__)
