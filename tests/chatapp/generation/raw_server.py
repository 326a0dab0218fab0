"""An HTTP server that answers with given bytes, when told, and then closes the connection."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

Step = str | dict[str, Any]  # text, {"hex": bytes}, {"seconds": pause} or {"repeat": text} for ever
REPEATED_EVERY = 0.05  # seconds


class RawServer:
    """Answers every request with the same steps; `requests` counts them."""

    def __init__(self, steps: Sequence[Step], status: int, headers: Mapping[str, str]) -> None:
        self.steps, self.status, self.headers = steps, status, headers
        self.requests = 0
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.read_request(reader)
            self.requests += 1
            headers = {"Content-Type": "text/event-stream", "Connection": "close", **self.headers}
            lines = [f"HTTP/1.1 {self.status} Said", *(f"{k}: {v}" for k, v in headers.items())]
            writer.write("\r\n".join([*lines, "", ""]).encode())
            for step in self.steps:
                await self.take(step, writer)
        except ConnectionError:
            pass  # the client has what it wanted
        finally:
            writer.close()

    async def read_request(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        _, _, length = head.partition("content-length:")
        await reader.readexactly(int(length.split()[0]))

    async def take(self, step: Step, writer: asyncio.StreamWriter) -> None:
        if isinstance(step, str):
            writer.write(step.encode())
        elif "hex" in step:
            writer.write(bytes.fromhex(step["hex"]))
        elif "seconds" in step:
            await writer.drain()
            await asyncio.sleep(step["seconds"])
        while isinstance(step, dict) and "repeat" in step:
            writer.write(step["repeat"].encode())
            await writer.drain()
            await asyncio.sleep(REPEATED_EVERY)
        await writer.drain()


@asynccontextmanager
async def raw_server(
    steps: Sequence[Step], status: int = 200, headers: Mapping[str, str] | None = None
) -> AsyncIterator[RawServer]:
    raw = RawServer(steps, status, headers or {})
    server = await asyncio.start_server(raw.answer, "127.0.0.1", 0)
    raw.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield raw
    finally:
        server.close()
