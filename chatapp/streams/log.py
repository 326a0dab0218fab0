"""One log in memory: what was merged, then the newest events one by one."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from chatapp.streams.base import Event, Merge, Payload, StreamExpired, Trimmed, merge_updates


@dataclass(frozen=True, slots=True)
class Limits:
    recent: int = 256  # events kept apart, for readers who lag or come back; at times twice that
    size: int = 4_000_000  # characters of these, and again of what was merged


def encode(payload: Payload) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def size_of(payload: Payload) -> int:
    """Its characters, near enough: writing it as JSON to measure it costs more than to keep it."""
    return sum(len(text) for text in payload.values())


class EventLog:
    """Events in order. Readers wait for one shared wake-up, not for each other."""

    def __init__(self, limits: Limits, merge: Merge = merge_updates) -> None:
        self.base: Event | None = None  # stands for events 1 to its id
        self.folded = 0  # the newest event that was merged
        self.last = 0
        self.closed = False
        self.dropped = False
        self.has_gap = False
        self._events: list[Event] = []
        self._sizes: list[int] = []
        self._total = 0
        self._limits = limits
        self._merge = merge
        self._moved = asyncio.Event()

    def restore(self, base: Event | None, folded: int) -> None:
        """Begin from a merged event that another process wrote."""
        self.base, self.folded, self.last = base, folded, folded

    def push(self, event: Event, size: int) -> bool:
        """Add the next event; True if older ones were merged for it."""
        self._events.append(event)
        self._sizes.append(size)
        self._total += size
        self.last, self.closed = event.id, event.kind == "end"
        full = len(self._events) >= 2 * self._limits.recent or self._total > self._limits.size
        if full and not self.closed:
            self._fold()
        self._wake()
        return full and not self.closed

    def drop(self) -> None:
        self.dropped = True
        self._wake()

    def cut(self) -> None:
        """Events were missed: whoever reads here has to start over."""
        self.has_gap = True
        self._wake()

    def after(self, position: int) -> list[Event]:
        """Raises Trimmed where `position` is not a place one can go on from."""
        if self.dropped:
            raise StreamExpired
        if self.has_gap:
            raise Trimmed
        if position == 0 and self.folded:
            if self.base is None:
                raise Trimmed
            return [self.base, *self._events]
        if not self.folded <= position <= self.last:
            raise Trimmed
        return self._events[position - self.folded :]

    async def read(self, position: int, idle: float) -> AsyncGenerator[list[Event], None]:
        while True:
            moved, batch = self._moved, self.after(position)
            if batch:
                position = batch[-1].id
                yield batch
            elif self.closed:
                return
            elif not await _within(idle, moved):
                yield []

    def _fold(self) -> None:
        """Merge all but the newest `recent` events, or, when they are big, all but half."""
        count = max(len(self._events) - self._limits.recent, (len(self._events) + 1) // 2)
        old = self._events[:count]
        lost = self.folded > 0 and self.base is None
        self.folded = old[-1].id
        if not lost:
            before = [self.base.data] if self.base else []
            merged = self._merge(before + [event.data for event in old])
            fits = size_of(merged) <= self._limits.size
            self.base = Event(self.folded, "update", merged) if fits else None
        self._total -= sum(self._sizes[:count])
        del self._events[:count], self._sizes[:count]

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


async def _within(seconds: float, moved: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await moved.wait()
    except TimeoutError:
        return False
    return True
