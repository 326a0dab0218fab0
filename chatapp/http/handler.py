"""ASGI handler for Django with one thread hop per request.

Django's own handler changes threads for each synchronous middleware and view. All of this site's
are synchronous, so a whole request is handled in one thread. Streaming responses are iterated on
the event loop, where a waiting reader costs no thread.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.http import HttpResponse, HttpResponseBase
from django.urls import set_script_prefix

from chatapp.concurrency import run_in, run_in_thread
from chatapp.http.request_body import RequestBody, read_body
from chatapp.http.upload_queue import TooBusy, UploadQueue
from chatapp.observability import tracing
from chatapp.views import errors

Scope = dict[str, Any]
PROBE_SECONDS = 5  # longest wait for what a probe checks


class SingleThreadASGIHandler(ASGIHandler):
    def __init__(self, probe_seconds: float = PROBE_SECONDS) -> None:
        super().__init__()
        self.streams: set[asyncio.Task[None]] = set()
        self.closing = asyncio.Event()
        self.uploads = UploadQueue()
        self.probe_thread = ThreadPoolExecutor(1, thread_name_prefix="probe")
        self.probe_seconds = probe_seconds

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await read_body(scope, receive)
        except RequestAborted:
            return
        except TimeoutError:
            await self.send_response(errors.too_slow(self.request_of(scope)), send)
            return
        with body:
            if scope["path"] in settings.PROBES and scope["method"] in ("GET", "HEAD"):
                response = await self.probe(scope, body)
            else:
                response = await self.answer(scope, body)
            if response.streaming:
                await self.stream(response, receive, send)
            else:
                await self.send_response(response, send)

    async def answer(self, scope: Scope, body: RequestBody) -> HttpResponseBase:
        try:
            async with self.uploads.place(body):
                return await run_in_thread(self.respond, scope, body)
        except TooBusy:
            return errors.too_busy(self.request_of(scope))

    async def probe(self, scope: Scope, body: RequestBody) -> HttpResponseBase:
        """Answer a probe in a thread of its own, which no other request can hold."""
        try:
            async with asyncio.timeout(self.probe_seconds):
                return await run_in(self.probe_thread, partial(self.respond, scope, body))
        except TimeoutError:
            words = "The database doesn't answer in time.\n"
            return HttpResponse(words, status=503, content_type="text/plain")

    def request_of(self, scope: Scope) -> ASGIRequest:
        """The request without its body, for words in the language that it asks for."""
        return ASGIRequest(scope, BytesIO())

    def respond(self, scope: Scope, body: RequestBody) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, error = self.create_request(scope, body)
        if request is None:
            response = error
        elif body.is_too_big:
            response = errors.too_big(request)
            response.headers["Connection"] = "close"  # else the rest would still be read
        else:
            response = self.get_response(request)
            if match := request.resolver_match:
                tracing.name_request(match.route)
        assert response is not None  # noqa: S101 - one of the two is always there
        if not response.streaming:
            # All of it is in memory: release the request's resources in this same thread.
            response.close()
        return response

    async def stream(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        sending = asyncio.create_task(self.send_response(response, send))
        disconnecting = asyncio.create_task(self.listen_for_disconnect(receive))
        closing = asyncio.create_task(self.closing.wait())
        tasks = {sending, disconnecting, closing}
        self.streams.add(sending)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.streams.discard(sending)
            await run_in_thread(response.close)
        if not sending.done() or sending.cancelled():
            await send({"type": "http.response.body"})

    async def end_streams(self, seconds: float) -> None:
        """Wait `seconds` for streaming responses to end, then end them: browsers reconnect."""
        if self.streams:
            await asyncio.wait(self.streams, timeout=seconds)
        self.closing.set()
