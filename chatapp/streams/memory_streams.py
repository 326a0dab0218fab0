"""MemoryStreams: streams of a single process, on one event loop."""

import asyncio
from collections.abc import AsyncGenerator
from time import monotonic

from chatapp.streams.base import Event, Kind, Merge, Payload, StreamExpired, Streams, merge_updates
from chatapp.streams.log import EventLog, Limits, size_of

ABANDONED_SECONDS = 3_600.0  # an open log is dropped after this time without an event


class MemoryStreams(Streams):
    def __init__(
        self,
        *,
        closed_ttl: float = 60.0,
        idle_timeout: float = 15.0,
        limits: Limits | None = None,
        merge: Merge = merge_updates,
    ) -> None:
        """`closed_ttl`: seconds a closed log stays; `idle_timeout`: seconds until a reader gets
        an empty batch."""
        self._closed_ttl, self._idle_timeout = closed_ttl, idle_timeout
        self._limits, self._merge = limits or Limits(), merge
        self._logs: dict[str, EventLog] = {}
        self._updated_at: dict[str, float] = {}

    async def open(self, key: str) -> None:
        self._drop_abandoned()
        if key in self._logs:
            self._drop(key, self._logs[key])
        self._logs[key] = EventLog(self._limits, self._merge)
        self._updated_at[key] = monotonic()

    async def append(self, key: str, payload: Payload) -> int:
        return self._push(key, "update", payload)

    async def close(self, key: str, payload: Payload) -> int:
        number = self._push(key, "end", payload)
        loop = asyncio.get_running_loop()
        loop.call_later(self._closed_ttl, self._drop, key, self._logs[key])
        return number

    async def read(self, key: str, after: int = 0) -> AsyncGenerator[list[Event], None]:
        if key not in self._logs:
            raise StreamExpired(key)
        async for batch in self._logs[key].read(after, self._idle_timeout):
            yield batch

    async def aclose(self) -> None:
        for key, log in list(self._logs.items()):
            self._drop(key, log)

    def _push(self, key: str, kind: Kind, payload: Payload) -> int:
        log = self._logs.get(key)
        if log is None or log.closed:
            raise StreamExpired(key)
        log.push(Event(log.last + 1, kind, payload), size_of(payload))
        self._updated_at[key] = monotonic()
        return log.last

    def _drop(self, key: str, log: EventLog) -> None:
        """Remove this log, but not a newer one of the same key."""
        log.drop()
        if self._logs.get(key) is log:
            del self._logs[key], self._updated_at[key]

    def _drop_abandoned(self) -> None:
        """Remove open logs whose generation died without closing them."""
        limit = monotonic() - ABANDONED_SECONDS
        for key, updated_at in list(self._updated_at.items()):
            if updated_at < limit:
                self._drop(key, self._logs[key])
