"""Many at once on SQLite; PostgreSQL and Redis that go away and come back."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests.fixtures.patience import patience
from tests.fixtures.services import POSTGRES_URL, REDIS_URL
from tests.resilience import stored
from tests.resilience.conftest import NO_LIMITS
from tests.resilience.proxy import Proxy
from tests.resilience.visitor import HTMX, Refused, Visitor
from tests.site_process import Site

STEADY = "Tell me more. [[tokens=400 tps=60]]"


def test_fifty_people_at_once_never_find_the_database_locked(own_site, sandbox):
    """Each asks twice and rates twice; all of it is kept."""

    def one(number: int) -> list[tuple[str, str]]:
        with Visitor(own_site.url) as visitor:
            said, asked = [], None
            for turn in range(2):
                text = f"Question {turn} of {number}. [[tokens=10]]"
                asked = visitor.ask(text, asked.conversation if asked else "/")
                said.append((text, asked.answer))
                visitor.read(asked.answer)
                assert visitor.rate(asked.answer, "1") == 200
            return said

    with ThreadPoolExecutor(50) as people:
        accepted = [pair for said in people.map(one, range(50)) for pair in said]
    check_nothing_is_lost(own_site, accepted)
    assert "locked" not in own_site.log and "Traceback" not in own_site.log
    ratings = stored.rows(own_site, "SELECT * FROM feedback_rating")
    assert len(ratings) == len(accepted) == 100


def check_nothing_is_lost(site: Site, accepted: list[tuple[str, str]]) -> None:
    answers = {row["id"]: row for row in stored.answers(site)}
    questions = {row["id"]: row for row in stored.questions(site)}
    for text, answer in accepted:
        assert answers[answer]["status"] == "complete", answers[answer]
        assert questions[answers[answer]["parent_id"]]["text"] == text


@pytest.fixture
def on_postgres(tmp_path, stopped_site, sandbox) -> Iterator[Site]:
    site = Site(tmp_path, sandbox, like=stopped_site, database_url="postgres", **NO_LIMITS)
    with site:
        yield site.start()


def end_connections(site: Site) -> int:
    """How many of the site's connections to its database were ended."""
    name = site.own_database.rpartition("/")[2]
    query = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = %s AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(POSTGRES_URL, autocommit=True) as server:
        row = server.execute(query, [name]).fetchone()
    return int(row[0]) if row else 0


@pytest.mark.postgres
def test_connections_that_postgres_ends_cost_nothing_that_was_accepted(on_postgres, sandbox):
    over, ended = threading.Event(), []
    accepted: list[tuple[str, str]] = []

    def end_them() -> None:
        while not over.wait(patience(0.15)):  # a request has time to come between
            ended.append(end_connections(on_postgres))

    ending = threading.Thread(target=end_them)
    with Visitor(on_postgres.url) as visitor:
        first = visitor.ask(STEADY)
        ending.start()
        try:
            refusals = ask_for(patience(6), visitor, accepted)
        finally:
            over.set()
            ending.join()
        shown = [visitor.read(answer) for _, answer in [*accepted, (STEADY, first.answer)]]
    assert sum(ended) > 10
    check_nothing_is_lost(on_postgres, [*accepted, (STEADY, first.answer)])
    assert all("Good answer" in each.message for each in shown)
    for refusal in refusals:
        assert refusal.status == 503 and "Traceback" not in refusal.page
    texts = [row["text"] for row in stored.questions(on_postgres)]
    assert len(texts) == len(set(texts)), "Stored, refused, and stored again."


def ask_for(seconds: float, visitor: Visitor, accepted: list[tuple[str, str]]) -> list[Refused]:
    """Questions, one conversation each, while things break; what is refused is sent again as the
    page does it. Returns what was refused."""
    refusals, deadline = [], time.monotonic() + seconds
    once = str(uuid.uuid4())
    while time.monotonic() < deadline:
        text = f"Question {len(accepted)}. [[tokens=10]]"
        try:
            accepted.append((text, visitor.ask(text, once=once).answer))
            once = str(uuid.uuid4())
        except Refused as refused:
            refusals.append(refused)
    assert accepted
    return refusals


