"""A waiting message is sent exactly once, or returns, wherever its server dies."""

import pytest

from tests.resilience import stored
from tests.resilience.conftest import two_servers
from tests.resilience.test_death import change
from tests.resilience.visitor import HTMX, Asked, Visitor
from tests.site_process import Site

LONG = "Tell me everything. [[tokens=2000 tps=50 times=1]]"
SHORT = "Tell me. [[tokens=100 tps=50 times=1]]"
NEXT = "And then? [[tokens=5]]"


def wait_for(visitor: Visitor, asked: Asked) -> None:
    response = visitor.post(asked.conversation, HTMX, message=NEXT)
    assert response.status_code == 200 and "waiting-message" in response.text


def sent(site: Site) -> list[stored.Row]:
    return [row for row in stored.questions(site) if row["text"] == NEXT]


def waiting(site: Site) -> list[stored.Row]:
    return stored.rows(site, "SELECT * FROM chatapp_waitingmessage")


def answer_to(site: Site, question: stored.Row) -> str:
    (answer,) = (row for row in stored.answers(site) if row["parent_id"] == question["id"])
    return str(answer["id"])


def check_sent_once(site: Site, visitor: Visitor, first: str) -> None:
    (question,) = sent(site)
    assert question["parent_id"] == first and not waiting(site)
    visitor.read(answer_to(site, question))
    assert stored.answer(site, answer_to(site, question))["status"] == "complete"


def test_it_goes_when_the_answer_ends_and_readers_get_both(own_site):
    with Visitor(own_site.url) as visitor:
        asked = visitor.ask(SHORT)
        with visitor.reading(asked.answer) as watched:
            watched.until_words(5)
            wait_for(visitor, asked)
            watched.until(lambda w: "Waits until the answer has ended." in w.waiting)
            watched.to_the_end()
        (question,) = sent(own_site)
        assert f'id="m-{question["id"]}"' in watched.following
        assert f'id="m-{answer_to(own_site, question)}"' in watched.following
        assert NEXT not in watched.waiting
        check_sent_once(own_site, visitor, asked.answer)


def test_a_server_killed_between_the_end_and_the_sending_sends_it_once_after_the_start(
    own_site, sandbox
):
    """The end and the question are one commit; what a kill leaves after it is a queued answer."""
    with Visitor(own_site.url) as visitor:
        asked = visitor.ask(SHORT)
        response = visitor.post(asked.conversation, HTMX, message="Slow. [[wait=60 times=1]]")
        assert response.status_code == 200
        visitor.read(asked.answer)
        sandbox.wait_for(lambda: len(sandbox.requests()) == 2)
        own_site.kill()
        change(
            own_site, "UPDATE chatapp_message SET status = 'queued' WHERE status = %s", "streaming"
        )
        own_site.start()
        (question,) = (row for row in stored.questions(own_site) if "Slow" in row["text"])
        visitor.read(answer_to(own_site, question))
        assert stored.answer(own_site, answer_to(own_site, question))["status"] == "complete"
        assert not waiting(own_site)


def test_a_server_killed_while_it_waits_returns_it(own_site):
    with Visitor(own_site.url) as visitor:
        asked = visitor.ask(LONG)
        with visitor.reading(asked.answer) as watched:
            watched.until_words(50)
            wait_for(visitor, asked)
            own_site.kill()
        own_site.start()
        watched = visitor.read(asked.answer)
        assert stored.answer(own_site, asked.answer)["status"] == "interrupted"
        assert 'data-status="returned"' in watched.waiting and NEXT in watched.waiting
        (row,) = waiting(own_site)
        back = visitor.post(f"{asked.conversation}take-back/", HTMX, waiting=row["id"])
        assert f'data-taken-back="{NEXT}"' in back.text
        assert not waiting(own_site) and not sent(own_site)


@pytest.mark.postgres
@pytest.mark.redis
def test_another_server_takes_it_and_shows_it(tmp_path, stopped_site, sandbox):
    with two_servers(tmp_path, stopped_site, sandbox) as (one, two), Visitor(one.url) as here:
        asked = here.ask("Tell me. [[tokens=200 tps=50 times=1]]")
        there = here.at(two.url)
        with there.reading(asked.answer) as watched:
            watched.until_words(5)
            wait_for(there, asked)
            watched.until(lambda w: NEXT in w.waiting)
            watched.to_the_end()
        check_sent_once(two, there, asked.answer)


def test_what_the_quota_rejects_returns_with_its_sentence(start_site):
    site = start_site(MESSAGES_PER_MINUTE="1")
    with Visitor(site.url) as visitor:
        asked = visitor.ask(SHORT)
        wait_for(visitor, asked)
        watched = visitor.read(asked.answer)
        assert stored.answer(site, asked.answer)["status"] == "complete"
        assert "That was 1 messages within a minute." in watched.waiting
        assert not sent(site)
