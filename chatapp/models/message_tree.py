"""The tree that the messages of a conversation are: each may have been said in several versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID


class Node(Protocol):
    """A message, or as much of it as the tree is made of."""

    @property
    def pk(self) -> UUID: ...
    @property
    def parent_id(self) -> UUID | None: ...
    @property
    def has_something(self) -> bool: ...


N = TypeVar("N", bound=Node)


@dataclass(frozen=True)
class Version:
    """Which of its versions a message is, from 1 on, and the ids of its neighbours."""

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


def versions_of(shown: Node, siblings: Iterable[Node]) -> list[UUID]:
    """The ids of what was said in its place, itself included, in the order of `siblings`.
    An answer that came to nothing is a version only while it is the one shown. One that was
    deleted since it was read is the last."""
    there = [each.pk for each in siblings if each.pk == shown.pk or each.has_something]
    return there if shown.pk in there else [*there, shown.pk]


def with_versions(path: Iterable[N], messages: Iterable[Node]) -> Iterator[tuple[N, list[UUID]]]:
    """Those on the path, each with its versions, out of all messages, so that none has to ask."""
    siblings: dict[UUID | None, list[Node]] = defaultdict(list)
    for message in messages:
        siblings[message.parent_id].append(message)
    for message in path:
        yield message, versions_of(message, siblings[message.parent_id])


def newest_below(messages: Iterable[tuple[UUID, UUID | None]], top: UUID) -> UUID:
    """The leaf said last at or below `top`, out of (id, parent's id), oldest first."""
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    age: dict[UUID, int] = {}
    for pk, parent in messages:
        children[parent].append(pk)
        age[pk] = len(age)
    leaves, left = [], [top]
    while left:
        pk = left.pop()
        left += children[pk]
        if not children[pk]:
            leaves.append(pk)
    return max(leaves, key=age.__getitem__)
