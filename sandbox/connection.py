"""Broken connections: access to the TCP transport, which ASGI hides."""

import asyncio
import socket
import struct
from typing import Any

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_NO_LINGER = struct.pack("ii", 1, 0)


class BreakableProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with its transport in the scope."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"sandbox.transport": {"transport": self.transport}}


def break_connection(scope: Scope, *, reset: bool = False) -> None:
    """Close in mid-answer, after what was written so far; with `reset` by a RST, at once."""
    transport: Any = scope["extensions"]["sandbox.transport"]["transport"]
    if reset:
        sock: socket.socket = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
    else:
        transport.close()


async def disconnected(receive: Receive) -> None:
    """Wait until the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Watcher:
    """Watcher for the client's disconnect while an answer is sent."""

    def __init__(self, receive: Receive) -> None:
        self.task = asyncio.create_task(disconnected(receive))

    @property
    def is_closed(self) -> bool:
        return self.task.done()

    async def sleep(self, seconds: float | None) -> None:
        """Sleep for these seconds (None: for ever), or until the client disconnects."""
        await asyncio.wait([self.task], timeout=seconds)

    def stop(self) -> None:
        self.task.cancel()


class Broken:
    """A missing answer: the connection is closed, or hangs until the client disconnects."""

    def __init__(self, *, hang: bool = False, reset: bool = False) -> None:
        self.hang, self.reset = hang, reset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.hang:
            break_connection(scope, reset=self.reset)
        await disconnected(receive)


def start_message(status: int, headers: dict[str, str]) -> Message:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": raw}
