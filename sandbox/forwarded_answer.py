"""Log entry of a forwarded request, filled from its answer while that passes through."""

import contextlib
import json
from dataclasses import dataclass, field
from typing import Any, Self

import httpx2

from sandbox.gateway import GatewayRequest
from sandbox.pictures import without_data
from sandbox.prompts import Prompt
from sandbox.request_rows import Request
from sandbox.state import State


@dataclass
class ForwardedAnswer:
    """An answer in OpenAI's format, whole or as events; what has another format leaves no text."""

    state: State
    request: Request
    is_stream: bool
    unread: bytearray = field(default_factory=bytearray)

    @classmethod
    def opened(
        cls,
        state: State,
        gateway: GatewayRequest,
        prompt: Prompt | None,
        response: httpx2.Response,
    ) -> Self:
        request = state.log.open(
            gateway.helicone_id, gateway.organisation, model="", **gateway.logged()
        )
        request.status = response.status_code
        if prompt:
            request.model, request.prompt = prompt.model, prompt.text
            request.messages = without_data(prompt.messages)
        is_stream = response.headers.get("content-type", "").startswith("text/event-stream")
        return cls(state, request, is_stream)

    def read(self, part: bytes) -> None:
        self.unread += part
        if self.is_stream:
            *lines, rest = bytes(self.unread).split(b"\n")
            self.unread = bytearray(rest)
            for line in lines:
                self._read_event(line)

    def end(self) -> None:
        """The body has arrived whole."""
        self.request.complete = True
        self._read_event(bytes(self.unread) if self.is_stream else b"data:" + self.unread)

    def close(self) -> None:
        self.state.log.close(self.request)
        self.state.calls[f"forwarded {self.request.status}"] += 1

    def _read_event(self, line: bytes) -> None:
        if not line.startswith(b"data:"):
            return
        # Whatever the target sends is passed on: what isn't OpenAI's format is only not logged.
        with contextlib.suppress(ValueError, TypeError, AttributeError):
            self._read_data(json.loads(line.removeprefix(b"data:")))

    def _read_data(self, data: Any) -> None:
        for choice in data.get("choices") or []:
            message = choice.get("delta") or choice.get("message") or {}
            self.request.sent_text += message.get("content") or ""
            self.request.finish_reason = choice.get("finish_reason") or self.request.finish_reason
        usage = data.get("usage") or {}
        self.request.prompt_tokens = usage.get("prompt_tokens") or self.request.prompt_tokens
        self.request.completion_tokens = (
            usage.get("completion_tokens") or self.request.completion_tokens
        )
