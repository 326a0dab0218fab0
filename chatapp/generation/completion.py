"""One streamed completion through the gateway, as a series of events. Imports no models.

The openai client sends the request and raises its errors; this module parses the event stream.
The client's own parser builds a validated object per token, which took three times the CPU of
everything else that this site does for a token.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import helicone
from chatapp.generation.errors import CompletionError, completion_error_from

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    """Response headers received, before the first token; `helicone_id` comes from them."""

    helicone_id: UUID | None


@dataclass(frozen=True)
class Delta:
    text: str
    is_refusal: bool = False


@dataclass(frozen=True)
class Finished:
    """The provider's finish reason, such as "stop", "length" or "content_filter"."""

    reason: str


@dataclass(frozen=True)
class Usage:
    prompt_tokens: int
    completion_tokens: int


CompletionEvent = Opened | Delta | Finished | Usage


@dataclass
class Timeouts:
    """Seconds to wait for the first token, and then between two tokens."""

    first_token: float
    stall: float
    started: bool = False

    async def wait(self, awaitable: Awaitable[T]) -> T:
        """Raises CompletionError on timeout."""
        try:
            async with asyncio.timeout(self.stall if self.started else self.first_token):
                return await awaitable
        except TimeoutError as error:
            code = "stalled" if self.started else "no_first_token"
            raise CompletionError(code, "The provider fell silent.") from error


async def complete(
    client: AsyncOpenAI,
    *,
    model: str,
    messages: Any,
    parameters: Mapping[str, Any],
    headers: Mapping[str, str],
    timeouts: Timeouts,
) -> AsyncGenerator[CompletionEvent, None]:
    """Stream one completion as events; `messages` in OpenAI's format. Raises only CompletionError.

    Closing the generator closes the connection, so that the provider stops as well.
    """
    request = client.chat.completions.with_streaming_response.create(
        model=model,
        messages=[],
        stream=True,
        stream_options={"include_usage": True},
        extra_headers=dict(headers),
        # The openai client would search each message for keys to transform: half the CPU of a
        # short request, more with every turn. These need no transformation.
        extra_body={**parameters, "messages": messages},
    )
    async with AsyncExitStack() as stack:
        try:
            response = await timeouts.wait(stack.enter_async_context(request))
        except CompletionError:
            raise
        except Exception as error:
            raise completion_error_from(error) from error
        yield Opened(helicone.helicone_id(response))
        async for event in parse_sse(read_chunks(response.iter_bytes(), timeouts)):
            timeouts.started = timeouts.started or isinstance(event, Delta)
            yield event


async def read_chunks(chunks: AsyncIterator[bytes], timeouts: Timeouts) -> AsyncIterator[bytes]:
    while True:
        try:
            chunk = await timeouts.wait(anext(chunks))
        except StopAsyncIteration:
            return
        except CompletionError:
            raise
        except Exception as error:
            raise completion_error_from(error) from error
        yield chunk


async def parse_sse(chunks: AsyncIterator[bytes]) -> AsyncIterator[CompletionEvent]:
    """Parse a body of server-sent events, cut into chunks anywhere. Raises CompletionError."""
    rest, finished = b"", False
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        text = ""
        try:
            for event in parse_lines(lines):
                if isinstance(event, Delta) and not event.is_refusal:
                    text += event.text
                    continue
                if text:
                    yield Delta(text)
                    text = ""
                finished = finished or isinstance(event, Finished)
                yield event
        except CompletionError:
            if text:
                yield Delta(text)  # received before the error, in the same chunk
            raise
        if text:
            yield Delta(text)
    if not finished:
        raise CompletionError("cut", "The stream ended without saying that it was finished.")


def parse_lines(lines: list[bytes]) -> Iterator[CompletionEvent]:
    for line in lines:
        if not line.startswith(b"data:"):
            continue
        data = line[5:].strip()
        if data == b"[DONE]":
            return
        yield from parse_event(data)


def parse_event(data: bytes) -> Iterator[CompletionEvent]:
    try:
        event = json.loads(data)
        if event.get("error"):
            raise CompletionError("server_error", str(event["error"])[:500])
        for choice in event["choices"][:1]:
            delta = choice.get("delta") or {}
            if delta.get("content"):
                yield Delta(without_nul(delta["content"]))
            if delta.get("refusal"):
                yield Delta(without_nul(delta["refusal"]), is_refusal=True)
            if choice.get("finish_reason"):
                yield Finished(choice["finish_reason"])
        if usage := event.get("usage"):
            yield Usage(usage["prompt_tokens"], usage["completion_tokens"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CompletionError("malformed", f"A chunk made no sense: {data[:200]!r}") from error


def without_nul(text: str) -> str:
    """Replace what JSON can carry and no database stores: NUL and lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    units = text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass")
    return units.decode("utf-16", "replace")
