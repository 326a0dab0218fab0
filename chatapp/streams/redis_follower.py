"""Follower: one blocking connection that follows all Redis logs read by this process."""

import asyncio
import json
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from chatapp.streams.base import Event, Kind
from chatapp.streams.log import EventLog

Entry = tuple[str, dict[str, str]]

BLOCK_MS = 5_000
READ_INTERVAL = 0.005  # seconds between reads, so that one read returns several events
WAKE_TTL_SECONDS = 60


def parse_entry(entry: Entry) -> tuple[Event, int]:
    """Convert a Redis entry `N-0` to the event N and its size in characters."""
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
        """Mirror the Redis stream `name` into `log` until it ends or `unfollow(name)`."""
        self._logs[name] = log
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xadd(self._wake_key, {"w": "1"}, maxlen=1)
            pipe.expire(self._wake_key, WAKE_TTL_SECONDS)
            await pipe.execute()

    def unfollow(self, name: str) -> None:
        self._logs.pop(name, None)

    async def aclose(self) -> None:
        """Close the connection. Repeats the cancellation: redis-py swallows it while connecting."""
        while self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=0.1)
        await self._redis.aclose()

    async def _run(self) -> None:
        pause = 0.0
        while True:
            try:
                await self._step()
                pause = READ_INTERVAL
            except (RedisError, OSError):
                pause = min(max(2 * pause, 0.05), 2.0)
            await asyncio.sleep(pause)

    async def _step(self) -> None:
        positions: dict[Any, Any] = {
            name: f"{log.last}-0"
            for name, log in self._logs.items()
            if not (log.closed or log.has_gap)
        }
        positions[self._wake_key] = self._wake_at
        response: Any = await self._redis.xread(positions, block=BLOCK_MS)
        for name, entries in response or []:
            if name == self._wake_key:
                self._wake_at = entries[-1][0]
            elif name in self._logs:
                self._push(self._logs[name], entries)

    def _push(self, log: EventLog, entries: list[Entry]) -> None:
        """Append entries to `log`. A gap means that it was trimmed during a connection error."""
        for entry in entries:
            event, size = parse_entry(entry)
            if event.id > log.last + 1:
                log.mark_gap()
                return
            if event.id == log.last + 1:
                log.push(event, size)
