"""Everything that can be ordered to go wrong."""

import json
import threading
import time
from typing import Any

import httpx2
import openai
import pytest

from sandbox.errors import FORGED
from tests.fixtures.patience import DEADLINE, patience
from tests.sandbox.caller import UNRATED, Caller
from tests.sandbox.test_completions import streamed, text_of


def brief() -> httpx2.Timeout:
    """Patient with all but an answer that doesn't come."""
    return httpx2.Timeout(DEADLINE, read=patience(0.3))


def count(said: str) -> dict[str, Any]:
    return {
        "model": "count-20",
        "stream": True,
        "messages": [{"role": "user", "content": said}],
    }


def events(sandbox, said: str, **options) -> list[str]:
    """The data of each event that came, until the end or the break."""
    got = []
    with sandbox.http.stream(
        "POST", "/v1/chat/completions", json=count(said), **options
    ) as response:
        for line in response.iter_lines():
            if line.startswith("data: "):
                got.append(line.removeprefix("data: "))
    return got


def text(got: list[str]) -> str:
    chunks = [json.loads(data) for data in got if data != "[DONE]"]
    return "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks if c["choices"])


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_a_status_is_ordered_in_the_message(client, status, error):
    said = [{"role": "user", "content": f"hello [[fault status={status}]]"}]
    with pytest.raises(error) as failed:
        streamed(client, said)
    assert failed.value.response.headers["helicone-id"]


def test_a_429_names_its_wait(caller: Caller):
    assert caller.chat("[[status=429 retry_after=7]]").headers["retry-after"] == "7"
    assert caller.chat("[[status=429]]").headers["retry-after"] == "1"


REPEATED = ["helicone-auth: Bearer", "hello [[fault status="]


def test_an_error_can_repeat_headers_and_prompt_as_an_error_of_the_api(caller: Caller):
    answer = caller.chat("hello [[fault status=400 repeat]]")
    assert answer.status_code == 400
    message = answer.json()["error"]["message"]
    assert all(part in message for part in (*REPEATED, caller.sandbox.key, FORGED))
    usual = caller.chat("hello [[fault status=400]]").json()["error"]["message"]
    assert not any(part in usual for part in (*REPEATED, caller.sandbox.key, FORGED))


def test_an_error_can_repeat_headers_and_prompt_as_plain_text(caller: Caller):
    answer = caller.chat("hello [[fault status=503 repeat=2]]")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/plain")
    assert all(part in answer.text for part in (*REPEATED, caller.sandbox.key, FORGED))


def test_the_api_can_repeat_headers_and_body_too(sandbox, caller: Caller):
    rated = caller.chat("hello").headers["helicone-id"]
    sandbox.faults({"on": "rate", "fault": "status=400 repeat", "count": 1})
    refused = caller.rate(rated, True)
    assert refused.status_code == 400
    for part in (f"authorization: Bearer {sandbox.key}", '"rating"', FORGED):
        assert part in refused.json()["error"]
    assert caller.rate(rated, True).is_success


def test_a_header_orders_a_fault(caller: Caller):
    assert caller.chat(Sandbox_Fault="status=503").status_code == 503


def test_a_fault_nobody_knows_is_named_in_a_400(caller: Caller):
    for response in (caller.chat("[[fault statis=500]]"), caller.chat(Sandbox_Fault="explode")):
        assert response.status_code == 400
        assert "There is no fault" in response.json()["error"]["message"]


def test_an_earlier_messages_fault_is_over(client):
    said = [{"role": "user", "content": text} for text in ("[[fault status=500]]", "hello")]
    assert text_of(streamed(client, said, "echo")) == "hello"


def test_times_lets_a_second_try_succeed(caller: Caller):
    answers = [caller.chat("hello [[fault status=500 times=2]]").status_code for _ in range(3)]
    assert answers == [500, 500, 200]