PAGES = ["/", "/conversations/", "/archived/", "/search?q=one", "/accounts/", "/accounts/login/"]
STAFF_PAGES = ["/admin/", "/admin/feedback/rating/", "/admin/chatapp/user/", "/accounts/email/"]


@pytest.mark.postgres
def test_a_query_that_fails_while_postgres_restarts_is_no_error_of_the_site(on_postgres):
    """Connections end in the middle of requests, again and again."""
    over, statuses, errors = threading.Event(), Counter[int](), set[str]()

    def read_on(visitor: Visitor, paths: list[str], headers: dict[str, str]) -> None:
        while not over.is_set():
            for path in paths:
                page = visitor.http.get(path, headers=headers)
                statuses[page.status_code] += 1
                if page.status_code == 503:
                    assert "can't be reached at the moment" in page.text
                elif page.status_code >= 500:
                    errors.add(path)

    with (
        Visitor(on_postgres.url) as one,
        Visitor(on_postgres.url) as two,
        ThreadPoolExecutor(4) as people,
    ):
        one.read(one.ask("One question. [[tokens=10]]").answer)
        name, password = on_postgres.staff
        assert two.post("/accounts/login/", login=name, password=password).status_code == 302
        every = [(one, PAGES), (two, PAGES + STAFF_PAGES)]
        reading = [
            people.submit(read_on, who, paths, headers)
            for who, paths in every
            for headers in (HTMX, {})
        ]
        deadline = time.monotonic() + patience(6)
        while time.monotonic() < deadline and not errors:
            end_connections(on_postgres)
            over.wait(0.05)
        over.set()
        for each in reading:
            each.result()
    assert not errors, on_postgres.log[-3000:]
    assert set(statuses) <= {200, 302, 503} and statuses[503] and statuses[200], statuses
    assert "Traceback" not in on_postgres.log, on_postgres.log[-3000:]


@pytest.fixture
def proxied_postgres(tmp_path, stopped_site, sandbox, on_postgres) -> Iterator[tuple[Site, Proxy]]:
    """A second server on the same database, which it reaches through a proxy."""
    address = urlsplit(on_postgres.own_database)
    with Proxy(address.hostname or "127.0.0.1", address.port or 5432) as proxy:
        url = f"postgres://{address.username}@127.0.0.1:{proxy.port}{address.path}"
        folder = tmp_path / "proxied"
        site = Site(folder, sandbox, like=stopped_site, database_url=url, **NO_LIMITS)
        on_postgres.stop()
        with site:
            yield site.start(), proxy


@pytest.mark.postgres
def test_while_postgres_is_away_a_page_says_so_and_an_answer_goes_on(proxied_postgres, sandbox):
    site, proxy = proxied_postgres
    with Visitor(site.url) as visitor:
        asked = visitor.ask("Tell me more. [[tokens=200 tps=60]]")
        other = visitor.at(site.url)
        with visitor.reading(asked.answer) as watched:
            watched.until_words(10)
            proxy.cut()
            page = other.http.get(asked.conversation)
            assert page.status_code == 503 and "can't be reached at the moment" in page.text
            sent = other.post("/", HTMX, message="Now?")
            assert sent.status_code == 503 and "not saved" in sent.text
            assert "<html" not in sent.text
            watched.until_words(60)
            proxy.mend()
            watched.to_the_end()
        again = other.ask("And now?")
        other.read(again.answer)
    row = stored.answer(site, asked.answer)
    assert row["status"] == "complete"
    assert row["text"] == sandbox.request(id=row["helicone_id"])["sent_text"]
    assert stored.answer(site, again.answer)["status"] == "complete"
    assert "Traceback" not in site.log


