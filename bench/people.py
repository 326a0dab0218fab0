"""Concurrent simulated users over HTTP, with the site and the provider that they use."""

import asyncio
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

from tests.site_process import Site

STAMP = re.compile("\u27e6(\\d+)\u27e7".encode())
STREAM = re.compile(r'hx-sse:connect="(/m/([^/]+)/stream/)"')
NO_LIMITS = dict.fromkeys(
    (
        *("MESSAGES_PER_MINUTE", "MESSAGES_PER_DAY", "ANSWERS_AT_ONCE"),
        *("GUEST_MESSAGES_PER_ADDRESS", "GUEST_MESSAGES_PER_HOUR"),
    ),
    "1000000",
)


@dataclass
class Heard:
    """Times of one answer as one user received it, in milliseconds."""

    began: float = field(default_factory=time.monotonic)
    first: float = 0.0
    delays: list[float] = field(default_factory=list)
    newest: int = 0
    rest: bytes = b""

    def feed(self, data: bytes) -> None:
        now, self.rest = time.monotonic_ns(), self.rest + data
        for found in STAMP.finditer(self.rest):
            if int(found[1]) > self.newest:
                self.newest = int(found[1])
                self.first = self.first or (now / 1e9 - self.began) * 1e3
                self.delays.append((now - self.newest) / 1e6)
        self.rest = self.rest[-64:]


class Person:
    def __init__(self, url: str) -> None:
        jar = aiohttp.CookieJar(unsafe=True)
        self.http = aiohttp.ClientSession(url, cookie_jar=jar, headers={"HX-Request": "true"})
        self.answer = ""

    async def arrive(self) -> None:
        await self.get("/")

    async def chat(self) -> Heard:
        heard = Heard()
        found = STREAM.search(await self.post("/", message="Tell me a story"))
        assert found, "The site took no message."
        self.answer = found[2]
        await self.get(found[1], heard)
        return heard

    async def rate(self, value: int) -> None:
        await self.post(f"/m/{self.answer}/rating/", value=str(value))

    async def get(self, path: str, heard: Heard | None = None) -> None:
        async with self.http.get(path) as response:
            response.raise_for_status()
            async for data in response.content.iter_any():
                if heard:
                    heard.feed(data)

    async def post(self, path: str, **form: str) -> str:
        cookies = self.http.cookie_jar.filter_cookies(self.http._base_url or "")  # type: ignore[arg-type]
        headers = {"X-CSRFToken": cookies["csrftoken"].value}
        async with self.http.post(path, data=form, headers=headers) as response:
            response.raise_for_status()
            return await response.text()


class Direct(Person):
    """A user who calls the provider directly: the cost of the machine and this benchmark."""

    def __init__(self, url: str, model: str) -> None:
        super().__init__(url)
        self.model = model

    async def arrive(self) -> None:
        pass

    async def chat(self) -> Heard:
        heard = Heard()
        async with self.http.post("/v1/chat/completions", json={"model": self.model}) as response:
            async for data in response.content.iter_any():
                heard.feed(data)
        return heard


async def all_chat(people: list[Person], seconds: float) -> list[Heard]:
    """One answer for each user, with starts spread over `seconds`. Call after `arrive`."""

    async def later(number: int, person: Person) -> Heard:
        await asyncio.sleep(seconds * number / len(people))
        return await person.chat()

    return list(await asyncio.gather(*(later(*pair) for pair in enumerate(people))))


async def all_leave(people: list[Person]) -> None:
    await asyncio.gather(*(person.http.close() for person in people))


@contextlib.contextmanager
def provider() -> Iterator[str]:
    command = [sys.executable, "-m", "bench.provider"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


@contextlib.contextmanager
def site(provider_url: str, model: str) -> Iterator[Site]:
    """A running site that has answered once."""
    settings = {
        "OPENAI_API_KEY": "sk-bench",
        "HELICONE_GATEWAY_URL": f"{provider_url}/v1",
        "DEFAULT_MODEL": model,
        **NO_LIMITS,
    }
    with tempfile.TemporaryDirectory() as folder, Site(Path(folder), **settings) as site:
        site.start()
        asyncio.run(warm_up(site.url))
        yield site


async def warm_up(url: str) -> None:
    person = Person(url)
    await person.arrive()
    await all_chat([person], 0)
    await all_leave([person])


def process_of(site: Site) -> psutil.Process:
    assert site.process
    return psutil.Process(site.process.pid)


def cpu_seconds(site: Site) -> float:
    used = process_of(site).cpu_times()
    return float(used.user + used.system)


def middle(values: list[float]) -> float:
    return statistics.median(values)


def slowest(values: list[float]) -> float:
    """The 99th percentile."""
    return sorted(values)[int(0.99 * (len(values) - 1))]


def number(name: str, default: int) -> int:
    """A parameter of the benchmark from the environment."""
    return int(os.environ.get(name, default))
