"""One streamed completion, against the sandbox: what comes, and how each failure is told."""

import json
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import helicone
from chatapp.generation import completion
from chatapp.generation.completion import Timeouts
from chatapp.generation.errors import CompletionError
from chatapp.generation.events import CompletionEvent, Delta, Finished, Opened, Usage
from chatapp.generation.stream_parser import DEFAULT_LIMITS
from chatapp.text.validators import storable_text
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    process = SandboxProcess()
    yield process
    process.stop()


async def ask(
    url: str, text: str, timeouts: Timeouts | None = None, model: str = "eliza"
) -> list[CompletionEvent]:
    settings = helicone.Settings(
        openai_api_key="sk-sandbox", helicone_api_key=SandboxProcess.key, gateway_url=url
    )
    headers = helicone.call_headers(request_id=uuid4(), user="u1")
    async with helicone.async_client(settings, max_retries=0) as client:
        pieces = completion.complete(
            client,
            model=model,
            messages=[{"role": "user", "content": text}],
            parameters={"temperature": 0.1},
            headers=headers,
            timeouts=timeouts or Timeouts(first_token=10, stall=10),
        )
        return [piece async for piece in pieces]


def text_of(pieces: list[CompletionEvent]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Delta))


async def test_an_answer_is_its_id_its_text_its_end_and_its_cost(sandbox: SandboxProcess) -> None:
    opened, *pieces = await ask(sandbox.openai_url, "Hello [[tokens=20]]")
    assert isinstance(opened, Opened)
    logged = sandbox.request(id=str(opened.helicone_id))
    assert text_of(pieces) == logged["sent_text"] != ""
    assert Finished("stop") in pieces
    assert [piece for piece in pieces if isinstance(piece, Usage)]


async def test_a_refusal_is_text_that_is_known_for_one(sandbox: SandboxProcess) -> None:
    pieces = await ask(sandbox.openai_url, "Hello [[refusal]]")
    assert text_of(pieces)
    assert all(piece.is_refusal for piece in pieces if isinstance(piece, Delta))


@pytest.mark.parametrize(
    ("directive", "code"),
    [
        ("status=401", "bad_key"),
        ("status=403", "no_permission"),
        ("status=404", "unknown_model"),
        ("status=429", "rate_limited"),
        ("status=500", "server_error"),
        ("status=503", "server_error"),
        ("status=418", "rejected"),
        ("moderation", "moderated"),
        ("threat", "prompt_threat"),
        ("malformed=3", "malformed"),
        ("error_chunk=3", "server_error"),
        ("cut=3", "cut"),
        ("reset=3", "cut"),
        ("stall=3", "stalled"),
        ("delay=9", "no_first_token"),
        ("wait=9", "no_first_token"),
    ],
)
async def test_each_failure_has_its_own_code(
    sandbox: SandboxProcess, directive: str, code: str
) -> None:
    with pytest.raises(CompletionError) as caught:
        await ask(sandbox.openai_url, f"Hello [[{directive} tokens=20]]", Timeouts(1, 1))
    assert caught.value.code == code


async def test_a_rate_limit_says_how_long_to_wait(sandbox: SandboxProcess) -> None:
    with pytest.raises(CompletionError) as caught:
        await ask(sandbox.openai_url, "Hello [[status=429 retry_after=7]]")
    assert caught.value.retry_after == 7
    assert caught.value.helicone_id


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:9/v1", "no_connection"),
        ("http://no-such-host.invalid/v1", "dns"),
    ],
)
async def test_an_address_that_leads_nowhere(url: str, code: str) -> None:
    with pytest.raises(CompletionError) as caught:
        await ask(url, "Hello")
    assert caught.value.code == code


async def test_a_connection_that_is_not_secure(sandbox: SandboxProcess) -> None:
    with pytest.raises(CompletionError) as caught:
        await ask(sandbox.openai_url.replace("http://", "https://"), "Hello")
    assert caught.value.code == "tls"


BODY = (
    "".join(
        f"data: {json.dumps(event)}\r\n\r\n"
        for event in [
            {"choices": [{"delta": {"role": "assistant", "content": ""}}]},
            {"choices": [{"delta": {"content": "Grüße, 世界 "}}], "usage": None},
            {"choices": [{"delta": {"content": "🙂"}}]},
            {"choices": [{"delta": {}, "finish_reason": "stop"}]},
            {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
        ]
    ).encode()
    + b": a comment\n\ndata: [DONE]\n\n"
)


@given(st.lists(st.integers(0, len(BODY)), max_size=12))
async def test_it_does_not_matter_how_the_body_was_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(BODY)]

    async def chunks() -> AsyncIterator[bytes]:
        for start, end in zip(edges, edges[1:], strict=False):
            yield BODY[start:end]

    stream = completion.read_events(chunks(), Timeouts(first_token=10, stall=10), DEFAULT_LIMITS)
    pieces = [piece async for piece in stream]
    assert text_of(pieces) == "Grüße, 世界 🙂"
    assert pieces[-2:] == [Finished("stop"), Usage(3, 2)]


async def test_what_came_before_a_broken_chunk_is_kept(sandbox: SandboxProcess) -> None:
    """Also where both came in one read, as they do unpaced."""
    settings = helicone.Settings(openai_api_key="sk-sandbox", gateway_url=sandbox.openai_url)
    text = ""
    async with helicone.async_client(settings, max_retries=0) as client:
        with pytest.raises(CompletionError):
            async for piece in completion.complete(
                client,
                model="eliza",
                messages=[{"role": "user", "content": "Hello [[malformed=5 tokens=50]]"}],
                parameters={},
                headers=helicone.call_headers(request_id=uuid4()),
                timeouts=Timeouts(first_token=10, stall=10),
            ):
                text += piece.text if isinstance(piece, Delta) else ""
    assert text.startswith(sandbox.requests()[-1]["sent_text"][:10]) and len(text) > 10


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("plain", "plain"),
        ("café \U0001f600", "café \U0001f600"),
        ("nul\0", "nul\ufffd"),
        ("half \ud83d", "half \ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
    ],
)
def test_what_no_database_takes_is_replaced(said: str, kept: str) -> None:
    assert storable_text(said) == kept
