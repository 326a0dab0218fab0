"""Places that are few, such as open streams of one user: taken, and left by what is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Hashable
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Places:
    """How many places each key has taken in this process."""

    def __init__(self) -> None:
        self._taken: Counter[Hashable] = Counter()
        self._lock = Lock()

    def take(self, key: Hashable, limit: int) -> int:
        """Take one more; returns how many are taken then, or 0 if `limit` were. A limit of 0 is
        none."""
        with self._lock:
            if 0 < limit <= self._taken[key]:
                return 0
            self._taken[key] += 1
            return self._taken[key]

    def leave(self, key: Hashable) -> None:
        with self._lock:
            self._taken[key] -= 1
            if self._taken[key] <= 0:
                del self._taken[key]

    def kept_while_sent(self, key: Hashable, content: AsyncIterable[T]) -> Kept[T]:
        return Kept(content, partial(self.leave, key))

    def __len__(self) -> int:
        """Keys with a place."""
        return len(self._taken)


class Kept(Generic[T]):
    """Content of a streaming response, whose place is left when Django closes the response."""

    def __init__(self, content: AsyncIterable[T], leave: partial[None]) -> None:
        self._content, self.close = content, leave

    def __aiter__(self) -> AsyncIterator[T]:
        return aiter(self._content)
