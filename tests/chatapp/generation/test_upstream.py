"""What providers are known to send, by kind, and what becomes of it in the database."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from pytest_django import Settings

import helicone
from chatapp.generation import titles
from chatapp.generation.job import GenerationJob
from chatapp.models import Assistant, Conversation, Message, User
from chatapp.streams import MemoryStreams
from tests.chatapp.generation.raw_server import RawServer, raw_server

CASES = json.loads(Path(__file__).with_name("upstream_cases.json").read_text())
ANSWERS = [case for case in CASES if "title" not in case["expected"]]
TITLES = [case for case in CASES if "title" in case["expected"]]
SECONDS_TO_WAIT = 5000


def name_of(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.fixture
def answer(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Message:
    # Threads keep their connections, and no database with connections can be dropped.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    # A test of transactions empties the tables, the first assistant with them.
    assistant = Assistant.objects.create(slug="test", name="Test")
    assistant.versions.create(number=1, model="m")
    return Conversation.objects.start(User.objects.create_guest(), assistant).ask("Hello?")


async def generate(answer: GenerationJob, case: dict[str, Any]) -> RawServer:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=SECONDS_TO_WAIT), usegmt=True)
    headers = {name: text.format(date=date) for name, text in case.get("headers", {}).items()}
    async with raw_server(case["stream"], case.get("response", 200), headers) as server:
        keys = helicone.Settings(openai_api_key="sk-test", gateway_url=server.url)
        async with helicone.async_client(keys, max_retries=0) as client:
            await asyncio.wait_for(answer.run(client), 20)
    return server


@pytest.mark.parametrize("case", ANSWERS, ids=name_of)
def test_an_answer_is_kept_whatever_a_provider_sends(
    answer: Message, case: dict[str, Any], settings: Settings
) -> None:
    for name, value in case.get("settings", {}).items():
        setattr(settings, name, value)
    job = GenerationJob.claim(answer.pk, MemoryStreams())
    assert job
    server = asyncio.run(generate(job, case))
    answer.refresh_from_db()
    expected = {"error": "", "requests": 1} | case["expected"]
    found = {
        "status": answer.status,
        "text": answer.text,
        "thinking": answer.thinking,
        "error": answer.error,
        "requests": server.requests,
        "tokens": [answer.prompt_tokens, answer.completion_tokens],
        "retry_after": answer.retry_after,
    }
    if expected.get("retry_after") == "date":
        assert SECONDS_TO_WAIT - 60 < (answer.retry_after or 0) <= SECONDS_TO_WAIT
        del expected["retry_after"]
    assert {name: found[name] for name in expected} == expected
    assert answer.duration_ms is not None
    assert (answer.thinking_ms is not None) == bool(answer.thinking)


@pytest.mark.parametrize("case", TITLES, ids=name_of)
def test_a_title_is_neither_thinking_nor_a_refusal(
    answer: Message, case: dict[str, Any], settings: Settings
) -> None:
    settings.TITLE_MODEL = "small"
    Message.objects.filter(pk=answer.pk).update(text="Hello.", status=Message.Status.COMPLETE)

    async def give_title() -> None:
        async with raw_server(case["stream"]) as server:
            keys = helicone.Settings(openai_api_key="sk-test", gateway_url=server.url)
            async with helicone.async_client(keys, max_retries=0) as client:
                await titles.generate_title(answer.pk, client)

    asyncio.run(give_title())
    conversation = Conversation.objects.get()
    assert conversation.title == (case["expected"]["title"] or "Hello?")


def test_a_result_is_saved_without_the_values_that_no_column_holds(answer: Message) -> None:
    assert answer.claim()
    assert answer.save_result(
        text="a\0b", finish_reason="x" * 99, prompt_tokens=-1, retry_after=2**40, request_id=uuid4()
    )
    answer.refresh_from_db()
    assert (answer.text, answer.finish_reason) == ("a\ufffdb", "x" * 30)
    assert (answer.prompt_tokens, answer.retry_after) == (None, None)
