"""uvicorn's HTTP protocol, with an end to a request's headers in seconds and in bytes.

uvicorn waits for them for ever, and keeps all that come.
"""

from __future__ import annotations

import asyncio

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_BYTES = 64 * 1024
TOO_MUCH = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n"


class Protocol(HttpToolsProtocol):
    patience: asyncio.TimerHandle | None = None  # while headers are awaited
    header_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self.have_headers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.patience:
            self.header_bytes += len(data)
            if self.header_bytes > HEADER_BYTES:
                self.transport.write(TOO_MUCH)
                self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self.patience:
            self.await_headers()

    def on_headers_complete(self) -> None:
        self.have_headers()
        super().on_headers_complete()

    def await_headers(self) -> None:
        self.header_bytes = 0
        self.patience = self.loop.call_later(settings.HEADER_SECONDS, self.transport.close)

    def have_headers(self) -> None:
        if self.patience:
            self.patience.cancel()
            self.patience = None
