"""Stop: from any tab, after a reload, and on any server."""

import time

import pytest

from tests.fixtures.patience import patience
from tests.resilience import stored
from tests.resilience.visitor import Visitor

LONG = "Tell me everything. [[tokens=2000 tps=50]]"
PROMPT = 3  # seconds: about one on an idle machine


def stop_in_the_middle(reader: Visitor, stopper: Visitor, answer: str):
    """What the reader saw of it, once it has seen the end, soon after."""
    with reader.reading(answer) as watched:
        watched.until_words(10)
        began = time.monotonic()
        assert stopper.stop(answer) in (200, 204)
        watched.to_the_end()
        assert time.monotonic() - began < patience(PROMPT)
    return watched


def check_kept(site, sandbox, visitor: Visitor, answer: str, message: str) -> None:
    row = stored.answer(site, answer)
    assert (row["status"], row["error"]) == ("stopped", "")
    sent = sandbox.request(id=row["helicone_id"])
    assert sent["sent_text"].startswith(row["text"]) and len(row["text"].split()) >= 10
    assert not sent["complete"]
    assert "Stopped." in message and "Good answer" in message
    assert visitor.rate(answer) == 200


@pytest.mark.both_databases
def test_another_tab_stops_it(unlimited, visitor, sandbox):
    asked = visitor.ask(LONG)
    watched = stop_in_the_middle(visitor, visitor.at(unlimited.url), asked.answer)
    check_kept(unlimited, sandbox, visitor, asked.answer, watched.message)


@pytest.mark.both_databases
def test_a_reloaded_page_stops_it_and_shows_so(unlimited, visitor, sandbox):
    asked = visitor.ask(LONG)
    with visitor.reading(asked.answer) as watched:
        watched.until_words(10)
    assert f"/m/{asked.answer}/stop/" in visitor.page(asked.conversation)
    visitor.stop(asked.answer)
    watched = visitor.read(asked.answer)
    check_kept(unlimited, sandbox, visitor, asked.answer, watched.message)
    assert "Stopped." in visitor.page(asked.conversation)


def test_without_scripts_it_leads_back_to_the_page(unlimited, visitor, sandbox):
    asked = visitor.ask(LONG)
    with visitor.reading(asked.answer) as watched:
        watched.until_words(10)
    response = visitor.post(f"/m/{asked.answer}/stop/")
    assert response.status_code == 303
    assert response.headers["Location"].startswith(asked.conversation)
    visitor.read(asked.answer)
    check_kept(unlimited, sandbox, visitor, asked.answer, visitor.page(asked.conversation))


def test_before_the_first_token_there_is_nothing_to_keep_and_it_can_be_tried_again(
    unlimited, visitor, sandbox
):
    asked = visitor.ask("Take your time. [[wait=20 times=1]]")
    sandbox.wait_for(sandbox.requests)
    visitor.stop(asked.answer)
    watched = visitor.read(asked.answer)
    assert "Stopped before anything was written." in watched.message
    assert "Try again" in watched.message and "Good answer" not in watched.message
    again = visitor.retry(asked.answer)
    visitor.read(again)
    assert stored.answer(unlimited, again)["status"] == "complete"


@pytest.mark.postgres
@pytest.mark.redis
def test_started_on_one_server_read_on_another_stopped_from_there(pair, sandbox):
    one, two = pair
    with Visitor(one.url) as here:
        asked = here.ask(LONG)
        there = here.at(two.url)
        watched = stop_in_the_middle(there, there, asked.answer)
        check_kept(two, sandbox, there, asked.answer, watched.message)


@pytest.mark.postgres
@pytest.mark.redis
def test_two_servers_show_one_answer(pair, sandbox):
    one, two = pair
    with Visitor(one.url) as here:
        asked = here.ask("Tell me more. [[tokens=100 tps=50]]")
        there = here.at(two.url)
        with there.reading(asked.answer) as first, here.reading(asked.answer) as second:
            first.until_words(20)
            with there.reading(asked.answer, after=first.last_id) as third:
                third.done, third.tail = first.done, first.tail
                shown = [watched.to_the_end() for watched in (first, second, third)]
    text = stored.answer(one, asked.answer)["text"]
    assert text == sandbox.request()["sent_text"]
    for watched in shown:
        assert " ".join(text.split()).startswith(" ".join(watched.words))
        assert len(watched.words) > 50
