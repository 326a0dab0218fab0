"""One blocking connection that follows every log this process reads."""

import asyncio
import json
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from chatapp.streams.base import Event, Kind
from chatapp.streams.log import EventLog

Entry = tuple[str, dict[str, str]]

BLOCK = 5_000  # milliseconds
GATHER = 0.005  # seconds between reads, so that a busy one brings more at once
WAKE_LIFE = 60  # seconds


def event_of(entry: Entry) -> tuple[Event, int]:
    """An entry `N-0` with its fields, as the event N and its size in bytes."""
    name, fields = entry
    kind: Kind = "end" if fields["kind"] == "end" else "update"
    number, data = int(name.partition("-")[0]), fields["data"]
    return Event(number, kind, json.loads(data)), len(data)


class Follower:
    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis = redis
        self.name = uuid4().hex
        self._wake_key = f"{prefix}:wake:{self.name}"
        self._wake_at = "0-0"
        self._logs: dict[str, EventLog] = {}
        self._task: asyncio.Task[None] | None = None

    async def follow(self, name: str, log: EventLog) -> None:
        """Keep `log` in step with the stream `name` until it ends or is left."""
        self._logs[name] = log
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xadd(self._wake_key, {"w": "1"}, maxlen=1)
            pipe.expire(self._wake_key, WAKE_LIFE)
            await pipe.execute()

    def leave(self, name: str) -> None:
        self._logs.pop(name, None)

    async def aclose(self) -> None:
        """Cancel until it works: redis-py may swallow a cancellation while it connects."""
        while self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=0.1)
        await self._redis.aclose()

    async def _run(self) -> None:
        pause = 0.0
        while True:
            try:
                await self._step()
                pause = GATHER
            except (RedisError, OSError):
                pause = min(max(2 * pause, 0.05), 2.0)
            await asyncio.sleep(pause)

    async def _step(self) -> None:
        places: dict[Any, Any] = {
            name: f"{log.last}-0"
            for name, log in self._logs.items()
            if not (log.closed or log.has_gap)
        }
        places[self._wake_key] = self._wake_at
        reply: Any = await self._redis.xread(places, block=BLOCK)
        for name, entries in reply or []:
            if name == self._wake_key:
                self._wake_at = entries[-1][0]
            elif name in self._logs:
                self._push(self._logs[name], entries)

    def _push(self, log: EventLog, entries: list[Entry]) -> None:
        """A gap means that the log was trimmed while we were cut off: readers start over."""
        for entry in entries:
            event, size = event_of(entry)
            if event.id > log.last + 1:
                log.cut()
                return
            if event.id == log.last + 1:
                log.push(event, size)
