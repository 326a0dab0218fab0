"""ASGI handler for Django with one thread hop per request.

Django's own handler changes threads for each synchronous middleware and view. All of this site's
are synchronous, so a whole request is handled in one thread. Streaming responses are iterated on
the event loop, where a waiting reader costs no thread.
"""

import asyncio
from typing import Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpResponseBase
from django.urls import set_script_prefix

from chatapp.concurrency import run_in_thread
from chatapp.http.request_body import RequestBody, read_body
from chatapp.http.upload_queue import TooBusy, UploadQueue
from chatapp.observability import tracing
from chatapp.views import errors

Scope = dict[str, Any]


class SingleThreadASGIHandler(ASGIHandler):
    def __init__(self) -> None:
        super().__init__()
        self.streams: set[asyncio.Task[None]] = set()
        self.closing = asyncio.Event()
        self.uploads = UploadQueue()

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await read_body(scope, receive)
        except RequestAborted:
            return
        except TimeoutError:
            await self.send_response(errors.too_slow(), send)
            return
        with body:
            try:
                async with self.uploads.place(body):
                    response = await run_in_thread(self.respond, scope, body)
            except TooBusy:
                response = errors.too_busy()
            if response.streaming:
                await self.stream(response, receive, send)
            else:
                await self.send_response(response, send)

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
