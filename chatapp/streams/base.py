"""What a stream is, whoever keeps it."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["update", "end"]
Payload = Any  # a dict of str to str: JSON can carry it, and its size is soon told
Merge = Callable[[Sequence[Payload]], Payload]


class StreamExpired(LookupError):
    """No such log, or no more: show the stored message instead."""


class Trimmed(StreamExpired):
    """The log went on without this reader: start over, `read(key)` from 0.

    If that raises it too, the log was too big to keep; show the stored message.
    """


class StreamUnavailable(ConnectionError):
    """What keeps the log could not be reached in time; nothing more was written."""


@dataclass(frozen=True, slots=True)
class Event:
    """`id` counts from 1 without a gap, except that one event may stand for all up to it."""

    id: int
    kind: Kind
    data: Payload


def merge_updates(payloads: Sequence[Payload]) -> Payload:
    """One update that does what these do one after the other; newest wins but for `done`."""
    if len(payloads) == 1:
        return payloads[0]
    return {**payloads[-1], "done": "".join(payload["done"] for payload in payloads)}


class Streams(ABC):
    """Logs by key. One writer a log; any number of readers, each at its own pace.

    A log holds each event once, however many read it, and a reader only its
    place. Old updates are merged into one, so that a late reader gets all of an
    answer from a log that stays small; a reader who was in the middle of what
    was merged gets `Trimmed`.
    """

    @abstractmethod
    async def open(self, key: str) -> None:
        """Start an empty log; one that is there already is dropped."""

    @abstractmethod
    async def append(self, key: str, payload: Payload) -> int:
        """Add an update. Raises Gone if the log isn't open, StreamUnavailable."""

    @abstractmethod
    async def close(self, key: str, payload: Payload) -> int:
        """Add the end event; any process may. Raises Gone if the log isn't open."""

    @abstractmethod
    def read(self, key: str, after: int = 0) -> AsyncGenerator[list[Event], None]:
        """All events after `after` so far, then new ones, in batches, up to the end.

        An empty list means that nothing happened for `idle` seconds. Raises
        Gone, Trimmed or StreamUnavailable, at the start or later.
        """

    @abstractmethod
    async def aclose(self) -> None:
        """Let go of connections and tasks. Logs that are shared stay."""
