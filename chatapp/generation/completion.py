"""One streamed completion through the gateway, as a series of events. Imports no models.

The openai client sends the request and raises its errors; StreamParser reads the event stream.
The client's own parser builds a validated object per token, which took three times the CPU of
everything else that this site does for a token.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import helicone
from chatapp.generation.errors import CompletionError, completion_error_from
from chatapp.generation.events import CompletionEvent, Delta, Finished, Ignored, Opened, Thinking
from chatapp.generation.stream_parser import DEFAULT_LIMITS, Limits, StreamParser
from chatapp.observability import tracing

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")
FOREVER = float("inf")
# After the finish reason only token counts and the end mark come, if anything.
AFTER_FINISH_SECONDS = 5
# For the end of the body after the end mark: a body read to its end lets the connection be reused.
CLOSE_SECONDS = 0.1


@dataclass
class Timeouts:
    """Seconds to wait for the first text or thinking, then between two of them, and for text while
    the model is thinking. Comments and empty deltas don't count."""

    first_token: float
    stall: float
    thinking: float = 600
    started: bool = False
    deadline: float | None = None
    thinking_deadline: float = FOREVER

    async def wait(self, awaitable: Awaitable[T]) -> T:
        """Raises CompletionError on timeout."""
        if self.deadline is None:
            self.deadline = now() + (self.stall if self.started else self.first_token)
        try:
            async with asyncio.timeout_at(self.limit):
                return await awaitable
        except TimeoutError as error:
            raise self.error() from error

    def error(self) -> CompletionError:
        if self.thinking_deadline <= now():
            return CompletionError("thinking_too_long", "The model thought without answering.")
        code = "stalled" if self.started else "no_first_token"
        return CompletionError(code, "The provider fell silent.")

    def restart(self, events: list[CompletionEvent]) -> CompletionError | None:
        """Wait anew after text or thinking. Returns an error if time is up without them: reading
        what is buffered already never waits."""
        for event in events:
            if isinstance(event, Delta):
                self.started, self.deadline, self.thinking_deadline = True, None, FOREVER
            elif isinstance(event, Thinking):
                self.started, self.deadline = True, None
                self.thinking_deadline = min(self.thinking_deadline, now() + self.thinking)
            elif isinstance(event, Finished):
                self.deadline = now() + min(self.stall, AFTER_FINISH_SECONDS)
        if self.deadline is None and not self.is_thinking:
            return None
        return self.error() if self.limit <= now() else None

    @property
    def is_thinking(self) -> bool:
        return self.thinking_deadline != FOREVER

    @property
    def limit(self) -> float:
        return min(FOREVER if self.deadline is None else self.deadline, self.thinking_deadline)


def now() -> float:
    return asyncio.get_running_loop().time()


async def complete(
    client: AsyncOpenAI,
    *,
    model: str,
    messages: Any,
    parameters: Mapping[str, Any],
    headers: Mapping[str, str],
    timeouts: Timeouts,
    limits: Limits = DEFAULT_LIMITS,
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
        record = stack.enter_context(completion_span(client, model, headers))
        try:
            response = await timeouts.wait(stack.enter_async_context(request))
        except Exception as error:
            raise completion_error_from(error) from error
        record("http.response.status_code", response.status_code)
        yield Opened(helicone.helicone_id(response))
        chunks = response.iter_bytes()
        async for event in read_events(chunks, timeouts, limits):
            yield event
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSE_SECONDS):
                async for _ in chunks:
                    pass


def completion_span(
    client: AsyncOpenAI, model: str, headers: Mapping[str, str]
) -> AbstractContextManager[tracing.Record]:
    """Span from the request to the end of the body, an error with its code."""
    attributes = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model}
    attributes |= tracing.about(headers.get("Helicone-Request-Id"))
    return tracing.call_span(
        f"chat {model}", str(client.base_url), attributes, error_type=attrgetter("code")
    )


async def read_events(
    chunks: AsyncIterator[bytes], timeouts: Timeouts, limits: Limits
) -> AsyncGenerator[CompletionEvent, None]:
    """Read the body of a completion, cut into chunks anywhere. Raises CompletionError.

    What arrived is never lost, whatever follows: a failure is raised after all events before it,
    and ignored once the answer is finished.
    """
    parser = StreamParser(limits)
    failure: CompletionError | None = None
    is_open = True
    while is_open and not (failure or parser.is_done or parser.failure):
        try:
            events = parser.feed(await timeouts.wait(anext(chunks)))
            failure = timeouts.restart(events)
        except StopAsyncIteration:
            is_open, events = False, parser.end()
        except Exception as error:
            failure, events = completion_error_from(error), parser.end()
        for event in events:
            yield event
    if not parser.is_done:
        parser.failure = parser.suspected or failure or parser.failure
    failure = parser.failure
    if failure and parser.is_finished:
        yield Ignored(f"{failure.code} after the end")
    elif failure:
        raise failure
