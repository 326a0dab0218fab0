"""A provider with minimal CPU cost, whose tokens carry the time of their sending.

python -m bench.provider prints its port. The model's name says what it does: `200x50` streams 200
tokens, 50 a second; `1x0` sends its one token at once.
"""

import asyncio
import json
import time

import uvloop

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nHelicone-Id: %s\r\n"
STAMP = "\u27e6%d\u27e7 word "  # CLOCK_MONOTONIC in nanoseconds, the same for every process


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
            body = await reader.readexactly(int(fields.get("content-length", 0)))
            if head.partition(" http/")[0].endswith("/chat/completions"):
                await stream(writer, json.loads(body)["model"], fields)
            else:
                writer.write(HEAD % (b"application/json", b"-") + b"Content-Length: 2\r\n\r\n{}")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def stream(writer: asyncio.StreamWriter, model: str, fields: dict[str, str]) -> None:
    tokens, rate = map(int, model.split("x"))
    helicone_id = fields.get("helicone-request-id", "-").encode()
    writer.write(HEAD % (b"text/event-stream", helicone_id) + b"Transfer-Encoding: chunked\r\n\r\n")
    began = time.monotonic()
    for number in range(tokens):
        if rate:
            await asyncio.sleep(began + number / rate - time.monotonic())
        send(writer, {"delta": {"content": STAMP % time.monotonic_ns()}})
    send(writer, {"delta": {}, "finish_reason": "stop"})
    writer.write(chunk(b"data: [DONE]\n\n") + chunk(b""))


def send(writer: asyncio.StreamWriter, choice: dict[str, object]) -> None:
    event = json.dumps({"choices": [choice]}, ensure_ascii=False)
    writer.write(chunk(f"data: {event}\n\n".encode()))


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
