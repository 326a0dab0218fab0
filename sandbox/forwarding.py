"""Helicone's gateway for any provider: forwards a request to the one Helicone-Target-URL names."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import httpx2
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.connection import Watcher, break_connection, start_message
from sandbox.faults import Faults
from sandbox.forwarded_answer import ForwardedAnswer
from sandbox.gateway import GatewayRequest
from sandbox.prompts import BadPrompt, Prompt
from sandbox.state import State

_ORIGIN = re.compile(r"https?://[^/?#\s@]+/?")
# Of one connection, or of ours alone: neither side of a gateway is told the other's.
_OURS = {"host", "connection", "content-length", "transfer-encoding", "keep-alive", "te"}
_OURS |= {"accept-encoding", "content-encoding", "upgrade", "sandbox-fault", "date", "server"}


class TargetGateway:
    """ASGI middleware: forwards what has the header Helicone-Target-URL, and passes on the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        http = HttpRequest(scope, receive) if scope["type"] == "http" else None
        target = http.headers.get("helicone-target-url") if http else None
        if http is None or target is None:
            await self.app(scope, receive, send)
        elif not _ORIGIN.fullmatch(target):
            wrong = JSONResponse({"error": "Helicone-Target-URL is no origin."}, 400)
            await wrong(scope, receive, send)  # not proxied: no id
        else:
            try:
                await _Forward(http, target.rstrip("/"), send).run()
            except ClientDisconnect:
                return


class _TooLarge(Exception):
    """A body over the limit."""


@dataclass
class _Forward:
    """One request on its way to the target, and the answer on its way back."""

    http: HttpRequest
    target: str
    send: Send
    is_started: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.state: State = self.http.app.state.sandbox
        self.gateway = GatewayRequest.from_headers(self.state, self.http.headers)

    async def run(self) -> None:
        try:
            body = b"".join([part async for part in self._limited(self.http.stream())])
        except _TooLarge:
            await self._respond(JSONResponse({"error": "The body is too large."}, 413))
            return
        prompt = _prompt(body)
        refusal = self.gateway.refusal(prompt.text if prompt else "", Faults())
        if refusal:
            headers = self.gateway.answer_headers() | refusal.headers
            await self._respond(JSONResponse(refusal.body, refusal.status, headers))
            return
        client = Watcher(self.http.receive)
        exchange = asyncio.create_task(self._exchange(body, prompt))
        await asyncio.wait({exchange, client.task}, return_when=asyncio.FIRST_COMPLETED)
        exchange.cancel()  # without effect on one that has ended
        client.stop()
        await asyncio.wait({exchange})
        if not exchange.cancelled():
            exchange.result()

    async def _exchange(self, body: bytes, prompt: Prompt | None) -> None:
        """Raises nothing of the target's: a failure is a 500 before the answer, a cut in it."""
        try:
            async with asyncio.timeout(self.state.settings.forward_seconds):
                await self._forward(body, prompt)
        except (httpx2.HTTPError, TimeoutError, _TooLarge) as error:
            if self.is_started:
                break_connection(self.http.scope)
            else:  # as before proxying: no id, and nothing is logged
                text = f"The target can't be reached: {type(error).__name__}"
                await self._respond(JSONResponse({"error": text}, 500))

    async def _forward(self, body: bytes, prompt: Prompt | None) -> None:
        url = self.target + self.http.url.path
        headers = _passed_on(self.http.headers)
        # Not compressed, so that the answer can be read for the log.
        headers["accept-encoding"] = "identity"
        async with (
            httpx2.AsyncClient(trust_env=False, timeout=self.state.settings.forward_seconds) as far,
            far.stream(
                self.http.method,
                url,
                params=dict(self.http.query_params),
                content=body,
                headers=headers,
            ) as response,
        ):
            await self._pass_back(response, prompt)

    async def _pass_back(self, response: httpx2.Response, prompt: Prompt | None) -> None:
        answer = ForwardedAnswer.opened(self.state, self.gateway, prompt, response)
        try:
            self.is_started = True
            headers = _passed_on(response.headers) | self.gateway.answer_headers()
            await self.send(start_message(response.status_code, headers))
            async for part in self._limited(response.aiter_bytes()):
                answer.read(part)
                await self.send({"type": "http.response.body", "body": part, "more_body": True})
            answer.end()
            await self.send({"type": "http.response.body", "body": b""})
        finally:
            answer.close()

    async def _limited(self, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The parts of a body. Raises _TooLarge."""
        size = 0
        async for part in parts:
            size += len(part)
            if size > self.state.settings.forward_max_bytes:
                raise _TooLarge
            yield part

    async def _respond(self, response: Response) -> None:
        await response(self.http.scope, self.http.receive, self.send)


def _passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers without Helicone's, of which a target behind a gateway of its own may have some."""
    return {
        name: value
        for name, value in headers.items()
        if name not in _OURS and not name.startswith("helicone-")
    }


def _prompt(body: bytes) -> Prompt | None:
    """The completion that a body asks for; None for another request, or an invalid one."""
    try:
        return Prompt.parse(body)
    except (BadPrompt, ValueError):
        return None
