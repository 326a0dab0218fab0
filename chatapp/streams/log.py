"""EventLog: one log in memory, a merged event followed by the newest events."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from chatapp.streams.base import Event, Merge, Payload, StreamExpired, Trimmed, merge_updates


@dataclass(frozen=True, slots=True)
class Limits:
    recent: int = 256  # unmerged events, for readers who lag or resume; up to twice as many
    size: int = 4_000_000  # characters of the unmerged events, and of the merged one


def encode(payload: Payload) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def size_of(payload: Payload) -> int:
    """Approximate size in characters: encoding it as JSON only to measure it is too slow."""
    return sum(len(text) for text in payload.values())


class EventLog:
    """Events in order. All readers wait for one asyncio.Event."""

    def __init__(self, limits: Limits, merge: Merge = merge_updates) -> None:
        self.base: Event | None = None  # merged from events 1 to its id
        self.merged_to = 0  # id of the newest merged event
        self.last = 0
        self.closed = False
        self.dropped = False
        self.has_gap = False
        self._events: list[Event] = []
        self._sizes: list[int] = []
        self._total = 0
        self._limits = limits
        self._merge = merge
        self._changed = asyncio.Event()

    def restore(self, base: Event | None, merged_to: int) -> None:
        """Start from a merged event that another process wrote."""
        self.base, self.merged_to, self.last = base, merged_to, merged_to

    def push(self, event: Event, size: int) -> bool:
        """Append the next event; True if older ones were merged."""
        self._events.append(event)
        self._sizes.append(size)
        self._total += size
        self.last, self.closed = event.id, event.kind == "end"
        full = len(self._events) >= 2 * self._limits.recent or self._total > self._limits.size
        if full and not self.closed:
            self._merge_old()
        self._wake()
        return full and not self.closed

    def drop(self) -> None:
        self.dropped = True
        self._wake()

    def mark_gap(self) -> None:
        """Record that events were missed: all readers get Trimmed."""
        self.has_gap = True
        self._wake()

    def after(self, position: int) -> list[Event]:
        """Events after `position`. Raises StreamExpired, or Trimmed if `position` was merged."""
        if self.dropped:
            raise StreamExpired
        if self.has_gap:
            raise Trimmed
        if position == 0 and self.merged_to:
            if self.base is None:
                raise Trimmed
            return [self.base, *self._events]
        if not self.merged_to <= position <= self.last:
            raise Trimmed
        return self._events[position - self.merged_to :]

    async def read(self, position: int, idle_timeout: float) -> AsyncGenerator[list[Event], None]:
        while True:
            changed, batch = self._changed, self.after(position)
            if batch:
                position = batch[-1].id
                yield batch
            elif self.closed:
                return
            elif not await _wait(idle_timeout, changed):
                yield []

    def _merge_old(self) -> None:
        """Merge all but the newest `recent` events; if they are large, all but half."""
        count = max(len(self._events) - self._limits.recent, (len(self._events) + 1) // 2)
        old = self._events[:count]
        lost = self.merged_to > 0 and self.base is None
        self.merged_to = old[-1].id
        if not lost:
            before = [self.base.data] if self.base else []
            merged = self._merge(before + [event.data for event in old])
            fits = size_of(merged) <= self._limits.size
            self.base = Event(self.merged_to, "update", merged) if fits else None
        self._total -= sum(self._sizes[:count])
        del self._events[:count], self._sizes[:count]

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


async def _wait(seconds: float, changed: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await changed.wait()
    except TimeoutError:
        return False
    return True
