"""One streamed completion through the gateway, as what happens in it. Knows no models.

The openai client sends the request, and brings its errors and headers; what it streams is read
here. Its own reading builds a validated object per token, which measured as much processor time as
everything else that this site does for a token, three times over.
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
    """The answer begins. The id is Helicone's, there before the first token."""

    helicone_id: UUID | None


@dataclass(frozen=True)
class Delta:
    text: str
    is_refusal: bool = False


@dataclass(frozen=True)
class Finished:
    """Why it ended: the provider's word, such as "stop", "length" or "content_filter"."""

    reason: str


@dataclass(frozen=True)
class Usage:
    prompt_tokens: int
    completion_tokens: int


CompletionEvent = Opened | Delta | Finished | Usage


@dataclass
class Timeouts:
    """How many seconds to wait for the first token, and then between two of them."""

    first_token: float
    stall: float
    started: bool = False

    async def wait(self, coming: Awaitable[T]) -> T:
        """Raises CompletionFailed when it takes too long."""
        try:
            async with asyncio.timeout(self.stall if self.started else self.first_token):
                return await coming
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
    patience: Timeouts,
) -> AsyncGenerator[CompletionEvent, None]:
    """The pieces of one answer, as they come; `messages` as OpenAI takes them. Raises CompletionFailed, and nothing else.

    Closing it closes the connection, so that the provider stops as well.
    """
    request = client.chat.completions.with_streaming_response.create(
        model=model,
        messages=[],
        stream=True,
        stream_options={"include_usage": True},
        extra_headers=dict(headers),
        # The openai client would look through each message for names to change: half of what a
        # short request costs, more with every turn. Ours are as they are sent.
        extra_body={**parameters, "messages": messages},
    )
    async with AsyncExitStack() as stack:
        try:
            response = await patience.wait(stack.enter_async_context(request))
        except CompletionError:
            raise
        except Exception as error:
            raise completion_error_from(error) from error
        yield Opened(helicone.helicone_id(response))
        async for piece in parse_sse(read_chunks(response.iter_bytes(), patience)):
            patience.started = patience.started or isinstance(piece, Delta)
            yield piece


async def read_chunks(chunks: AsyncIterator[bytes], patience: Timeouts) -> AsyncIterator[bytes]:
    while True:
        try:
            chunk = await patience.wait(anext(chunks))
        except StopAsyncIteration:
            return
        except CompletionError:
            raise
        except Exception as error:
            raise completion_error_from(error) from error
        yield chunk


async def parse_sse(chunks: AsyncIterator[bytes]) -> AsyncIterator[CompletionEvent]:
    """The pieces in a body of server-sent events, however it was cut into chunks."""
    rest, finished = b"", False
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        text = ""
        try:
            for piece in parse_lines(lines):
                if isinstance(piece, Delta) and not piece.is_refusal:
                    text += piece.text
                    continue
                if text:
                    yield Delta(text)
                    text = ""
                finished = finished or isinstance(piece, Finished)
                yield piece
        except CompletionError:
            if text:
                yield Delta(text)  # what came before it, in the same chunk
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
    """JSON can carry what no database takes as text: NUL, and half a surrogate pair."""
    if text.isascii() and "\0" not in text:
        return text
    units = text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass")
    return units.decode("utf-16", "replace")
