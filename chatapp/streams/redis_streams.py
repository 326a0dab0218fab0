"""Streams that several processes share through Redis."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, ResponseError, TimeoutError

from chatapp.streams.base import (
    Event,
    Kind,
    Merge,
    Payload,
    StreamExpired,
    Streams,
    StreamUnavailable,
    merge_updates,
)
from chatapp.streams.log import EventLog, Limits, encode
from chatapp.streams.redis_follower import Follower, event_of

T = TypeVar("T")
LIFE = 3_600  # seconds without an event after which an open log is given up
LOST = (ConnectionError, TimeoutError, OSError)


class RedisStreams(Streams):
    """A Redis stream per log, its entries `N-0`; what was merged is a key beside it.

    Whoever writes a log here reads it here too, without Redis. Logs of other
    processes are mirrored once, however many read them, and all mirrors are fed
    by one connection.
    """

    def __init__(
        self,
        url: str,
        prefix: str = "rapport",
        *,
        keep: float = 60.0,
        idle: float = 15.0,
        patience: float = 5.0,
        limits: Limits | None = None,
        merge: Merge = merge_updates,
    ) -> None:
        """`patience`: seconds to try again for when Redis can't be reached."""
        self._redis = _connect(url, prefix)
        self._prefix, self._keep, self._idle, self._patience = prefix, keep, idle, patience
        self._limits, self._merge = limits or Limits(), merge
        self._kept = max(1, round(keep))  # Redis counts whole seconds
        self._follower = Follower(_connect(url, prefix), prefix)
        self._own: dict[str, EventLog] = {}
        self._mirrors: dict[str, tuple[EventLog, list[None]]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def open(self, key: str) -> None:
        await self._try(lambda: self._create(key))
        if key in self._own:
            self._forget(key, self._own[key])
        self._own[key] = EventLog(self._limits, self._merge)

    async def append(self, key: str, payload: Payload) -> int:
        # A cancelled writer closes the log next: half an update would be in its way.
        return await asyncio.shield(self._write(key, "update", payload))

    async def close(self, key: str, payload: Payload) -> int:
        number = await self._write(key, "end", payload)
        loop = asyncio.get_running_loop()
        loop.call_later(self._keep, self._forget, key, self._own[key])
        return number

    async def read(self, key: str, after: int = 0) -> AsyncGenerator[list[Event], None]:
        if key in self._own:
            async for batch in self._own[key].read(after, self._idle):
                yield batch
            return
        log, readers = await self._mirror(key)
        readers.append(None)
        try:
            async for batch in log.read(after, self._idle):
                yield batch
                if not batch and not await self._try(lambda: self._redis.exists(self._base(key))):
                    raise StreamExpired(key)
        finally:
            readers.pop()
            if not readers:
                self._unfollow(key, log)

    async def aclose(self) -> None:
        for log in [*self._own.values(), *(log for log, _ in self._mirrors.values())]:
            log.drop()
        await self._follower.aclose()
        await self._redis.aclose()

    def _log(self, key: str) -> str:
        return f"{self._prefix}:{key}:log"

    def _base(self, key: str) -> str:
        return f"{self._prefix}:{key}:base"

    async def _create(self, key: str) -> None:
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(self._log(key))
            pipe.set(self._base(key), encode({"id": 0}), ex=LIFE)
            await pipe.execute()

    async def _write(self, key: str, kind: Kind, payload: Payload) -> int:
        """Add one event, once, even if the connection is lost while it is confirmed."""
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key not in self._own:
                self._own[key] = await self._try(lambda: self._load(key))
            log, data = self._own[key], encode(payload)
            if log.closed or log.dropped:
                raise StreamExpired(key)
            try:
                number = await self._try(lambda: self._add(key, log, kind, data))
            except StreamExpired:
                self._forget(key, log)  # who reads it here hears of it too
                raise
            if number > log.last and log.push(Event(number, kind, payload), len(data)):
                await self._try(lambda: self._save_base(key, log))
            return number

    async def _add(self, key: str, log: EventLog, kind: Kind, data: str) -> int:
        number, fields = log.last + 1, {"kind": kind, "data": data, "by": self._follower.name}
        life = LIFE if kind == "update" else self._kept
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.xadd(self._log(key), fields, id=f"{number}-0")  # type: ignore[arg-type]
                pipe.expire(self._log(key), life)
                pipe.expire(self._base(key), life)
                results = await pipe.execute()
        except ResponseError as error:
            if "equal or smaller" not in str(error):
                raise
            return await self._catch_up(key, log, fields)
        if not results[2]:
            await self._redis.delete(self._log(key))
            raise StreamExpired(key)
        return number

    async def _catch_up(self, key: str, log: EventLog, fields: dict[str, str]) -> int:
        """The number is taken: by our own try whose answer was lost, or by another process."""
        entries: Any = await self._redis.xrange(self._log(key), f"({log.last}-0", "+")
        for entry in entries:
            event, size = event_of(entry)
            log.push(event, size)
            if entry[1] == fields:
                return event.id
        if log.closed or not entries:
            raise StreamExpired(key)
        return await self._add(
            key, log, "end" if fields["kind"] == "end" else "update", fields["data"]
        )

    async def _save_base(self, key: str, log: EventLog) -> None:
        base = {"id": log.folded, "data": log.base.data if log.base else None}
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(self._base(key), encode(base), ex=LIFE)
            pipe.xtrim(self._log(key), minid=f"{log.folded + 1}-0", approximate=False)
            await pipe.execute()

    async def _load(self, key: str) -> EventLog:
        """A log as Redis has it now. Raises Gone."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.get(self._base(key))
            pipe.xrange(self._log(key))
            raw, entries = await pipe.execute()
        if raw is None:
            raise StreamExpired(key)
        base, log = json.loads(raw), EventLog(self._limits, self._merge)
        data = base.get("data")
        log.restore(Event(base["id"], "update", data) if data is not None else None, base["id"])
        for entry in entries:
            log.push(*event_of(entry))
        return log

    async def _mirror(self, key: str) -> tuple[EventLog, list[None]]:
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key not in self._mirrors:
                log = await self._try(lambda: self._load(key))
                await self._try(lambda: self._follower.follow(self._log(key), log))
                self._mirrors[key] = (log, [])
            return self._mirrors[key]

    def _unfollow(self, key: str, log: EventLog) -> None:
        if key in self._mirrors and self._mirrors[key][0] is log:
            del self._mirrors[key]
            self._follower.leave(self._log(key))
            self._locks.pop(key, None)

    def _forget(self, key: str, log: EventLog) -> None:
        log.drop()
        if self._own.get(key) is log:
            del self._own[key]
            self._locks.pop(key, None)

    async def _try(self, action: Callable[[], Awaitable[T]]) -> T:
        """Do it again, with growing pauses, while Redis can't be reached."""
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self._patience, 0.05
        while True:
            try:
                return await action()
            except LOST as error:
                if loop.time() + pause > deadline:
                    raise StreamUnavailable("Redis can't be reached") from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, 1.0)


def _connect(url: str, name: str) -> Redis:
    """Retries are ours: an XADD that was lost must be looked at before it is repeated."""
    return Redis.from_url(
        url,
        protocol=2,
        decode_responses=True,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=10,
        socket_connect_timeout=2,
        max_connections=32,
        client_name=name,
    )
