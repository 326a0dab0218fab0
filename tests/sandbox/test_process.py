"""The process: its start, its stop, its file, its switches."""

import signal
import subprocess
import sys

import pytest

from tests.fixtures.patience import DEADLINE
from tests.sandbox.caller import Caller
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_even_while_a_stream_hangs(number):
    with SandboxProcess() as sandbox:
        body = {
            "model": "echo",
            "stream": True,
            "messages": [{"role": "user", "content": "hello [[stall=0]]"}],
        }
        with sandbox.http.stream("POST", "/v1/chat/completions", json=body):
            sandbox._process.send_signal(number)
            assert sandbox._process.wait(DEADLINE) == 0
        assert sandbox.errors() == ""


def test_the_log_in_a_file_survives_a_kill(tmp_path):
    log = str(tmp_path / "log.jsonl")
    with SandboxProcess("--log", log) as first:
        caller = Caller(first)
        one = caller.chat("hello", Helicone_User_Id="u1").headers["helicone-id"]
        first.advance(60)
        caller.rate(one, True)
        caller.put(one, "app", "rapport")
        first.advance(300)
        caller.rate(one, False)
        before = first.requests()
        first._process.kill()
    with open(log, "a") as file:
        file.write('{"kind": "po')
    with SandboxProcess("--log", log) as second:
        (now,) = second.requests()
        for write in now["writes"] + before[0]["writes"]:
            del write["answered_at"]  # the only thing the file doesn't know
        assert [now] == before
        second.advance(400)  # the first rating is written again, the second not yet
        assert second.ratings() == {one: True}
        (two,) = second.add()
    with SandboxProcess("--log", log) as third:
        assert third.ratings() == {one: True, two: None}
        third.reset()
        assert third.requests() == []


def test_the_switches_reach_the_settings():
    with SandboxProcess(
        *("--second-write", "7", "--latency-ms", "3", "--rate-limit", "9/60"),
        *("--early-ratings", "kept", "--openai-key", "k", "--helicone-key", "sk-helicone-mine"),
    ) as sandbox:
        now = sandbox.settings()
        assert (now["second_write"], now["latency_ms"], now["early_ratings"]) == (7, 3, "kept")
        assert (now["rate_limit"], now["rate_limit_window"]) == (9, 60)
        assert now["openai_key"] == "k"
        mine = {"Authorization": "Bearer k", "Helicone-Auth": "Bearer sk-helicone-mine"}
        assert Caller(sandbox).chat(**mine).status_code == 200
        (logged,) = sandbox.requests()
        assert logged["logged"]
        assert "mine" not in logged["organisation"]


def test_any_helicone_key_is_accepted_where_that_is_set(sandbox):
    sandbox.settings(any_helicone_key=True)
    Caller(sandbox).chat(Helicone_Auth="Bearer whatever")
    assert sandbox.requests()[-1]["logged"]


@pytest.mark.parametrize(
    "changes", [{"no_such": 1}, {"second_write": "soon"}, {"early_ratings": "lost"}]
)
def test_a_wrong_setting_changes_nothing_and_is_explained(sandbox, changes):
    before = sandbox.settings()
    response = sandbox.http.post("/sandbox/settings", json={"latency_ms": 5} | changes)
    assert response.status_code == 400
    assert response.json()["error"]
    assert sandbox.settings() == before


def test_a_port_in_use_is_one_sentence_and_status_1(sandbox):
    port = sandbox.url.rpartition(":")[2]
    command = [sys.executable, "-m", "sandbox", "--port", port]
    run = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert run.returncode == 1
    assert run.stderr.startswith("The sandbox can't listen on 127.0.0.1:")
    assert len(run.stderr.splitlines()) == 1


def test_the_front_page_says_where_everything_is(sandbox):
    assert sandbox.key in sandbox.http.get("/").text


def test_it_imports_nothing_of_ours():
    code = (
        "import sys, sandbox.__main__;"
        "print([m for m in ('django', 'helicone', 'chatapp', 'feedback') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True
    )
    assert run.stdout.strip() == "[]", run.stderr