def test_thinking_is_ordered_in_a_field_of_its_own_or_in_the_text(sandbox):
    got = events(sandbox, "[[reasoning=3]]")
    chunks = [json.loads(data)["choices"] for data in got if data != "[DONE]"]
    deltas = [choices[0]["delta"].get("reasoning_content", "") for choices in chunks if choices]
    assert "".join(deltas) == "The question has"
    assert text(got).startswith("w1 w2")
    assert text(events(sandbox, "[[think=3]]")).startswith(
        "<think>\nThe question has\n</think>\n\nw1"
    )
    assert text(events(sandbox, "[[think_end=3]]")).startswith("The question has\n</think>\n\nw1")
    asked = {**count("[[reasoning=3]]"), "stream": False}
    whole = sandbox.http.post("/v1/chat/completions", json=asked).json()["choices"][0]["message"]
    assert whole["reasoning_content"] == "The question has"


@pytest.mark.parametrize("kind", ["cut", "reset"])
def test_a_connection_breaks_in_the_middle_and_the_log_has_what_was_sent(sandbox, kind):
    with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
        events(sandbox, f"[[{kind}=7]]")
    sandbox.wait_for(lambda: "completion 200" in sandbox.calls())
    logged = sandbox.requests()[-1]
    assert logged["sent_text"] == "w1 w2 w3 w4 w5 w6 w7"
    assert (logged["complete"], logged["finish_reason"]) == (False, None)


def test_what_was_sent_before_a_cut_arrives(sandbox):
    body, got = count("[[cut=7]]"), b""
    with (
        pytest.raises(httpx2.RemoteProtocolError),
        sandbox.http.stream("POST", "/v1/chat/completions", json=body) as response,
    ):
        for part in response.iter_bytes():
            got += part
    assert text([e.removeprefix("data: ") for e in got.decode().split("\n\n") if e]) == (
        "w1 w2 w3 w4 w5 w6 w7"
    )


def test_a_break_before_the_first_token_has_headers_only(sandbox):
    with pytest.raises(httpx2.RemoteProtocolError):
        events(sandbox, "[[cut=0]]")


def test_a_whole_answer_can_be_cut_too(caller: Caller):
    with pytest.raises(httpx2.RemoteProtocolError):
        caller.chat("[[cut]]")


def test_a_stall_lasts_as_long_as_ordered_and_the_rest_follows(sandbox):
    started = time.monotonic()
    assert text(events(sandbox, "[[stall=3 stall_seconds=0.3]]")).endswith("w20")
    assert time.monotonic() - started > 0.3


def test_a_stall_for_ever_ends_when_the_reader_leaves(sandbox):
    with pytest.raises(httpx2.ReadTimeout):
        events(sandbox, "[[stall=3]]", timeout=brief())
    sandbox.wait_for(lambda: sandbox.calls().get("completion 200"))
    assert sandbox.requests()[-1]["sent_text"] == "w1 w2 w3"


def test_a_reader_who_leaves_ends_the_answer(sandbox):
    body = count("[[tps=20]]")
    with sandbox.http.stream("POST", "/v1/chat/completions", json=body) as response:
        next(response.iter_lines())
    sandbox.wait_for(lambda: sandbox.calls().get("completion 200"))
    logged = sandbox.requests()[-1]
    assert not logged["complete"]
    assert "w1 w2 w3 w4 w5 w6 w7 w8 w9".startswith(logged["sent_text"])


@pytest.mark.parametrize("kind", ["delay", "wait"])
def test_the_first_token_can_be_late(sandbox, kind):
    started = time.monotonic()
    assert text(events(sandbox, f"[[{kind}=0.3]]")).endswith("w20")
    assert time.monotonic() - started > 0.3


def test_a_hang_never_answers(caller: Caller):
    with pytest.raises(httpx2.ReadTimeout):
        caller.http.post("/v1/chat/completions", json=count("[[hang]]"), timeout=brief())


def test_a_malformed_chunk_comes_between_good_ones(sandbox):
    got = events(sandbox, "[[malformed=3]]")
    (broken,) = [data for data in got if "brok" in data]
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken)
    got.remove(broken)
    assert text(got).split()[-1] == "w20"


def test_an_error_can_come_in_the_stream(client):
    said = [{"role": "user", "content": "[[error_chunk=2]]"}]
    with pytest.raises(openai.APIError, match="server had an error"):
        text_of(streamed(client, said, "count-9"))


