"""Probes answer while requests hold all threads, and in bounded time."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import httpx2
import pytest

from chatapp.http.handler import SingleThreadASGIHandler
from chatapp.http.health import Health
from tests.fixtures.asgi import served
from tests.fixtures.patience import DEADLINE, patience
from tests.fixtures.processes import StartSite
from tests.resilience.conftest import NO_LIMITS
from tests.resilience.visitor import Visitor
from tests.site_process import Site

THREADS = 2


@contextmanager
def all_threads_held(site: Site) -> Iterator[None]:
    """Requests that write wait for the database in each of the site's threads."""
    lock = sqlite3.connect(site.var / "rapport.sqlite3", timeout=DEADLINE, isolation_level=None)
    with (
        closing(lock),
        ThreadPoolExecutor(2 * THREADS) as pool,
        ExitStack() as visitors,
    ):
        people = [visitors.enter_context(Visitor(site.url)) for _ in range(2 * THREADS)]
        lock.execute("BEGIN IMMEDIATE")
        asked = [pool.submit(person.post, "/", None, message="Hello") for person in people]
        try:
            while is_answered(f"{site.url}/accounts/login/"):
                pass
            yield
            assert not any(each.done() for each in asked)
        finally:
            lock.execute("ROLLBACK")
        assert [each.result().status_code for each in asked] == [303] * len(asked)


def is_answered(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=1, trust_env=False).status_code == 200
    except httpx2.ReadTimeout:
        return False


@pytest.mark.sqlite
def test_they_answer_while_requests_hold_all_threads(start_site: StartSite):
    site = start_site(database_url="", THREADS=str(THREADS), **NO_LIMITS)
    httpx2.get(f"{site.url}/readyz", trust_env=False)  # makes the row that it reads
    with all_threads_held(site):
        began = time.monotonic()
        for path, text in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
            answer = httpx2.get(f"{site.url}{path}", timeout=DEADLINE, trust_env=False)
            assert (answer.status_code, answer.text) == (200, text)
        assert time.monotonic() - began < patience(2)


def test_healthz_is_as_django_answers_it_by_any_host_and_without_tls(start_site: StartSite):
    site = start_site(HTTPS="true", ALLOWED_HOSTS="rapport.example")
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=DEADLINE) as client:
        for headers in ({"Host": "10.0.0.7:8000"}, {"Host": "rapport.example"}, {"Host": "a@b:c"}):
            answer = client.get("/healthz", headers=headers)
            assert (answer.status_code, answer.text) == (200, "ok\n")
            assert answer.headers["content-type"] == "text/plain"
            assert answer.headers["content-length"] == "3"
            assert answer.headers["x-request-id"]
            assert client.get("/readyz", headers=headers).status_code == 200
        head = client.head("/healthz")
        assert (head.status_code, head.content) == (200, b"")
        assert client.post("/healthz").status_code in (403, 405)
        assert client.get("/healthz/x").status_code in (301, 400)


def test_readyz_says_so_when_what_it_checks_takes_too_long():
    handler = SingleThreadASGIHandler(probe_seconds=0.05)
    go_on = threading.Event()
    with served(handler) as url:
        handler.probe_thread.submit(go_on.wait, DEADLINE)
        try:
            answer = httpx2.get(f"{url}/readyz", timeout=DEADLINE, trust_env=False)
        finally:
            go_on.set()
    assert (answer.status_code, answer.text) == (503, "The database doesn't answer in time.\n")


def test_healthz_is_django_s_until_django_has_answered_it():
    statuses = iter([500, 200])

    async def site(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": next(statuses), "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with served(Health(site)) as url:
        answers = [httpx2.get(f"{url}/healthz", trust_env=False) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 200, 200, 200]
    assert [answer.text for answer in answers] == ["", "", "ok\n", "ok\n"]
