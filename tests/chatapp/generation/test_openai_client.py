"""Drawn streams: what the pinned openai client reads, we read, with the same text and end."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chatapp.generation.completion import Timeouts, read_events
from chatapp.generation.errors import CompletionError
from chatapp.generation.events import Delta, Finished
from chatapp.generation.stream_parser import DEFAULT_LIMITS
from chatapp.text.validators import storable_text

MARK = b"\xef\xbb\xbf"
# One emoji, half of it in each chunk.
SPLIT_PAIR = (
    b'data: {"choices": [{"index": 0, "delta": {"content": "\\ud83d"}}]}\n\n'
    b'data: {"choices": [{"index": 0, "delta": {"content": "\\ude00"}}]}\n\n'
)
EVENT_ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r", b"\n\r\n")

words = st.text(st.characters(codec="utf-8"), max_size=6)
texts = st.one_of(
    words,
    words,
    words,
    st.sampled_from(["\0", "\ud83d", "\ude00", "[DONE]", "data: ", "\n\n"]),
)
odd_values: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, -1, 2**31, 2**70, 1.5, float("nan"), "", "x", [], {}, [None], {"a": []}]
)
deltas: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"content": texts},
    optional={
        "role": st.just("assistant"),
        "refusal": st.none() | texts,
        "reasoning_content": texts,
        "tool_calls": st.just([]),
    },
)
choices = st.fixed_dictionaries(
    {"index": st.just(0), "delta": deltas},
    optional={
        "finish_reason": st.sampled_from([None, None, "stop", "length", "content_filter"]),
        "logprobs": st.none(),
    },
)
counts = st.fixed_dictionaries(
    {}, optional={"prompt_tokens": st.integers(), "completion_tokens": st.integers()}
)
chunks = st.fixed_dictionaries(
    {"choices": st.lists(choices, min_size=1, max_size=2)},
    optional={
        "id": st.just("chatcmpl-1"),
        "object": st.just("chat.completion.chunk"),
        "usage": st.none() | counts,
        "error": st.sampled_from([None] * 40 + ["", {}, "oops", {"message": "slow", "code": 429}]),
    },
)


@st.composite
def mutated(draw: st.DrawFn, value: Any) -> Any:
    """The value with one part of it dropped, or replaced by another type."""
    value = json.loads(json.dumps(value))
    place = value
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return value
        key = draw(st.sampled_from(keys))
        inside = isinstance(place[key], dict | list)
        if inside and draw(st.booleans()):
            place = place[key]
        elif isinstance(place, dict) and draw(st.booleans()):
            del place[key]
            return value
        else:
            place[key] = draw(odd_values)
            return value


chunks_or_mutated = st.integers(0, 9).flatmap(
    lambda n: chunks if n < 6 else chunks.flatmap(mutated) if n < 9 else odd_values
)


@st.composite
def events(draw: st.DrawFn) -> bytes:
    """One server-sent event, framed somehow."""
    kind = draw(st.sampled_from(["chunk"] * 20 + ["done", "empty", "comment", "ping", "noise"]))
    end = draw(st.sampled_from(EVENT_ENDS))
    if kind == "chunk":
        chunk = draw(chunks_or_mutated)
        indent = draw(st.sampled_from([None, None, None, 1]))
        ascii_only = draw(st.booleans())
        data = json.dumps(chunk, indent=indent, ensure_ascii=ascii_only)
        space = draw(st.sampled_from([" ", ""]))
        lines = [f"data:{space}{line}" for line in data.split("\n")]
        return (
            end[: len(end) // 2].join(line.encode("utf-8", "surrogatepass") for line in lines) + end
        )
    return {
        "done": b"data: [DONE]",
        "empty": b"data:",
        "comment": b": still here",
        "ping": b'event: ping\ndata: {"type": "ping"}',
        "noise": draw(st.binary(max_size=8)),
    }[kind] + end


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """A stream, whole or broken off at any byte, mostly with its end."""
    body = b"".join(draw(st.lists(events(), max_size=8)))
    if draw(st.booleans()):
        body += b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
    if draw(st.integers(0, 3)) == 0:
        body = body[: draw(st.integers(0, len(body)))]
    return MARK + body if draw(st.integers(0, 7)) == 0 else body


@dataclass
class Reading:
    """What one of the two made of a body; `error` is what it said of its end."""

    text: str = ""
    refusal: str = ""
    finish: str | None = None
    error: str | None = None


def read_by_client(pieces: list[bytes]) -> Reading:
    reading = Reading()
    try:
        with openai_client(pieces).chat.completions.create(
            model="m", messages=[], stream=True
        ) as stream:
            for chunk in stream:
                choice = first_choice(chunk)
                delta = getattr(choice, "delta", None)
                reading.text += text_or_none(getattr(delta, "content", None))
                reading.refusal += text_or_none(getattr(delta, "refusal", None))
                reading.finish = getattr(choice, "finish_reason", None) or reading.finish
    except Exception as error:
        reading.error = type(error).__name__
    return reading


def openai_client(pieces: list[bytes]) -> openai.OpenAI:
    class Pieces(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield from pieces

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, stream=Pieces())

    transport = httpx2.MockTransport(answer)
    return client_made_once().with_options(http_client=httpx2.Client(transport=transport))


@lru_cache
def client_made_once() -> openai.OpenAI:
    return openai.OpenAI(api_key="sk-test", base_url="http://provider.invalid/v1", max_retries=0)


def first_choice(chunk: Any) -> Any:
    choices = getattr(chunk, "choices", None)
    return choices[0] if isinstance(choices, list) and choices else None


def text_or_none(value: Any) -> str:
    return value if isinstance(value, str) else ""


async def read_by_us(pieces: list[bytes]) -> Reading:
    async def arriving() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    reading = Reading()
    try:
        async for event in read_events(arriving(), Timeouts(60, 60), DEFAULT_LIMITS):
            if isinstance(event, Delta) and event.is_refusal:
                reading.refusal += event.text
            elif isinstance(event, Delta):
                reading.text += event.text
            elif isinstance(event, Finished):
                reading.finish = event.reason
    except CompletionError as error:
        reading.error = error.code
    return reading


def cut(body: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    return [body[start:end] for start, end in zip(edges, edges[1:], strict=False)]


@pytest.mark.slow
@settings(  # the same examples in each run, so that CI fails for a change alone
    max_examples=2000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@example(SPLIT_PAIR, [])
@given(bodies(), st.lists(st.integers(0, 4000), max_size=6))
def test_what_the_openai_client_reads_we_read(body: bytes, places: list[int]) -> None:
    # The client loses the event behind a byte order mark. It is given the body without one.
    theirs = read_by_client(cut(body.removeprefix(MARK), places))
    ours = asyncio.run(read_by_us(cut(body, places)))
    if theirs.error:
        # It stops at what is broken, and we may have read further.
        assert ours.text.startswith(storable_text(theirs.text).rstrip("\ufffd"))
        return
    normal = body.removeprefix(MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not normal.endswith(b"\n\n"):
        # It drops an event without its empty line, and we read it.
        assert ours.text.startswith(storable_text(theirs.text).rstrip("\ufffd"))
    else:
        assert (ours.text, ours.refusal) == (
            storable_text(theirs.text),
            storable_text(theirs.refusal),
        )
    has_end = re.search(rb"^data: *\[DONE\]", normal, re.MULTILINE)
    if theirs.finish or has_end:
        assert ours.error is None
    else:
        # It takes the end of the connection for the end of the answer, and we don't.
        assert ours.error or ours.finish
