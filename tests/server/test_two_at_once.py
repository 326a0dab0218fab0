"""Two servers that start at once on a new database: one prepares it, the other waits."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from chatapp.io.files import locked
from chatapp.server.start_lock import NUMBER, WAITING
from tests.fixtures.patience import DEADLINE
from tests.site_process import PASSWORD, Site

COUNTS = (
    "from chatapp.models import Assistant, User;"
    "print(Assistant.objects.count(), User.objects.filter(is_staff=True).count())"
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def pair(request, tmp_path, sandbox_server) -> Iterator[tuple[Site, Site]]:
    """Two sites that were not started yet, each with a VAR_DIR of its own, on a new database."""
    new = "postgres" if request.param == "postgres" else f"sqlite:///{tmp_path}/new.sqlite3"
    with Site(tmp_path / "one", sandbox_server, database_url=new) as one:
        url = one.environment["DATABASE_URL"]
        with Site(tmp_path / "two", sandbox_server, database_url=url) as two:
            yield one, two


def test_one_migrates_and_the_other_waits(pair):
    for site in pair:
        site.launch()
    for site in pair:
        site.wait_until_it_answers()
    logs = [site.log for site in pair]
    assert sum(len(PASSWORD.findall(log)) for log in logs) == 1, logs
    assert not any("Traceback" in log for log in logs), logs
    assert pair[0].manage("shell", "-v", "0", "-c", COUNTS).split() == ["1", "1"]


def test_a_server_waits_until_the_database_is_prepared(pair, tmp_path):
    site = pair[0]
    with held(site, tmp_path):
        site.launch()
        wait_until(lambda: WAITING in site.log)
        assert site.log.count(WAITING) == 1
        assert "Rapport is on" not in site.log and site.status is None
    site.wait_until_it_answers()


def test_a_lock_ends_with_the_process_that_held_it(pair, tmp_path):
    one, two = pair
    with held(one, tmp_path):
        one.launch()
        wait_until(lambda: WAITING in one.log)
        one.kill()
    two.start()
    assert WAITING not in two.log


@contextmanager
def held(site: Site, folder: Path) -> Iterator[None]:
    """The lock, as another server holds it."""
    if site.own_database:
        with psycopg.connect(site.own_database) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER])
            yield
    else:
        with locked(folder / "new.sqlite3.lock"):
            yield


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