def test_a_stream_can_end_without_done(sandbox):
    assert events(sandbox, "hi")[-1] == "[DONE]"
    assert events(sandbox, "[[no_done]]")[-1] != "[DONE]"


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_an_answer_ends_for_another_reason(client, reason):
    said = [{"role": "user", "content": f"[[fault {reason}=4]]"}]
    chunks = list(streamed(client, said, "count-9"))
    assert (text_of(chunks), chunks[-1].choices[0].finish_reason) == ("w1 w2 w3 w4", reason)


def test_an_answer_can_be_empty_or_a_refusal(client):
    assert text_of(streamed(client, [{"role": "user", "content": "[[empty]]"}])) == ""
    chunks = list(streamed(client, [{"role": "user", "content": "[[fault refusal]]"}]))
    assert "".join(c.choices[0].delta.refusal or "" for c in chunks)
    assert text_of(chunks) == ""


def test_an_answer_of_a_megabyte_arrives_whole(sandbox, client):
    answer = text_of(streamed(client, [{"role": "user", "content": "[[huge=1000000]]"}]))
    assert len(answer) == 1_000_000
    assert sandbox.requests()[-1]["sent_text"] == answer


@pytest.mark.parametrize("kind", ["moderation", "threat"])
def test_helicones_refusals_can_be_ordered(caller: Caller, kind):
    assert caller.chat(f"[[{kind}]]").json()["error"]["code"].startswith("PROMPT_")


def test_a_rule_strikes_so_often_as_it_says(sandbox, caller: Caller):
    sandbox.faults({"on": "rate", "fault": "status=429 retry_after=3", "count": 2})
    (one,) = sandbox.add()
    answers = [caller.rate(one, True) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 201]
    assert answers[0].headers["retry-after"] == "3"
    assert sandbox.calls() == {"rate 429": 2, "rate 201": 1}


def test_a_rule_with_a_seed_strikes_the_same_calls_again(sandbox, caller: Caller):
    (one,) = sandbox.add()

    def run() -> list[int]:
        sandbox.faults({"on": "query", "fault": "status=500", "probability": 0.5}, seed=3)
        body = {"filter": "all"}
        address = "/v1/request/query-clickhouse"
        return [
            sandbox.http.post(address, json=body, headers=caller.authorization).status_code
            for _ in range(20)
        ]

    first = run()
    assert first == run()
    assert set(first) == {201, 500}
    assert caller.rate(one, True).status_code == 201


def test_a_drop_stores_the_rating_and_says_nothing(sandbox, caller: Caller):
    (one,) = sandbox.add()
    sandbox.faults({"on": "rate", "fault": "drop", "count": 1})
    with pytest.raises(httpx2.RemoteProtocolError):
        caller.rate(one, True)
    assert caller.read(one) == 1


def test_a_cut_call_stores_nothing(sandbox, caller: Caller):
    (one,) = sandbox.add()
    sandbox.faults({"on": "rate", "fault": "cut", "count": 1})
    with pytest.raises(httpx2.RemoteProtocolError):
        caller.rate(one, True)
    assert caller.read(one) is UNRATED


@pytest.mark.parametrize(("kind", "read"), [("hang", UNRATED), ("hang_after", 0)])
def test_a_call_can_hang_before_or_after_storing(sandbox, caller: Caller, kind, read):
    (one,) = sandbox.add()
    sandbox.faults({"on": "rate", "fault": kind, "count": 1})
    with pytest.raises(httpx2.ReadTimeout):
        caller.rate(one, False, timeout=brief())
    sandbox.wait_for(lambda: caller.read(one) == read)


def test_a_fixed_latency_delays_every_call_but_they_run_at_once(sandbox, caller: Caller):
    sandbox.settings(latency_ms=200)
    ids = sandbox.add(*({} for _ in range(10)))
    started = time.monotonic()
    threads = [threading.Thread(target=caller.rate, args=(one, True)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.2 <= time.monotonic() - started < patience(1.5)
    assert set(sandbox.ratings().values()) == {True}


@pytest.mark.parametrize("rule", ["rate", {"on": "nothing"}, {"fault": "x"}, {"when": "now"}])
def test_a_wrong_rule_is_refused_with_a_sentence(sandbox, rule):
    response = sandbox.http.post("/sandbox/faults", json=[rule])
    assert response.status_code == 400
    assert response.json()["error"]
