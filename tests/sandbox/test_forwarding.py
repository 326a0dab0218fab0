"""The gateway for any provider: what reaches the target, what comes back, and what is logged."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest

from tests.sandbox.caller import Caller
from tests.sandbox_process import SandboxProcess

BODY = {"model": "echo", "messages": [{"role": "user", "content": "one two three"}]}


@pytest.fixture(scope="module")
def provider() -> Iterator[SandboxProcess]:
    """Another sandbox: the provider behind the gateway."""
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def target(provider: SandboxProcess) -> SandboxProcess:
    provider.reset()
    return provider


class Heard(BaseHTTPRequestHandler):
    """A provider that keeps what it was sent."""

    heard: list[tuple[str, dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(418)
        self.send_header("X-Theirs", "tea")
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"short")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[str]:
    Heard.heard.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Heard) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def post(
    sandbox: SandboxProcess, target: str, body: Any = BODY, path: str = "/v1", **headers: str
) -> httpx2.Response:
    named = {"Helicone-Auth": f"Bearer {sandbox.key}", "Helicone-Target-URL": target, **headers}
    address = f"{path}/chat/completions"
    return sandbox.http.post(address, json=body, headers=named)


def streamed(sandbox: SandboxProcess, target: SandboxProcess, **more: Any) -> httpx2.Response:
    body = BODY | {"stream": True, "stream_options": {"include_usage": True}} | more
    return post(sandbox, target.url, body)


def test_an_answer_comes_from_the_target_and_is_logged_by_the_gateway(sandbox, target):
    answer = post(sandbox, target.url)
    assert answer.json()["choices"][0]["message"]["content"] == "one two three"
    logged = sandbox.request(id=answer.headers["helicone-id"])
    assert (logged["model"], logged["prompt"]) == ("echo", "one two three")
    assert (logged["sent_text"], logged["complete"]) == ("one two three", True)
    assert logged["completion_tokens"] > 0
    theirs = target.request()
    assert (theirs["prompt"], theirs["logged"]) == ("one two three", False)
    assert theirs["helicone_id"] != logged["helicone_id"]


def test_a_stream_is_passed_on_as_it_is_and_its_text_logged(sandbox, target):
    answer = streamed(sandbox, target)
    events = answer.text.split("\n\n")
    assert events[-2:] == ["data: [DONE]", ""]
    texts = [json.loads(event[6:]) for event in events[:-2]]
    pieces = [part["choices"][0]["delta"].get("content") for part in texts if part["choices"]]
    assert "".join(filter(None, pieces)) == "one two three"
    logged = sandbox.request(id=answer.headers["helicone-id"])
    assert (logged["sent_text"], logged["finish_reason"]) == ("one two three", "stop")


def test_the_first_token_does_not_wait_for_the_last(sandbox, target):
    target.faults({"on": "completion", "fault": "stall=1"})
    body = BODY | {"stream": True}
    headers = {"Helicone-Target-URL": target.url}
    with sandbox.http.stream("POST", "/v1/chat/completions", json=body, headers=headers) as answer:
        seen = ""
        for part in answer.iter_text():
            seen += part
            if '"one' in seen:
                break
        assert "two" not in seen
    sandbox.wait_for(lambda: sandbox.calls().get("forwarded 200"))
    (logged,) = sandbox.requests()
    assert (logged["sent_text"], logged["complete"]) == ("one", False)
    # The reader left, so the gateway left the target.
    target.wait_for(lambda: target.calls().get("completion 200"))


def test_the_target_gets_path_query_body_and_the_provider_s_headers_only(sandbox, listener):
    answer = sandbox.http.post(
        "/openai/v1/chat/completions?api-version=v1",
        content=b"{not json",
        headers={
            "Helicone-Auth": f"Bearer {sandbox.key}",
            "Helicone-Target-URL": listener,
            "Helicone-Property-App": "rapport",
            "api-key": "theirs",
            "X-Other": "kept",
        },
    )
    ((path, headers, body),) = Heard.heard
    assert (path, body) == ("/openai/v1/chat/completions?api-version=v1", b"{not json")
    assert (headers["api-key"], headers["x-other"]) == ("theirs", "kept")
    assert headers["host"] == listener.removeprefix("http://")
    assert not [name for name in headers if name.startswith("helicone")]
    assert (answer.status_code, answer.text, answer.headers["x-theirs"]) == (418, "short", "tea")
    logged = sandbox.request(id=answer.headers["helicone-id"])
    assert (logged["status"], logged["sent_text"]) == (418, "")


def test_any_path_is_forwarded(sandbox, listener):
    assert post(sandbox, listener, path="/api/v7").status_code == 418
    assert Heard.heard[0][0] == "/api/v7/chat/completions"


def test_a_rating_is_read_back_for_a_forwarded_request(sandbox, target, caller: Caller):
    helicone_id = streamed(sandbox, target).headers["helicone-id"]
    assert caller.rate(helicone_id, False).status_code == 201
    assert caller.read(helicone_id) == 0


@pytest.mark.parametrize(
    "target", ["nowhere", "https://", "ftp://a.example", "http://a.example/path", "http://u@a/"]
)
def test_a_target_that_is_no_origin_is_refused_without_an_id(sandbox, target):
    answer = post(sandbox, target)
    assert answer.status_code == 400
    assert "helicone-id" not in answer.headers
    assert sandbox.requests() == []


def test_a_target_that_is_not_there_is_an_error_without_an_id(sandbox):
    answer = post(sandbox, "http://127.0.0.1:9")
    assert answer.status_code == 500
    assert "helicone-id" not in answer.headers
    assert sandbox.requests() == []


def test_an_error_of_the_target_has_an_id(sandbox, target):
    answer = post(sandbox, target.url, BODY | {"model": "no-such-model"})
    assert answer.status_code == 404
    assert sandbox.request(id=answer.headers["helicone-id"])["status"] == 404


def test_a_target_that_hangs_is_given_up(sandbox, target):
    target.faults({"on": "completion", "fault": "hang"})
    sandbox.settings(forward_seconds=0.3)
    answer = post(sandbox, target.url)
    assert answer.status_code == 500
    assert "helicone-id" not in answer.headers


def test_a_target_that_breaks_off_breaks_the_answer_off(sandbox, target):
    target.faults({"on": "completion", "fault": "cut=2"})
    with pytest.raises(httpx2.HTTPError):
        streamed(sandbox, target)
    sandbox.wait_for(lambda: sandbox.calls().get("forwarded 200"))
    (logged,) = sandbox.requests()
    assert (logged["sent_text"], logged["complete"]) == ("one two", False)


def test_bodies_are_limited_both_ways(sandbox, target):
    sandbox.settings(forward_max_bytes=1000)
    large = BODY | {"messages": [{"role": "user", "content": "x" * 2000}]}
    assert post(sandbox, target.url, large).status_code == 413
    target.faults({"on": "completion", "fault": "huge=5000"})
    with pytest.raises(httpx2.HTTPError):
        post(sandbox, target.url)


def test_the_gateway_s_own_policy_comes_first(sandbox, target):
    policy = {"Helicone-RateLimit-Policy": "1;w=60"}
    assert post(sandbox, target.url, **policy).status_code == 200
    refused = post(sandbox, target.url, **policy)
    assert (refused.status_code, refused.headers["x-helicone-error"]) == (429, "rate_limited")
    assert len(target.requests()) == 1
