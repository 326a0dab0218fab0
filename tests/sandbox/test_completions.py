"""Chat completions: as the openai client sees them, and as plain HTTP."""

import json
import time
from typing import Any

import openai
import pytest

from sandbox import eliza, models
from tests.fixtures.patience import patience
from tests.sandbox.caller import Caller

HELLO = [{"role": "user", "content": "I am sad"}]


def streamed(client: Any, messages: Any = HELLO, model: str = "eliza", **options: Any) -> Any:
    return client.chat.completions.create(model=model, messages=messages, stream=True, **options)


def text_of(stream: Any) -> str:
    return "".join(c.choices[0].delta.content or "" for c in stream if c.choices)


def test_the_openai_client_streams_and_has_the_helicone_id_before_the_first_chunk(sandbox, client):
    stream = streamed(client, stream_options={"include_usage": True})
    helicone_id = stream.response.headers["helicone-id"]
    chunks = list(stream)
    text = text_of(chunks)
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens == sum(
        (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens)
    )
    assert chunks[-2].choices[0].finish_reason == "stop"
    logged = sandbox.request(id=helicone_id)
    assert text
    assert (logged["sent_text"], logged["complete"], logged["prompt"]) == (text, True, "I am sad")


def test_without_asking_there_is_no_usage_chunk(client):
    chunks = list(streamed(client))
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)


def test_an_answer_that_is_not_streamed_is_whole(sandbox, client):
    made = client.chat.completions.create(model="count-5", messages=HELLO)
    assert made.choices[0].message.content == "w1 w2 w3 w4 w5"
    assert made.choices[0].finish_reason == "stop"
    assert made.usage.total_tokens > 5
    assert sandbox.requests()[-1]["sent_text"] == "w1 w2 w3 w4 w5"


@pytest.mark.parametrize("prefix", ["/v1", "/v1/gateway/oai/v1", ""])
def test_all_three_addresses_answer(sandbox, prefix):
    body = {"model": "echo", "messages": HELLO}
    made = sandbox.http.post(f"{prefix}/chat/completions", json=body).json()
    assert made["choices"][0]["message"]["content"] == "I am sad"
    listed = sandbox.http.get(f"{prefix}/models").json()["data"]
    assert {"eliza", "showcase", "echo"} <= {model["id"] for model in listed}


def test_any_gpt_is_eliza_and_other_unknown_names_are_a_404(client):
    assert text_of(streamed(client, model="gpt-9-imaginary"))
    with pytest.raises(openai.NotFoundError) as failed:
        streamed(client, model="claude")
    assert failed.value.code == "model_not_found"
    assert failed.value.response.headers["helicone-id"]


def test_a_wrong_openai_key_is_a_401_with_an_id_and_is_logged(sandbox, client):
    sandbox.settings(openai_key="right")
    with pytest.raises(openai.AuthenticationError) as failed:
        streamed(client)
    assert failed.value.code == "invalid_api_key"
    logged = sandbox.request(id=failed.value.response.headers["helicone-id"])
    assert (logged["status"], logged["logged"]) == (401, True)
    with pytest.raises(openai.AuthenticationError):
        client.models.list()
    assert text_of(streamed(client.with_options(api_key="right")))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"model": "echo"}',
        b'{"model": "echo", "messages": []}',
        b'{"model": "echo", "messages": ["hi"]}',
        b'{"model": "echo", "messages": [{"role": "king", "content": "hi"}]}',
        b'{"model": "echo", "messages": [{"role": "user"}]}',
        b'{"model": "echo", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 0}',
        b'{"messages": [{"role": "user", "content": "hi"}]}',
        b"[" * 100_000,
    ],
)
def test_a_bad_request_is_a_400_in_openais_shape(sandbox, body):
    response = sandbox.http.post("/v1/chat/completions", content=body)
    assert response.status_code == 400
    assert response.json()["error"]["type"] == "invalid_request_error"
    assert response.headers["helicone-id"]


def test_max_tokens_cuts_the_answer_with_finish_reason_length(client):
    chunks = list(streamed(client, model="count-100", max_completion_tokens=3))
    assert text_of(chunks) == "w1 w2 w3"
    assert chunks[-1].choices[0].finish_reason == "length"


def test_the_echo_comes_back_to_the_letter(client):
    said = "  Größe\n\n\t👩‍🔬 " + "x" * 5000 + ' "quoted" \\ [[link]] \u2028 end '
    assert text_of(streamed(client, [{"role": "user", "content": said}], "echo")) == said


def test_the_showcase_has_everything_a_page_must_render(client):
    text = text_of(streamed(client, model="showcase"))
    for part in ("# A", "- [x]", "| Planet", "```python", "$$", "[^1]", "<script>", "![", "> "):
        assert part in text
    assert text == models.answer("showcase", [])


def test_tokens_come_at_the_pace_that_is_set(client):
    started = time.monotonic()
    text_of(streamed(client, model="count-11", extra_headers={"Sandbox-Fault": "tps=50"}))
    assert 0.19 < time.monotonic() - started < patience(2)


@pytest.mark.parametrize(
    "said",
    ["", " ", "👋🏽", "?!.,", "a" * 1_000_000, "you " * 250_000, "\x00\ud7ff", "(((*+", "$", "^"]
    + ["I remember " * 9, ". . .", "x, , y", "%s {0} \\1", "what is 1 2 3", "你好", "Ich bin müde"],
)
def test_eliza_answers_whatever_is_said(said):
    started = time.process_time()
    assert eliza.answer([said, said, said], seed=1).strip()
    assert time.process_time() - started < 1


def test_elizas_answer_is_the_same_for_the_same_seed():
    assert eliza.answer(["I am sad"], 7) == eliza.answer(["I am sad"], 7)
    assert len({eliza.answer(["I am sad"], seed) for seed in range(30)}) > 1


def test_importing_eliza_leaves_no_module_named_utils():
    import sys

    assert "utils" not in sys.modules
    assert not any(path.endswith("eliza_py") for path in sys.path)


def test_stretched_text_has_exactly_so_many_tokens(client):
    chunks = list(streamed(client, [{"role": "user", "content": "hello [[tokens=50]]"}], "echo"))
    assert len(chunks) - 2 == 50


def test_a_conversations_messages_are_in_the_log(sandbox, caller: Caller):
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "1"},
        {"role": "user", "content": "two"},
    ]
    body = json.dumps({"model": "echo", "messages": messages})
    sandbox.http.post("/v1/chat/completions", content=body)
    assert sandbox.requests()[-1]["messages"] == messages
