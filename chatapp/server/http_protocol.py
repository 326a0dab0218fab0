"""uvicorn's HTTP protocol with a timeout and a size limit of request headers.

uvicorn has neither, and answers an unreadable request without security headers.
"""

from __future__ import annotations

import asyncio

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chatapp.security_headers import PAGE, transport_security

HEADER_BYTES = 64 * 1024


class Protocol(HttpToolsProtocol):
    header_timer: asyncio.TimerHandle | None = None  # while headers are awaited
    header_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.start_header_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self.cancel_header_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.header_timer:
            self.header_bytes += len(data)
            if self.header_bytes > HEADER_BYTES:
                self.refuse("431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self.header_timer:
            self.start_header_timer()

    def on_headers_complete(self) -> None:
        self.cancel_header_timer()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self.refuse("400 Bad Request", msg)

    def refuse(self, status: str, text: str = "") -> None:
        """Answer a request that the app never sees, and close the connection."""
        own = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(text))}
        headers = {**own, "Connection": "close", **PAGE, **transport_security()}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
        self.transport.write("\r\n".join([*lines, "", text]).encode())
        self.transport.close()

    def start_header_timer(self) -> None:
        self.header_bytes = 0
        self.header_timer = self.loop.call_later(settings.HEADER_SECONDS, self.transport.close)

    def cancel_header_timer(self) -> None:
        if self.header_timer:
            self.header_timer.cancel()
            self.header_timer = None