@pytest.mark.postgres
@pytest.mark.parametrize("first", [True, False], ids=["first question", "next question"])
def test_a_question_whose_commit_was_never_confirmed_is_not_stored_twice(
    proxied_postgres, sandbox, first
):
    """The person is told that it wasn't saved, and sends again what is still in the field."""
    site, proxy = proxied_postgres
    once, text = str(uuid.uuid4()), "Once, please. [[tokens=10]]"
    with Visitor(site.url) as visitor:
        asked = visitor.ask("Hello. [[tokens=10]]")
        visitor.read(asked.answer)
        place = "/" if first else asked.conversation
        proxy.lose(after=b'INSERT INTO "chatapp_message"', answer_to=b"COMMIT")
        with pytest.raises(Refused) as refused:
            visitor.ask(text, place, once)
        assert refused.value.status == 503 and proxy.lost.is_set()
        assert once in [row["id"] for row in stored.questions(site)]
        again = visitor.ask(text, place, once)
        visitor.read(again.answer)
        assert visitor.page(again.conversation).count(f"{text}</p>") == 1
    (question,) = [row for row in stored.questions(site) if row["text"] == text]
    (answer,) = [row for row in stored.answers(site) if row["parent_id"] == question["id"]]
    assert (answer["id"], answer["status"]) == (again.answer, "complete")
    assert len(sandbox.requests()) == 2
    assert "Traceback" not in site.log


@pytest.fixture
def proxied_redis(start_site) -> Iterator[tuple[Site, Site, Proxy]]:
    """Two servers, each on Redis through the one proxy."""
    address = urlsplit(REDIS_URL)
    with Proxy(address.hostname or "127.0.0.1", address.port or 6379) as proxy:
        shared = NO_LIMITS | {
            "REDIS_URL": f"redis://127.0.0.1:{proxy.port}{address.path}",
            "REDIS_PREFIX": f"t-{uuid.uuid4()}",
            "database_url": "postgres",
        }
        one = start_site(**shared)
        two = start_site(**shared | {"database_url": one.own_database})
        yield one, two, proxy


@pytest.mark.postgres
@pytest.mark.redis
def test_while_redis_is_away_answers_are_written_and_then_shown(proxied_redis, sandbox):
    one, two, proxy = proxied_redis
    with Visitor(one.url) as here:
        asked = here.ask(STEADY)
        there = here.at(two.url)
        with here.reading(asked.answer) as near, there.reading(asked.answer) as far:
            near.until_words(10), far.until_words(10)
            proxy.cut()
            another = here.ask("Another. [[tokens=30 tps=60]]")
            time.sleep(2)  # as long as it is away
            proxy.mend()
            near.to_the_end(), far.to_the_end()
        last = there.read(another.answer)
    check_shown(one, sandbox, asked.answer, near, far)
    check_shown(one, sandbox, another.answer, last)
    assert "Traceback" not in one.log + two.log


@pytest.mark.postgres
@pytest.mark.redis
def test_connections_that_redis_ends_cost_no_character(pair, sandbox):
    one, two = pair
    over, ended = threading.Event(), []

    def end_them() -> None:
        with redis.Redis.from_url(REDIS_URL) as server:
            while not over.wait(0.1):
                for client in server.client_list():
                    if client["name"] == one.environment["REDIS_PREFIX"]:
                        ended.append(server.client_kill_filter(_id=client["id"]))

    with Visitor(one.url) as here:
        asked = here.ask("Tell me more. [[tokens=250 tps=60]]")
        there = here.at(two.url)
        ending = threading.Thread(target=end_them)
        ending.start()
        try:
            with there.reading(asked.answer) as far, here.reading(asked.answer) as near:
                far.to_the_end(), near.to_the_end()
        finally:
            over.set()
            ending.join()
    assert sum(ended) > 10
    check_shown(one, sandbox, asked.answer, near, far)


def check_shown(site: Site, sandbox, answer: str, *readings) -> None:
    row = stored.answer(site, answer)
    assert row["status"] == "complete"
    assert row["text"] == sandbox.request(id=row["helicone_id"])["sent_text"]
    for watched in readings:
        assert "Good answer" in watched.message
        assert " ".join(row["text"].split()).startswith(" ".join(watched.words))
