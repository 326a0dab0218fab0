"""python -m sandbox: serve, print the address in one line, stop on SIGTERM or SIGINT."""

import argparse
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from sandbox.app import build
from sandbox.connection import BreakableProtocol
from sandbox.settings import Settings


def main() -> None:
    arguments = _parser().parse_args()
    app = build(_settings(arguments), arguments.log)
    try:
        listening = socket.create_server((arguments.host, arguments.port), backlog=2048)
    except OSError as error:
        sys.exit(f"The sandbox can't listen on {arguments.host}:{arguments.port}: {error.strerror}")
    config = uvicorn.Config(
        app,
        http=BreakableProtocol,
        log_level="critical",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    port = listening.getsockname()[1]
    _Server(config, f"sandbox on http://{arguments.host}:{port}").run(sockets=[listening])


class _Server(uvicorn.Server):
    """Server that prints its address once it listens, and exits with status 0 on a signal."""

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self.greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self.greeting, flush=True)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=0, help="0: any free one")
    add("--log", type=Path, metavar="FILE", help="save the log in FILE, and restore it at start")
    add("--openai-key", help="the only OpenAI key accepted; without it, any is")
    add("--helicone-key", action="append", default=[], help="one more valid key; may be repeated")
    add("--any-helicone-key", action="store_true", help="take every Helicone key for valid")
    add("--tokens-per-second", type=float, default=40, help="0: as fast as it goes")
    add("--ingest-delay", default="1:3", metavar="MIN[:MAX]", help="seconds, at random between")
    add("--second-write", type=float, default=600, help="seconds until a rating is written again")
    add("--merge-chance", type=float, default=0.1, help="that a write merges older versions")
    add("--early-ratings", choices=("dropped", "kept"), default="dropped")
    add("--latency-ms", type=float, default=0, help="added to every call of the API")
    add("--rate-limit", metavar="N/SECONDS", help="API calls per organisation")
    return parser


def _settings(arguments: argparse.Namespace) -> Settings:
    first, _, last = arguments.ingest_delay.partition(":")
    calls, _, window = (arguments.rate_limit or "0/300").partition("/")
    return Settings(
        openai_key=arguments.openai_key,
        any_helicone_key=arguments.any_helicone_key,
        helicone_keys=arguments.helicone_key,
        tokens_per_second=arguments.tokens_per_second,
        latency_ms=arguments.latency_ms,
        ingest_delay_min=float(first),
        ingest_delay_max=float(last or first),
        second_write=arguments.second_write,
        merge_chance=arguments.merge_chance,
        early_ratings=arguments.early_ratings,
        rate_limit=int(calls),
        rate_limit_window=float(window or 300),
    )


if __name__ == "__main__":
    main()
