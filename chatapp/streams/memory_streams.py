"""Streams of a single process; everything happens on one event loop."""

import asyncio
from collections.abc import AsyncGenerator
from time import monotonic

from chatapp.streams.base import Event, Kind, Merge, Payload, StreamExpired, Streams, merge_updates
from chatapp.streams.log import EventLog, Limits, size_of

FORGOTTEN = 3_600.0  # seconds without an event after which an open log is given up


class MemoryStreams(Streams):
    def __init__(
        self,
        *,
        keep: float = 60.0,
        idle: float = 15.0,
        limits: Limits | None = None,
        merge: Merge = merge_updates,
    ) -> None:
        """`keep`: seconds a closed log stays; `idle`: seconds until a reader hears of nothing."""
        self._keep, self._idle = keep, idle
        self._limits, self._merge = limits or Limits(), merge
        self._logs: dict[str, EventLog] = {}
        self._touched: dict[str, float] = {}

    async def open(self, key: str) -> None:
        self._sweep()
        if key in self._logs:
            self._drop(key, self._logs[key])
        self._logs[key] = EventLog(self._limits, self._merge)
        self._touched[key] = monotonic()

    async def append(self, key: str, payload: Payload) -> int:
        return self._push(key, "update", payload)

    async def close(self, key: str, payload: Payload) -> int:
        number = self._push(key, "end", payload)
        loop = asyncio.get_running_loop()
        loop.call_later(self._keep, self._drop, key, self._logs[key])
        return number

    async def read(self, key: str, after: int = 0) -> AsyncGenerator[list[Event], None]:
        if key not in self._logs:
            raise StreamExpired(key)
        async for batch in self._logs[key].read(after, self._idle):
            yield batch

    async def aclose(self) -> None:
        for key, log in list(self._logs.items()):
            self._drop(key, log)

    def _push(self, key: str, kind: Kind, payload: Payload) -> int:
        log = self._logs.get(key)
        if log is None or log.closed:
            raise StreamExpired(key)
        log.push(Event(log.last + 1, kind, payload), size_of(payload))
        self._touched[key] = monotonic()
        return log.last

    def _drop(self, key: str, log: EventLog) -> None:
        """Forget this very log; another may have been opened under its key since."""
        log.drop()
        if self._logs.get(key) is log:
            del self._logs[key], self._touched[key]

    def _sweep(self) -> None:
        """A generation that died without a word left its log open."""
        limit = monotonic() - FORGOTTEN
        for key, when in list(self._touched.items()):
            if when < limit:
                self._drop(key, self._logs[key])
