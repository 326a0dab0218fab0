"""A server that dies, and one that is told to stop."""

import contextlib
import signal
import socket
import time

import httpx2
import pytest

from tests.fixtures.patience import DEADLINE, patience
from tests.resilience import stored
from tests.resilience.conftest import NO_LIMITS, two_servers
from tests.resilience.visitor import Visitor
from tests.site_process import Site

LONG = "Tell me everything. [[tokens=2000 tps=50 times=1]]"
TPS = 50
SAVED_SECONDS = 2


def kill_in_the_middle(site: Site, visitor: Visitor, answer: str) -> float:
    """The moment it was killed, with three seconds of the answer sent."""
    with visitor.reading(answer) as watched:
        watched.until_words(2 * TPS)
        site.kill()
        return time.monotonic()


def check_kept(site: Site, sandbox, answer: str) -> None:
    row = stored.answer(site, answer)
    assert row["status"] == "interrupted"
    sent = sandbox.request(id=row["helicone_id"])["sent_text"]
    assert sent.startswith(row["text"]) and row["text"]
    # Three characters or so a token; the sandbox may have sent a little into a closed socket.
    behind = len(sent[len(row["text"]) :].split())
    assert behind <= (SAVED_SECONDS + 0.5) * TPS


def check_try_again(visitor: Visitor, conversation: str, answer: str, message: str) -> None:
    assert "Interrupted." in message and "The server stopped" in message
    assert "Try again" in message and "Good answer" in message
    assert visitor.rate(answer) == 200
    again = visitor.retry(answer)
    visitor.read(again)
    page = visitor.page(conversation)
    assert page.count("Tell me everything.") >= 1
    assert f'id="m-{again}"' in page and "Interrupted." not in page


def test_what_a_killed_server_wrote_is_kept_and_can_be_tried_again(own_site, sandbox):
    with Visitor(own_site.url) as visitor:
        asked = visitor.ask(LONG)
        killed = kill_in_the_middle(own_site, visitor, asked.answer)
        own_site.start()
        watched = visitor.read(asked.answer)
        assert time.monotonic() - killed < patience(15)
        check_kept(own_site, sandbox, asked.answer)
        check_try_again(visitor, asked.conversation, asked.answer, watched.message)


@pytest.mark.postgres
@pytest.mark.redis
def test_another_server_tells_the_readers_of_a_killed_one(tmp_path, stopped_site, sandbox):
    with two_servers(tmp_path, stopped_site, sandbox) as (one, two), Visitor(one.url) as here:
        asked = here.ask(LONG)
        there = here.at(two.url)
        with there.reading(asked.answer) as watched:
            killed = kill_in_the_middle(one, here, asked.answer)
            watched.to_the_end()
            assert time.monotonic() - killed < patience(15)
        check_kept(two, sandbox, asked.answer)
        check_try_again(there, asked.conversation, asked.answer, watched.message)


def test_what_was_accepted_before_the_end_is_written_after_it(own_site, sandbox):
    """Stopped before the kill, the server takes what is sent, and has no time to begin."""
    with Visitor(own_site.url) as visitor:
        asked = visitor.ask("Nothing yet. [[wait=60 times=1]]")
        sandbox.wait_for(sandbox.requests)
        own_site.kill()
        queued = "UPDATE chatapp_message SET status = 'queued' WHERE id = %s"
        change(own_site, queued, asked.answer)
        own_site.start()
        visitor.read(asked.answer)
        assert stored.answer(own_site, asked.answer)["status"] == "complete"


def change(site: Site, query: str, *parameters: str) -> None:
    """As if the server had died a moment earlier than it did."""
    stored.rows(site, query + " RETURNING id", *parameters)


def test_one_told_to_stop_lets_answers_end_and_their_readers_see_it(own_site, sandbox):
    with Visitor(own_site.url) as visitor:
        asked = visitor.ask("Tell me. [[tokens=300 tps=60]]")
        with visitor.reading(asked.answer) as watched:
            watched.until_words(10)
            own_site._running().send_signal(signal.SIGTERM)
            watched.to_the_end()
        assert "Good answer" in watched.message
        assert own_site.wait() == 0
    row = stored.answer(own_site, asked.answer)
    assert row["status"] == "complete"
    assert row["text"] == sandbox.request()["sent_text"]
    assert "Traceback" not in own_site.log


@pytest.fixture
def hasty_site(tmp_path, stopped_site, sandbox):
    settings = NO_LIMITS | {"SHUTDOWN_SECONDS": "1.5"}
    with Site(tmp_path / "hasty", sandbox, like=stopped_site, **settings) as site:
        yield site.start()


def test_what_takes_too_long_to_end_is_marked(hasty_site, sandbox):
    with Visitor(hasty_site.url) as visitor:
        asked = visitor.ask(LONG)
        with visitor.reading(asked.answer) as watched:
            watched.until_words(10)
            hasty_site._running().send_signal(signal.SIGTERM)
            began = time.monotonic()
            watched.to_the_end()
        assert "Interrupted." in watched.message and "Try again" in watched.message
        assert hasty_site.wait() == 0
        assert 1.4 < time.monotonic() - began < patience(5)
        row = stored.answer(hasty_site, asked.answer)
        assert (row["status"], row["error"]) == ("interrupted", "interrupted")
        assert sandbox.request()["sent_text"].startswith(row["text"]) and row["text"]


def test_one_told_to_stop_begins_nothing_new(own_site, sandbox):
    """What it still takes, on a connection that was open, waits for the next server."""
    with Visitor(own_site.url) as visitor, Visitor(own_site.url) as other:
        asked = visitor.ask("Tell me. [[tokens=300 tps=50]]")
        sandbox.wait_for(sandbox.requests)
        own_site._running().send_signal(signal.SIGTERM)
        taken = try_to_ask(other)
        assert own_site.wait() == 0
        assert stored.answer(own_site, asked.answer)["status"] == "complete"
        assert len(sandbox.requests()) == 1
        own_site.start()
        for answer in taken:
            other.read(answer)
            assert stored.answer(own_site, answer)["status"] == "complete"


def wait_until_closed(visitor: Visitor) -> None:
    """Its door, that is: nobody new gets in."""
    place = visitor.http.base_url.host, visitor.http.base_url.port
    deadline = time.monotonic() + DEADLINE
    with contextlib.suppress(ConnectionRefusedError):
        while time.monotonic() < deadline:
            socket.create_connection(place).close()
            time.sleep(0.02)


def try_to_ask(visitor: Visitor) -> list[str]:
    wait_until_closed(visitor)
    try:
        return [visitor.ask("And me?").answer]
    except httpx2.TransportError:
        return []
