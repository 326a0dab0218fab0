"""One contract, two ways to keep it: in memory and in Redis."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest
from redis import Redis

from chatapp.streams import (
    Event,
    MemoryStreams,
    StreamExpired,
    Streams,
    StreamUnavailable,
    Trimmed,
    make_streams,
)
from chatapp.streams.log import Limits
from chatapp.streams.redis_streams import RedisStreams
from tests.fixtures.patience import DEADLINE, patience
from tests.fixtures.services import REDIS_URL

SMALL = Limits(recent=4, size=4_000)


class House:
    """Processes that share one keeper of logs; in memory there can be only one."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.prefix = f"test-{uuid.uuid4().hex}"
        self._made: list[Streams] = []

    def process(self, **settings) -> Streams:
        if self.kind == "memory" and self._made:
            return self._made[0]
        streams: Streams
        if self.kind == "memory":
            streams = MemoryStreams(**settings)
        else:
            streams = RedisStreams(
                REDIS_URL, self.prefix, **{"retry_seconds": DEADLINE, **settings}
            )
        self._made.append(streams)
        return streams

    async def aclose(self) -> None:
        for streams in self._made:
            await streams.aclose()
        if self.kind == "redis":
            with Redis.from_url(REDIS_URL) as client:
                for name in client.scan_iter(f"{self.prefix}:*"):
                    client.delete(name)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
async def house(request) -> AsyncIterator[House]:
    house = House(request.param)
    yield house
    await house.aclose()


@pytest.fixture
async def redis_house() -> AsyncIterator[House]:
    house = House("redis")
    yield house
    await house.aclose()


def update(number: int) -> dict[str, str]:
    return {"done": f"<{number}>", "tail": f"t{number}"}


async def write(streams: Streams, key: str, count: int, *, end: bool = True) -> None:
    await streams.open(key)
    for number in range(1, count + 1):
        assert await streams.append(key, update(number)) == number
    if end:
        await streams.close(key, {"state": "finished"})


async def read_all(streams: Streams, key: str, after: int = 0) -> list[Event]:
    async with asyncio.timeout(DEADLINE):
        return [event async for batch in streams.read(key, after) for event in batch]


def shown(events: list[Event]) -> str:
    return "".join(event.data["done"] for event in events if event.kind == "update")


def whole(count: int) -> str:
    return "".join(f"<{number}>" for number in range(1, count + 1))


async def test_a_late_reader_gets_everything_and_the_end(house):
    await write(house.process(), "a", 5)
    events = await read_all(house.process(), "a")
    assert [event.id for event in events] == [1, 2, 3, 4, 5, 6]
    assert events[-1] == Event(6, "end", {"state": "finished"})
    assert shown(events) == whole(5)


async def test_a_reader_who_comes_back_gets_only_what_is_new(house):
    await write(house.process(), "a", 5)
    events = await read_all(house.process(), "a", after=3)
    assert [event.id for event in events] == [4, 5, 6]


async def test_a_reader_who_had_the_end_is_told_nothing_more(house):
    await write(house.process(), "a", 2)
    assert await read_all(house.process(), "a", after=3) == []


async def test_three_readers_see_the_same_while_it_is_written(house):
    writer, other = house.process(), house.process()
    await writer.open("a")
    readers = [asyncio.create_task(read_all(streams, "a")) for streams in (writer, other, other)]
    for number in range(1, 41):
        await writer.append("a", update(number))
        await asyncio.sleep(0)
    await writer.close("a", {})
    for events in await asyncio.gather(*readers):
        assert [event.id for event in events] == list(range(1, 42))


async def test_a_reader_who_keeps_leaving_misses_and_doubles_nothing(house):
    writer, other = house.process(), house.process()
    await writer.open("a")
    writing = asyncio.create_task(_write_slowly(writer, "a", 60))
    seen: list[Event] = []
    async with asyncio.timeout(DEADLINE):
        while not seen or seen[-1].kind != "end":
            reader = other.read("a", seen[-1].id if seen else 0)
            async for batch in reader:
                seen += batch
                break
            await reader.aclose()
    await writing
    assert [event.id for event in seen] == list(range(1, 62))


async def _write_slowly(streams: Streams, key: str, count: int) -> None:
    for number in range(1, count + 1):
        await streams.append(key, update(number))
        await asyncio.sleep(0.001)
    await streams.close(key, {})


async def test_a_slow_reader_holds_nobody_up_and_gets_one_big_batch(house):
    writer, other = house.process(), house.process()
    await writer.open("a")
    await writer.append("a", update(1))
    reader = other.read("a")
    assert [event.id for event in await anext(reader)] == [1]
    for number in range(2, 101):
        await writer.append("a", update(number))
    await writer.close("a", {})
    rest = [event async for batch in reader for event in batch]
    assert [event.id for event in rest] == list(range(2, 102))


async def test_an_unknown_log_is_gone(house):
    with pytest.raises(StreamExpired):
        await read_all(house.process(), "never")
    with pytest.raises(StreamExpired):
        await house.process().append("never", update(1))
    with pytest.raises(StreamExpired):
        await house.process().close("never", {})


async def test_a_closed_log_takes_nothing_more(house):
    await write(house.process(), "a", 1)
    with pytest.raises(StreamExpired):
        await house.process().append("a", update(2))


async def test_a_closed_log_is_kept_for_a_while_and_then_gone(house):
    streams = house.process(closed_ttl=round(patience(1)))
    await write(streams, "a", 1)
    assert len(await read_all(house.process(), "a")) == 2
    async with asyncio.timeout(DEADLINE):
        while True:
            try:
                await read_all(house.process(), "a")
            except StreamExpired:
                break
            await asyncio.sleep(0.05)


