"""RedisStreams: streams that several processes share through Redis."""

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
from chatapp.streams.redis_follower import Follower, parse_entry

T = TypeVar("T")
TTL_SECONDS = 3_600  # an open log expires after this time without an event
CONNECTION_ERRORS = (ConnectionError, TimeoutError, OSError)


class RedisStreams(Streams):
    """A Redis stream per log, with entries `N-0`, and a key for its merged event.

    Logs written by this process are read from memory. Logs of other processes are mirrored
    once, for all their readers, through one connection for all mirrors.
    """

    def __init__(
        self,
        url: str,
        prefix: str = "rapport",
        *,
        closed_ttl: float = 60.0,
        idle_timeout: float = 15.0,
        retry_seconds: float = 5.0,
        limits: Limits | None = None,
        merge: Merge = merge_updates,
    ) -> None:
        """`retry_seconds`: how long to retry while Redis is unavailable."""
        self._redis = _connect(url, prefix)
        self._prefix, self._retry_seconds = prefix, retry_seconds
        self._closed_ttl, self._idle_timeout = closed_ttl, idle_timeout
        self._limits, self._merge = limits or Limits(), merge
        self._expire_seconds = max(1, round(closed_ttl))  # Redis takes whole seconds
        self._follower = Follower(_connect(url, prefix), prefix)
        self._local: dict[str, EventLog] = {}
        self._mirrors: dict[str, tuple[EventLog, list[None]]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def open(self, key: str) -> None:
        await self._with_retry(lambda: self._create(key))
        if key in self._local:
            self._drop(key, self._local[key])
        self._local[key] = EventLog(self._limits, self._merge)

    async def append(self, key: str, payload: Payload) -> int:
        # A cancelled writer closes the log next: the append must be complete by then.
        return await asyncio.shield(self._write(key, "update", payload))

    async def close(self, key: str, payload: Payload) -> int:
        number = await self._write(key, "end", payload)
        loop = asyncio.get_running_loop()
        loop.call_later(self._closed_ttl, self._drop, key, self._local[key])
        return number

    async def read(self, key: str, after: int = 0) -> AsyncGenerator[list[Event], None]:
        if key in self._local:
            async for batch in self._local[key].read(after, self._idle_timeout):
                yield batch
            return
        log, readers = await self._mirror(key)
        readers.append(None)
        try:
            async for batch in log.read(after, self._idle_timeout):
                yield batch
                if not batch and not await self._with_retry(
                    lambda: self._redis.exists(self._base(key))
                ):
                    raise StreamExpired(key)
        finally:
            readers.pop()
            if not readers:
                self._unfollow(key, log)

    async def aclose(self) -> None:
        for log in [*self._local.values(), *(log for log, _ in self._mirrors.values())]:
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
            pipe.set(self._base(key), encode({"id": 0}), ex=TTL_SECONDS)
            await pipe.execute()

    async def _write(self, key: str, kind: Kind, payload: Payload) -> int:
        """Append one event exactly once, even if the connection fails before its confirmation."""
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key not in self._local:
                self._local[key] = await self._with_retry(lambda: self._load(key))
            log, data = self._local[key], encode(payload)
            if log.closed or log.dropped:
                raise StreamExpired(key)
            try:
                number = await self._with_retry(lambda: self._add(key, log, kind, data))
            except StreamExpired:
                self._drop(key, log)  # so that its readers in this process get StreamExpired too
                raise
            if number > log.last and log.push(Event(number, kind, payload), len(data)):
                await self._with_retry(lambda: self._save_base(key, log))
            return number

    async def _add(self, key: str, log: EventLog, kind: Kind, data: str) -> int:
        number, fields = log.last + 1, {"kind": kind, "data": data, "by": self._follower.name}
        ttl = TTL_SECONDS if kind == "update" else self._expire_seconds
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.xadd(self._log(key), fields, id=f"{number}-0")  # type: ignore[arg-type]
                pipe.expire(self._log(key), ttl)
                pipe.expire(self._base(key), ttl)
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
        """Append after the id was used: by an unconfirmed attempt, or by another process."""
        entries: Any = await self._redis.xrange(self._log(key), f"({log.last}-0", "+")
        for entry in entries:
            event, size = parse_entry(entry)
            log.push(event, size)
            if entry[1] == fields:
                return event.id
        if log.closed or not entries:
            raise StreamExpired(key)
        return await self._add(
            key, log, "end" if fields["kind"] == "end" else "update", fields["data"]
        )

    async def _save_base(self, key: str, log: EventLog) -> None:
        base = {"id": log.merged_to, "data": log.base.data if log.base else None}
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(self._base(key), encode(base), ex=TTL_SECONDS)
            pipe.xtrim(self._log(key), minid=f"{log.merged_to + 1}-0", approximate=False)
            await pipe.execute()

    async def _load(self, key: str) -> EventLog:
        """Load a log from Redis. Raises StreamExpired."""
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
            log.push(*parse_entry(entry))
        return log

    async def _mirror(self, key: str) -> tuple[EventLog, list[None]]:
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key not in self._mirrors:
                log = await self._with_retry(lambda: self._load(key))
                await self._with_retry(lambda: self._follower.follow(self._log(key), log))
                self._mirrors[key] = (log, [])
            return self._mirrors[key]

    def _unfollow(self, key: str, log: EventLog) -> None:
        if key in self._mirrors and self._mirrors[key][0] is log:
            del self._mirrors[key]
            self._follower.unfollow(self._log(key))
            self._locks.pop(key, None)

    def _drop(self, key: str, log: EventLog) -> None:
        log.drop()
        if self._local.get(key) is log:
            del self._local[key]
            self._locks.pop(key, None)

    async def _with_retry(self, action: Callable[[], Awaitable[T]]) -> T:
        """Retry `action` with exponential backoff. Raises StreamUnavailable after the deadline."""
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self._retry_seconds, 0.05
        while True:
            try:
                return await action()
            except CONNECTION_ERRORS as error:
                if loop.time() + pause > deadline:
                    raise StreamUnavailable("Redis can't be reached") from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, 1.0)


def _connect(url: str, name: str) -> Redis:
    """A client without retries of its own: a failed XADD must be checked before it is repeated."""
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
