"""Answers made to break the reader: the text that came before is kept, and the failure has a code."""

import asyncio
import gzip
import json
import resource
from typing import Any

import pytest

from chatapp.generation.job import GenerationJob
from chatapp.models import Message
from chatapp.streams import MemoryStreams
from tests.chatapp.generation.test_upstream import answer, generate

__all__ = ["answer"]  # the fixture

DIGITS = "9" * 5_000
DEEP = "[" * 100_000


def data(text: str) -> str:
    return f"data: {text}\n\n"


def chunk(**delta: Any) -> str:
    return data(json.dumps({"choices": [{"index": 0, "delta": delta}]}))


HELLO = chunk(content="Hello")
END = data('{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}') + data("[DONE]")
KEPT = {"status": "interrupted", "text": "Hello", "error": "malformed"}
WHOLE = {"status": "complete", "text": "Hello", "error": ""}
FAILED = {"status": "failed", "text": ""}
CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "digits, then no JSON": ([HELLO, data(f'{{"a": {DIGITS}, "b"}}'), END], KEPT),
    "digits, then too deep": ([HELLO, data(f'{{"a": {DIGITS}, "b": {DEEP}'), END], KEPT),
    "digits with a sign": (
        [HELLO, data(f'{{"usage": {{"prompt_tokens": -{DIGITS}}}}}'), END],
        WHOLE,
    ),
    "digits of a fraction": ([HELLO, data(f'{{"a": {DIGITS}.5e999}}'), END], WHOLE),
    "NaN": (
        [HELLO, data('{"usage": {"prompt_tokens": NaN, "completion_tokens": -Infinity}}'), END],
        WHOLE,
    ),
    "10 to the 400th": ([HELLO, data('{"usage": {"prompt_tokens": 1e400}}'), END], WHOLE),
    "keys twice": (
        [data('{"choices": 5, "choices":[{"delta":{"content":"x","content":"Hello"}}]}'), END],
        WHOLE,
    ),
    "choices of objects in lists": ([HELLO, data('{"choices": [[{"delta": {}}]]}'), END], WHOLE),
    "names of fields that are enormous": ([HELLO, data(f'{{"{DIGITS}": 1}}'), END], WHOLE),
    "comments and retries": ([HELLO, ": x\n" * 50_000, "retry: 9\n" * 50_000, END], WHOLE),
    "events without an end of their names": (
        [HELLO, "event: " + "x" * 100_000 + "\n\n", END],
        WHOLE,
    ),
    "empty lines": ([HELLO, "\n" * 200_000, END], WHOLE),
}


def run(answer: Message, case: dict[str, Any]) -> dict[str, Any]:
    job = GenerationJob.claim(answer.pk, MemoryStreams())
    assert job
    asyncio.run(generate(job, case))
    answer.refresh_from_db()
    return {"status": answer.status, "text": answer.text, "error": answer.error}


@pytest.mark.parametrize("name", CASES)
def test_a_stream_that_is_made_to_break_the_reader(answer: Message, name: str) -> None:
    stream, expected = CASES[name]
    assert run(answer, {"stream": stream}) == expected


@pytest.mark.parametrize("body", [DEEP, f'{{"error": {DIGITS}}}', f'{{"a": {DIGITS}, "b"}}', "NaN"])
@pytest.mark.parametrize("status", [200, 400, 503])
def test_a_body_that_is_made_to_break_the_reader(answer: Message, status: int, body: str) -> None:
    headers = {"Content-Type": "application/json", "Retry-After": "0"}
    case = {"stream": [body], "response": status, "headers": headers}
    found = run(answer, case)
    assert found["status"] == "failed"
    assert found["error"] in ("malformed", "rejected", "server_error", "unavailable", "overloaded")


@pytest.mark.parametrize(
    "headers", [{f"X-{n}": "x" * 50 for n in range(2_000)}, {"X-Long": "x" * 200_000}]
)
def test_headers_without_measure(answer: Message, headers: dict[str, str]) -> None:
    found = run(answer, {"stream": [HELLO, END], "headers": headers})
    assert found["error"] in ("", "cut")


def test_a_compressed_answer_without_measure_takes_little_memory(answer: Message) -> None:
    """400 MB of zeros in 400 kB."""
    bomb = gzip.compress(HELLO.encode() + b"0" * 400_000_000, 9)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = run(answer, {"stream": [{"hex": bomb.hex()}], "headers": {"Content-Encoding": "gzip"}})
    assert found == KEPT
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB
