"""Interface of event streams, their events and errors."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["update", "end"]
Payload = Any  # a dict of str to str
Merge = Callable[[Sequence[Payload]], Payload]


class StreamExpired(LookupError):
    """There is no log of this key, or it has expired: show the stored message instead."""


class Trimmed(StreamExpired):
    """The events after the reader's position were merged: start over, `read(key)` from 0.

    If that raises Trimmed too, the log was too big to keep; show the stored message.
    """


class StreamUnavailable(ConnectionError):
    """The backend could not be reached in time; nothing more was appended."""


@dataclass(frozen=True, slots=True)
class Event:
    """`id` counts from 1 without gaps; a merged event stands for all events up to its id."""

    id: int
    kind: Kind
    data: Payload


def merge_updates(payloads: Sequence[Payload]) -> Payload:
    """One update with the effect of all: `done` and `thinking` concatenated from the last one on
    that starts over; what was `added` put into the `tail` before it; else the newest value."""
    if len(payloads) == 1:
        return payloads[0]
    first = max((i for i, payload in enumerate(payloads) if "starts_over" in payload), default=0)
    merged: Payload = {}
    for payload in payloads[first:]:
        merged |= payload
    for name in merged.keys() & {"done", "thinking"}:
        merged[name] = "".join(payload.get(name, "") for payload in payloads[first:])
    return merged | _merged_tail(merged, payloads[first:])


def _merged_tail(merged: Payload, payloads: Sequence[Payload]) -> Payload:
    """The fields of the tail; takes `added` and `closing` out of `merged` if it has the whole."""
    last = max((i for i, payload in enumerate(payloads) if "tail" in payload), default=-1)
    added = "".join(payload.get("added", "") for payload in payloads[last + 1 :])
    closing = merged.pop("closing", "")
    merged.pop("added", None)
    if last < 0:
        return {"added": added, "closing": closing} if added else {}
    tail = payloads[last]["tail"]
    place = len(tail) - (len(closing) if added else 0)
    return {"tail": tail[:place] + added + tail[place:]}


class Streams(ABC):
    """Event logs by key: one writer and any number of readers per log, each at its own pace.

    A log stores each event once; a reader has only a position. Old updates are merged into
    one, so that a late reader gets the whole answer from a small log; a reader whose position
    is among the merged updates gets `Trimmed`.
    """

    @abstractmethod
    async def open(self, key: str) -> None:
        """Start an empty log; an existing one is dropped."""

    @abstractmethod
    async def append(self, key: str, payload: Payload) -> int:
        """Append an update; returns its id. Raises StreamExpired if the log isn't open,
        StreamUnavailable."""

    @abstractmethod
    async def close(self, key: str, payload: Payload) -> int:
        """Append the end event, from any process. Raises StreamExpired if the log isn't open."""

    @abstractmethod
    def read(self, key: str, after: int = 0) -> AsyncGenerator[list[Event], None]:
        """Events after id `after` in batches, waiting for new ones up to the end event.

        An empty list means that nothing happened for `idle_timeout` seconds. Raises
        StreamExpired, Trimmed or StreamUnavailable, at the start or later.
        """

    @abstractmethod
    async def aclose(self) -> None:
        """Close connections and tasks. Shared logs stay."""
