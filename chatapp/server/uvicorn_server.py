"""The web server: one uvicorn process, which stops with its parent process or its sandbox."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from socket import socket

import uvicorn
from django.conf import settings

from chatapp.generation import runner
from chatapp.server.http_protocol import Protocol
from chatapp.server.listening_socket import ListeningSocket
from chatapp.server.messages import print_lines
from chatapp.server.sandbox_process import SandboxProcess

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STREAM_SECONDS = 1  # for event streams to deliver their last events
SECONDS_TO_STOP = 3  # for requests in progress: an open stream would never end


def config() -> uvicorn.Config:
    """One process on uvloop and httptools, which logs warnings only."""
    return uvicorn.Config(
        settings.ASGI_APPLICATION.replace(".app", ":app"),
        loop="uvloop",
        http=Protocol,
        ws="none",
        access_log=False,
        log_config=None,  # settings.LOGGING is for everything
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # chatapp/http/trusted_proxies.py
        timeout_graceful_shutdown=SECONDS_TO_STOP,
    )


class Server(uvicorn.Server):
    def __init__(
        self, listening: ListeningSocket, parent: int | None, sandbox: SandboxProcess | None
    ) -> None:
        super().__init__(config())
        self.listening, self.parent, self.sandbox = listening, parent, sandbox
        self.error = ""

    def run_until_stopped(self) -> None:
        """Serve until a signal; raises SystemExit with a sentence if it stopped with an error."""
        self.run(sockets=[self.listening.socket])
        if self.error:
            raise SystemExit(self.error)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Override uvicorn's: handle SIGHUP (a closed terminal) too, don't re-raise the signal."""
        for number in STOP_SIGNALS:
            nohup = number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN
            if not nohup:
                signal.signal(number, self.handle_exit)
        yield

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.announcing = asyncio.create_task(self.announce())

    async def announce(self) -> None:
        """Print the site's URL as soon as it answers requests."""
        status = await self.first_answer()
        if status < 500:
            print_lines(f"Rapport is on {self.listening.url}", "Ctrl-C stops everything.")
        else:
            self.stop_with_error(
                f"The site started, but answers with an error {status}: see above."
            )

    async def first_answer(self) -> int:
        """HTTP status of /healthz. The request also loads what Django loads lazily."""
        reader, writer = await asyncio.open_connection(*self.listening.socket.getsockname())
        writer.write(
            f"GET /healthz HTTP/1.1\r\nHost: {settings.A_HOST}\r\nConnection: close\r\n\r\n".encode()
        )
        status_line = await reader.readline()
        writer.close()
        return int(status_line.split()[1]) if status_line else 599

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Stop accepting connections, let running answers and their streams end, then the other
        requests. A second Ctrl-C skips the waiting."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        closing = asyncio.create_task(self.close_generation())
        while not (closing.done() or self.force_exit):
            await asyncio.wait([closing], timeout=0.1)
        await super().shutdown(sockets)

    async def close_generation(self) -> None:
        from chatapp.asgi import handler  # loads the site, as the server does at its start

        await runner.runner.close()
        await handler.end_streams(STREAM_SECONDS)

    async def on_tick(self, counter: int) -> bool:
        if not self.should_exit:
            self.stop_if_orphaned()
        return await super().on_tick(counter)

    def stop_if_orphaned(self) -> None:
        if self.sandbox and self.sandbox.has_exited():
            self.stop_with_error("The sandbox has ended, and with it the site: start again.")
        elif self.parent and os.getppid() != self.parent:
            self.stop_with_error("What started the site has ended, and with it the site.")

    def stop_with_error(self, sentence: str) -> None:
        self.error, self.should_exit = sentence, True
