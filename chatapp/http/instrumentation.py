"""Id, status, duration and span of each request."""

from __future__ import annotations

import re
import time
from typing import Any

from chatapp.observability import metrics, tracing
from chatapp.observability.log_format import new_id, request_id

HEADER = b"x-request-id"
ACCEPTED = re.compile(rb"[A-Za-z0-9-]{8,64}")


class Instrumentation:
    """ASGI middleware: gives each request an id, which its log lines, its response and its answer
    at Helicone carry, counts it, and makes its span. `trusts_proxy`: the id and the trace that a
    proxy sends are taken over."""

    def __init__(self, app: Any, *, trusts_proxy: bool) -> None:
        self.app, self.trusts_proxy = app, trusts_proxy

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = (self.trusts_proxy and sent_id(scope)) or new_id()
        request_id.set(name)
        status, start = 499, time.perf_counter()  # 499: the client left before the response

        async def send_with_id(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (HEADER, name.encode())]
                message = message | {"headers": headers}
            await send(message)

        with tracing.request_span(scope, trusts_proxy=self.trusts_proxy) as record:
            try:
                await self.app(scope, receive, send_with_id)
            except Exception:
                status = 500
                raise
            finally:
                metrics.REQUESTS.labels(status).observe(time.perf_counter() - start)
                record("http.response.status_code", status)


def sent_id(scope: Any) -> str:
    """The id in the request's only X-Request-ID, if it has the form of one."""
    sent = [value for name, value in scope["headers"] if name == HEADER]
    return sent[0].decode() if len(sent) == 1 and ACCEPTED.fullmatch(sent[0]) else ""
