"""A real HTTP server that answers what a test scripts and records what it was asked."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from helicone import Api, AsyncApi, Settings

OPENAI_KEY = "sk-proj-openai-secret"
HELICONE_KEY = "sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd"


@dataclass
class Scripted:
    """One answer. `cut` closes the connection midway, `stall` waits for the test's end instead."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    stall: bool = False

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Far:
    """The far side: its address, what it will answer, what it was asked."""

    url: str = ""
    script: list[Scripted] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def answers(self, status: int = 200, body: Any = None, **rest: Any) -> None:
        self.script.append(Scripted(status, {} if body is None else body, **rest))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    far: Far

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.far.asked.append(Asked(self.command, self.path, headers, body))
        scripted = self.far.script.pop(0)
        if scripted.stall:
            self.far.over.wait(30)
            self.close_connection = True
            return
        self.send_response(scripted.status)
        for name, value in scripted.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(scripted.content) + scripted.cut))
        self.end_headers()
        self.wfile.write(scripted.content)
        self.close_connection = scripted.cut

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_: object) -> None:
        """Say nothing: the test asks `far.asked`."""


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far()
    handler = type("OwnHandler", (Handler,), {"far": far})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        far.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield far
        far.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def settings(far: Far) -> Settings:
    return Settings(
        OPENAI_KEY, HELICONE_KEY, f"{far.url}/v1", far.url, "https://us.helicone.example"
    )


class Shell:
    """Calls a method of Api or AsyncApi by name, so that one test holds for both."""

    def __init__(self, settings: Settings, kind: str) -> None:
        self.settings = settings
        self.kind = kind

    def __call__(self, method: str, *args: Any, timeout: float = 10.0, **kwargs: Any) -> Any:
        if self.kind == "async":
            return asyncio.run(self._awaited(method, timeout, args, kwargs))
        with Api(self.settings, timeout=timeout) as api:
            return getattr(api, method)(*args, **kwargs)

    async def _awaited(self, method: str, timeout: float, args: Any, kwargs: Any) -> Any:
        async with AsyncApi(self.settings, timeout=timeout) as api:
            return await getattr(api, method)(*args, **kwargs)


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, settings: Settings) -> Shell:
    return Shell(settings, request.param)
