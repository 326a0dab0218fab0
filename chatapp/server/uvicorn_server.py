"""The web server: one process, quiet, and over when its parent or its stand-in is."""

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
from chatapp.server.messages import say
from chatapp.server.sandbox_process import SandboxProcess

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_HEAR = 1  # for readers to hear the end of what they read
SECONDS_TO_STOP = 3  # for requests under way; an open stream would else keep the site for ever


def config() -> uvicorn.Config:
    """One process on uvloop and httptools, which says only what is wrong."""
    return uvicorn.Config(
        settings.ASGI_APPLICATION.replace(".app", ":app"),
        loop="uvloop",
        http=Protocol,
        ws="none",
        access_log=False,
        log_config=None,  # settings.LOGGING is for everything
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_STOP,
    )


class Server(uvicorn.Server):
    def __init__(
        self, own: ListeningSocket, parent: int | None, stand_in: SandboxProcess | None
    ) -> None:
        super().__init__(config())
        self.own, self.parent, self.stand_in = own, parent, stand_in
        self.complaint = ""

    def run_until_stopped(self) -> None:
        """Returns when told to stop; raises SystemExit with a sentence when something else ended."""
        self.run(sockets=[self.own.socket])
        if self.complaint:
            raise SystemExit(self.complaint)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, for SIGHUP too (a closed terminal), and without dying of the signal."""
        for number in STOPPING:
            nohup = number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN
            if not nohup:
                signal.signal(number, self.handle_exit)
        yield

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.announcing = asyncio.create_task(self.announce())

    async def announce(self) -> None:
        """Say where the site is as soon as it answers."""
        status = await self.first_answer()
        if status < 500:
            say(f"Rapport is on {self.own.url}", "Ctrl-C stops everything.")
        else:
            self.complain(f"The site started, but answers with an error {status}: see above.")

    async def first_answer(self) -> int:
        """The status of /healthz. Also loads what Django loads with the first request."""
        host = settings.ALLOWED_HOSTS[0].replace("*", "").lstrip(".") or "localhost"
        reader, writer = await asyncio.open_connection(*self.own.socket.getsockname())
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        status_line = await reader.readline()
        writer.close()
        return int(status_line.split()[1]) if status_line else 599

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Nobody is let in any more, and the answers under way end, each with its readers. Who
        reads what another process writes goes on there. Only then does the rest get its seconds.
        Ctrl-C twice waits for nothing."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        closing = asyncio.create_task(self.close_answers())
        while not (closing.done() or self.force_exit):
            await asyncio.wait([closing], timeout=0.1)
        await super().shutdown(sockets)

    async def close_answers(self) -> None:
        from chatapp.asgi import handler  # loads the site, as the server does at its start

        await runner.runner.close()
        await handler.end_streams(SECONDS_TO_HEAR)

    async def on_tick(self, counter: int) -> bool:
        if not self.should_exit:
            self.end_with_the_others()
        return await super().on_tick(counter)

    def end_with_the_others(self) -> None:
        if self.stand_in and self.stand_in.is_over():
            self.complain("The sandbox has ended, and with it the site: start again.")
        elif self.parent and os.getppid() != self.parent:
            self.complain("What started the site has ended, and with it the site.")

    def complain(self, sentence: str) -> None:
        self.complaint, self.should_exit = sentence, True
