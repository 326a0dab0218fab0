"""OpenAI's POST /chat/completions, reached through a gateway or without."""

import json
import time
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox import faults, models
from sandbox.answer import Answer, compose
from sandbox.connection import Broken
from sandbox.errors import openai_error
from sandbox.faults import Faults
from sandbox.gateway import Door, GatewayRequest
from sandbox.pictures import TOKENS, without_data
from sandbox.prompts import BadPrompt, Prompt
from sandbox.request_rows import Request
from sandbox.state import State
from sandbox.stream import Stream

Asgi = Response | Broken | Stream


async def chat_completions(http: HttpRequest) -> Asgi:
    state: State = http.app.state.sandbox
    gateway = GatewayRequest.from_headers(state, http.headers, http.url.path)
    if gateway.door is Door.AI_GATEWAY and not gateway.is_authorised:
        return PlainTextResponse("The Helicone key is not known.", 401)  # not proxied: no id
    body = await http.body()
    fields = gateway.logged()
    request = state.log.open(gateway.helicone_id, gateway.organisation, model="", **fields)
    return await _Exchange(http, state, gateway, request, body).answer()


class _Exchange:
    """One request with its log entry, and its answer."""

    def __init__(
        self,
        http: HttpRequest,
        state: State,
        gateway: GatewayRequest,
        request: Request,
        body: bytes,
    ) -> None:
        self.http, self.state, self.gateway = http, state, gateway
        self.request, self.body = request, body

    async def answer(self) -> Asgi:
        if not self.gateway.is_authorised:
            return self._error(401)
        try:
            prompt = Prompt.parse(self.body)
            self._log_prompt(prompt)
            ordered = self._faults(prompt)
        except (BadPrompt, ValueError) as wrong:
            return self._error(400, str(wrong))
        if prompt.pictures and not models.takes_images(prompt.model):
            message = "Invalid content type. image_url is only supported by certain models."
            return self._error(400, message)
        if not models.known(prompt.model):
            message = f"The model `{prompt.model}` does not exist or you do not have access to it."
            return self._error(404, message)
        refusal = self.gateway.refusal(prompt.text, ordered)
        if refusal is not None:
            return self._respond(refusal.status, refusal.body, refusal.headers)
        return self._answer_or_fail(prompt, ordered)

    def _log_prompt(self, prompt: Prompt) -> None:
        self.request.model = prompt.model
        self.request.prompt = prompt.text
        self.request.messages = without_data(prompt.messages)
        words = sum(models.count_tokens(text) for text in prompt.all_texts)
        self.request.prompt_tokens = words + TOKENS * len(prompt.pictures)

    def _faults(self, prompt: Prompt) -> Faults:
        """Injected faults: rules, overridden by the header, overridden by the message."""
        header = self.http.headers.get("sandbox-fault", "")
        own = (faults.parse(header) if header else {}) | prompt.directives
        source = f"{self.request.user} {header} {prompt.raw_text}"
        fault_rules = self.state.fault_rules
        for _ in range(self.gateway.retries + 1):
            injected = fault_rules.roll("completion") | fault_rules.ordered(own, source)
            if injected.get("status", 200) not in (429, *range(500, 600)):
                break
        return injected

    def _answer_or_fail(self, prompt: Prompt, ordered: Faults) -> Asgi:
        key = self.gateway.cache_key(self.body)
        cached = self.state.cache.get(key) if key else None
        if cached and cached[0] > time.time():
            answer = Answer(cached[1])
            self.request.cache = "HIT"
        else:
            answer = compose(prompt, ordered)
            self.request.cache = "MISS" if key else None
            if key:
                expires = time.time() + self.gateway.cache_seconds
                self.state.cache[key] = (expires, answer.text)
        return Stream(self.state, self.request, prompt, answer, ordered, self._headers())

    def _headers(self) -> dict[str, str]:
        headers = self.gateway.answer_headers()
        if self.request.cache:
            headers["Helicone-Cache"] = self.request.cache
        return headers | {"x-request-id": f"req_{self.request.helicone_id}"}

    def _error(self, status: int, message: str | None = None) -> Response:
        return self._respond(status, openai_error(status, message), {})

    def _respond(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> Response:
        self.request.status = status
        self.state.log.close(self.request)
        self.state.calls[f"completion {status}"] += 1
        return Response(
            json.dumps(body), status, self._headers() | headers, media_type="application/json"
        )


async def list_models(http: HttpRequest) -> Response:
    state: State = http.app.state.sandbox
    gateway = GatewayRequest.from_headers(state, http.headers, http.url.path)
    if not gateway.is_authorised:
        return JSONResponse(openai_error(401), 401, gateway.answer_headers())
    listed = [
        {"id": name, "object": "model", "created": 1, "owned_by": "sandbox"}
        for name in models.listed()
    ]
    return JSONResponse({"object": "list", "data": listed}, 200, gateway.answer_headers())