async def test_opening_again_starts_an_empty_log(house):
    streams = house.process()
    await write(streams, "a", 3)
    await write(streams, "a", 1)
    assert [event.id for event in await read_all(house.process(), "a")] == [1, 2]


async def test_an_idle_reader_hears_an_empty_batch(house):
    await house.process(idle_timeout=0.02).open("a")
    reader = house.process(idle_timeout=0.02).read("a")
    async with asyncio.timeout(DEADLINE):
        assert await anext(reader) == []
        assert await anext(reader) == []
    await reader.aclose()


async def test_a_long_log_stays_small_and_a_late_reader_still_gets_all_of_it(house):
    await write(house.process(limits=SMALL), "a", 100)
    events = await read_all(house.process(limits=SMALL), "a")
    assert len(events) <= 2 * SMALL.recent + 2
    assert shown(events) == whole(100)
    assert events[-2].data["tail"] == "t100"


async def test_a_reader_who_lags_behind_what_was_merged_has_to_start_over(house):
    await write(house.process(limits=SMALL), "a", 100)
    with pytest.raises(Trimmed):
        await read_all(house.process(limits=SMALL), "a", after=50)
    assert [e.id for e in await read_all(house.process(limits=SMALL), "a", after=99)] == [100, 101]


async def test_a_place_that_never_was_has_to_start_over(house):
    await write(house.process(), "a", 2)
    with pytest.raises(Trimmed):
        await read_all(house.process(), "a", after=77)


async def test_what_is_too_big_to_keep_is_left_to_the_stored_message(house):
    streams = house.process(limits=SMALL)
    await streams.open("a")
    for _ in range(20):
        await streams.append("a", {"done": "x" * 1_000, "tail": ""})
    with pytest.raises(Trimmed):
        await read_all(house.process(limits=SMALL), "a")


async def test_a_thousand_idle_readers_share_one_log(house):
    writer, other = house.process(), house.process()
    await writer.open("a")
    readers = [asyncio.create_task(read_all(other, "a")) for _ in range(1_000)]
    await asyncio.sleep(0)
    await write_into(writer, "a", 3)
    for events in await asyncio.gather(*readers):
        assert [event.id for event in events] == [1, 2, 3, 4]


async def write_into(streams: Streams, key: str, count: int) -> None:
    for number in range(1, count + 1):
        await streams.append(key, update(number))
    await streams.close(key, {})


@pytest.mark.redis
async def test_a_log_is_two_keys_and_both_expire(redis_house):
    streams = redis_house.process()
    await streams.open("a")
    await streams.append("a", update(1))
    with Redis.from_url(REDIS_URL, decode_responses=True) as client:
        lives = {key: client.ttl(key) for key in client.scan_iter(f"{redis_house.prefix}:*")}
    assert lives.keys() == {f"{redis_house.prefix}:a:{name}" for name in ("log", "base")}
    assert all(0 < seconds <= 3_600 for seconds in lives.values())


@pytest.mark.redis
async def test_another_process_may_close_what_a_dead_one_left_open(redis_house):
    dead, alive = redis_house.process(), redis_house.process()
    await write(dead, "a", 3, end=False)
    assert await alive.close("a", {"state": "interrupted"}) == 4
    events = await read_all(redis_house.process(), "a")
    assert [event.kind for event in events] == ["update"] * 3 + ["end"]
    with pytest.raises(StreamExpired):
        await dead.append("a", update(4))


@pytest.mark.redis
async def test_dropped_connections_lose_and_double_nothing(redis_house):
    writer, other = redis_house.process(), redis_house.process()
    await writer.open("a")
    reading = [asyncio.create_task(read_all(other, "a")) for _ in range(3)]
    with Redis.from_url(REDIS_URL) as killer:
        for number in range(1, 31):
            if number % 10 == 0:
                _kill_all_but(killer, redis_house)
            await writer.append("a", update(number))
    await writer.close("a", {})
    for events in await asyncio.gather(*reading):
        assert [event.id for event in events] == list(range(1, 32))


def _kill_all_but(killer: Redis, house: House) -> None:
    for client in killer.client_list():
        if client.get("name") == house.prefix:
            killer.execute_command("CLIENT", "KILL", "ID", client["id"])


@pytest.mark.redis
async def test_a_thousand_readers_need_few_connections(redis_house):
    writer, other = redis_house.process(), redis_house.process()
    for number in range(20):
        await writer.open(f"k{number}")
    readers = [asyncio.create_task(read_all(other, f"k{n % 20}")) for n in range(1_000)]
    async with asyncio.timeout(DEADLINE):
        while not (count := _connections_of(redis_house)):
            await asyncio.sleep(0.02)
    assert count <= 66
    for number in range(20):
        await writer.close(f"k{number}", {})
    assert all(len(events) == 1 for events in await asyncio.gather(*readers))
    assert _connections_of(redis_house) <= 66


def _connections_of(house: House) -> int:
    with Redis.from_url(REDIS_URL) as client:
        return sum(row.get("name") == house.prefix for row in client.client_list())


async def test_without_redis_a_writer_gives_up_in_time():
    streams = RedisStreams("redis://127.0.0.1:1/0", retry_seconds=0.2)
    with pytest.raises(StreamUnavailable):
        await streams.open("a")
    await streams.aclose()


def test_the_url_chooses_who_keeps_the_logs():
    assert isinstance(make_streams(None), MemoryStreams)
    assert isinstance(make_streams(REDIS_URL), RedisStreams)
