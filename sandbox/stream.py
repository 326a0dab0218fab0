"""Response with an answer: whole, or as a paced stream of events, with injected faults."""

import asyncio
import json
import time
from typing import Any

from starlette.types import Receive, Scope, Send

from sandbox.answer import Answer
from sandbox.connection import Watcher, break_connection, start_message
from sandbox.errors import openai_error, repetition
from sandbox.faults import Faults
from sandbox.models import count_tokens, tokens
from sandbox.prompts import Prompt
from sandbox.request_rows import Request
from sandbox.state import State

_PLACEHOLDER = "the token"
PLAIN = {"content-type": "text/plain; charset=utf-8"}
_YIELD_EVERY = 50  # unpaced tokens between two yields to other tasks


class Stream:
    """ASGI response whose sent text is logged exactly, however it ends."""

    def __init__(
        self,
        state: State,
        request: Request,
        prompt: Prompt,
        answer: Answer,
        faults: Faults,
        headers: dict[str, str],
    ) -> None:
        self.state, self.request, self.prompt = state, request, prompt
        self.answer, self.faults, self.headers = answer, faults, headers
        self.name = f"chatcmpl-{request.helicone_id}"
        self.created = int(time.time())
        self.paced = request.cache != "HIT"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.send = scope, send
        self.client = Watcher(receive)
        try:
            await self._run()
        finally:
            self.client.stop()
            self.state.log.close(self.request)
            self.state.calls[f"completion {self.request.status}"] += 1

    async def _run(self) -> None:
        if "wait" in self.faults:
            await self.client.sleep(self.faults["wait"])
        delay = self.faults.get("delay", self.state.settings.first_token_delay)
        if self.prompt.stream and "status" not in self.faults and "hang" not in self.faults:
            await self._stream(delay)
            return
        if delay:
            await self.client.sleep(delay)
        if "hang" in self.faults:
            await self.client.sleep(None)
        elif "status" in self.faults:
            await self._fail(int(self.faults["status"]))
        else:
            await self._send_whole()

    async def _fail(self, status: int) -> None:
        extra = (
            {"retry-after": f"{self.faults['retry_after']:g}"}
            if self._sends_retry_after(status)
            else {}
        )
        self.request.status = status
        if self.faults.get("repeat") == 2:
            await self._body(status, self._repetition() or "", extra | PLAIN)
        else:
            await self._json(status, openai_error(status, self._repetition()), extra)

    def _repetition(self) -> str | None:
        if "repeat" not in self.faults:
            return None
        return repetition(self.scope["headers"], self.prompt.raw_text)

    def _sends_retry_after(self, status: int) -> bool:
        if status == 429:
            self.faults.setdefault("retry_after", 1)
        return "retry_after" in self.faults

    async def _json(self, status: int, body: dict[str, Any], extra: dict[str, str]) -> None:
        await self._body(status, json.dumps(body), {"content-type": "application/json"} | extra)

    async def _body(self, status: int, text: str, extra: dict[str, str]) -> None:
        await self.send(start_message(status, self.headers | extra))
        await self.send({"type": "http.response.body", "body": text.encode()})

    async def _send_whole(self) -> None:
        pieces = self.answer.tokens()
        if self.paced and self._rate():
            await self.client.sleep(len(pieces) / self._rate())
        if "cut" in self.faults or "reset" in self.faults:
            break_connection(self.scope, reset="reset" in self.faults)
            await self.client.sleep(None)
            return
        self.request.sent_text, self.request.completion_tokens = self.answer.text, len(pieces)
        self._finish()
        await self._json(200, self._completion(), {})

    def _completion(self) -> dict[str, Any]:
        message = {
            "role": "assistant",
            "content": None if self.answer.refusal else self.answer.text,
            "refusal": self.answer.refusal,
        }
        if self.answer.reasoning:
            message["reasoning_content"] = self.answer.reasoning
        choice = {"index": 0, "message": message, "logprobs": None}
        choice["finish_reason"] = self.answer.finish_reason
        head = self._head("chat.completion")
        return head | {"choices": [choice], "usage": self._usage()}

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.name,
            "object": kind,
            "created": self.created,
            "model": self.prompt.model,
            "system_fingerprint": "fp_sandbox",
        }

    def _usage(self) -> dict[str, int]:
        done = count_tokens(self.request.sent_text)
        asked = self.request.prompt_tokens
        return {
            "prompt_tokens": asked,
            "completion_tokens": done,
            "total_tokens": asked + done,
        }

    def _rate(self) -> float:
        return self.faults.get("tps", self.state.settings.tokens_per_second)

    def _finish(self) -> None:
        self.request.complete = True
        self.request.finish_reason = self.answer.finish_reason

    async def _stream(self, delay: float) -> None:
        headers = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
        await self.send(start_message(200, headers | self.headers))
        await self._chunk({"role": "assistant", "content": "", "refusal": None})
        if delay:
            await self.client.sleep(delay)
        if await self._content():
            await self._end()

    async def _content(self) -> bool:
        """Send the tokens. Returns False if the answer ended early."""
        if self.answer.refusal:
            await self._chunk({"refusal": self.answer.refusal})
        if not await self._reasoning():
            return False
        before, after = self._json_chunk({"content": _PLACEHOLDER}).split(json.dumps(_PLACEHOLDER))
        start, rate = time.monotonic(), self._rate() if self.paced else 0
        for number, piece in enumerate(self.answer.tokens()):
            if await self._apply_faults(number):
                return False
            if rate:
                await self._sleep_until(start + number / rate)
            elif number % _YIELD_EVERY == 0:
                await asyncio.sleep(0)
            if self.client.is_closed:
                return False
            await self._event(before + json.dumps(piece) + after)
            self.request.sent_text += piece
            self.request.completion_tokens += 1
        return not await self._apply_faults(len(self.answer.tokens()), last=True)

    async def _reasoning(self) -> bool:
        """Send the reasoning. Returns False if the client has gone."""
        start, rate = time.monotonic(), self._rate() if self.paced else 0
        for number, piece in enumerate(tokens(self.answer.reasoning)):
            if rate:
                await self._sleep_until(start + number / rate)
            if self.client.is_closed:
                return False
            await self._chunk({"reasoning_content": piece})
        return True

    async def _sleep_until(self, moment: float) -> None:
        wait = moment - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)

    async def _apply_faults(self, number: int, *, last: bool = False) -> bool:
        """Apply the faults due after `number` tokens. Returns True if the answer ends with one."""
        due = {
            kind
            for kind in ("stall", "malformed", "error_chunk", "cut", "reset")
            if kind in self.faults
            and (number == self.faults[kind] or (last and number < self.faults[kind]))
        }
        if "stall" in due:
            await self.client.sleep(self.faults.get("stall_seconds", 0) or None)
        if "malformed" in due:
            await self._event('{"choices": [{"delta": {"content": "brok')
        if "error_chunk" in due:
            # As the provider does: the error is the last event of a regularly ended body.
            await self._event(json.dumps(openai_error(500, self._repetition())))
            await self.send({"type": "http.response.body", "body": b""})
        if due & {"cut", "reset"}:
            break_connection(self.scope, reset="reset" in due)
            await self.client.sleep(None)
        return self.client.is_closed or bool(due & {"error_chunk"})

    async def _end(self) -> None:
        self._finish()
        await self._chunk({}, self.answer.finish_reason)
        if self.prompt.include_usage:
            head = self._head("chat.completion.chunk")
            await self._event(json.dumps(head | {"choices": [], "usage": self._usage()}))
        if "no_done" not in self.faults:
            await self._event("[DONE]")
        await self.send({"type": "http.response.body", "body": b""})

    async def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> None:
        await self._event(self._json_chunk(delta, finish_reason))

    def _json_chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        chunk = self._head("chat.completion.chunk") | {"choices": [choice]}
        if self.prompt.include_usage:
            chunk["usage"] = None
        return json.dumps(chunk)

    async def _event(self, data: str) -> None:
        body = f"data: {data}\n\n".encode()
        await self.send({"type": "http.response.body", "body": body, "more_body": True})
