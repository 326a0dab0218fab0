"""make bench-review: what a million ratings do to the list, its filters and search, the queue, and a bulk action.

The pages are asked for as a lead's browser would, through all of Django; each number is of a page
that was asked for before, on a database that nobody else uses. Beside the times stands the work:
CPU of this process and of its connection's process in PostgreSQL, which tells a slow page from a
busy machine.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.chaos.site import database  # noqa: E402
from bench.review_fill import fill  # noqa: E402
from bench.review_numbers import NUMBERS, choices, count_all  # noqa: E402
from bench.review_rows import ADJACENT, CHINESE, COMMON, NOWHERE, RARE, SOME  # noqa: E402

LIST = "/admin/feedback/rating/"
COUNTS = f"{LIST}counts.json"
BULK, EXPORTED = 10_000, 20_000


def main() -> int:
    options = parser().parse_args()
    with contextlib.ExitStack() as stack:
        url = where(options, stack)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "chatapp.settings",
            "DATABASE_URL": url,
            "DEBUG": "false",
            "LOG_LEVEL": "ERROR",
            "ALLOWED_HOSTS": "localhost",
            "ENV_FILE": os.devnull,
            "VAR_DIR": stack.enter_context(tempfile.TemporaryDirectory()),
        }
        import django

        django.setup()
        from django.core.management import call_command

        from chatapp.generation.runner import freeze_garbage_collector

        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("migrate", verbosity=0)
        if not options.again:
            fill(options.ratings)
        count_all()
        freeze_garbage_collector()  # as a server does
        return report(Pages(options.times), options.limit, options.only)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__)
    add = made.add_argument
    add("--ratings", type=int, default=1_000_000)
    add("--database", required=True, help="the address of a PostgreSQL server")
    add("--keep", metavar="NAME", help="keep the database under this name, to measure it again")
    add("--again", metavar="NAME", help="measure what --keep has kept")
    add("--times", type=int, default=7, help="that each page is asked for")
    add("--only", default="", help="lines with this word")
    add("--limit", type=float, default=500, help="ms, of the p95 of each line")
    return made


def where(options: argparse.Namespace, stack: contextlib.ExitStack) -> str:
    name = options.again or options.keep
    if not name:
        return stack.enter_context(database(options.database))
    import psycopg

    def at(path: str) -> str:
        return urlunsplit(urlsplit(options.database)._replace(path=f"/{path}"))

    if options.keep:
        with psycopg.connect(at("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')
    return at(name)


class Times(NamedTuple):
    """Of one page: each time, and the work each took on average; in ms."""

    each: list[float]
    work: float

    @property
    def median(self) -> float:
        return statistics.median(self.each)


class Pages:
    """Asked for by a lead who is signed in. `times` holds what each kind took, in ms."""

    def __init__(self, times: int) -> None:
        from django.db import connection
        from django.test import Client

        from chatapp.models import User

        self.client = Client(SERVER_NAME="localhost")
        self.lead = User.objects.get(username="lead")
        self.client.force_login(self.lead)
        self.repeat = times
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        local = urlsplit(os.environ["DATABASE_URL"]).hostname in ("127.0.0.1", "localhost")
        self.backend = psutil.Process(pid) if local and psutil.pid_exists(pid) else None

    def get(self, path: str, query: dict[str, Any]) -> Any:
        response = self.client.get(f"{path}?{urlencode(query, doseq=True)}")
        assert response.status_code == 200, (query, response.status_code)  # noqa: S101
        return response

    def timed(self, ask: Callable[[], Any], first: Callable[[], Any] = bool) -> Times:
        """Each time after `first`, which isn't measured."""
        ask()
        times, work = [], 0.0
        for _ in range(self.repeat):
            first()
            work -= self.work()
            times.append(once(ask))
            work += self.work()
        return Times(times, work / self.repeat)

    def work(self) -> float:
        """Milliseconds of CPU, here and, where it is on this machine, in the database."""
        there = sum(self.backend.cpu_times()[:2]) if self.backend else 0.0
        return 1000 * (time.process_time() + there)

    def filters(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Every choice of every filter, as the page offers them."""
        from django.contrib.admin import site
        from django.test import RequestFactory

        from feedback.models import Rating

        request = RequestFactory().get(LIST)
        request.user = self.lead
        for spec in site.get_model_admin(Rating).get_changelist_instance(request).filter_specs:
            if name := getattr(spec, "parameter_name", None):
                yield name, [{name: value} for value, _words in spec.lookup_choices]

    def all(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        days = {"a year ago": (-365, -358), "half a year ago": (-183, -176), "this week": (-6, 0)}
        yield "no filter", [{}]
        yield "oldest first", [{"o": "5"}]
        yield from ((f"filter: {name}", queries) for name, queries in self.filters())
        yield "filter: date", [{"since": day(a), "until": day(b)} for a, b in days.values()]
        yield (
            "date and status",
            [
                {"since": day(a), "until": day(b), "status": status}
                for a, b in days.values()
                for status in ("new", "fixed")
            ],
        )
        yield (
            "date and delivery",
            [{"since": day(a), "until": day(b), "delivery": "settled"} for a, b in days.values()],
        )
        newest = {"version": self.newest()}
        yield (
            "several filters",
            [
                {**newest, "status": "no-action"},
                {**newest, "comment": "yes", "thumb": "down", "delivery": "settled"},
                {"thumb": "down", "comment": "yes", "status": "new"},
                {"thumb": "up", "reason": "wrong"},
                {"assistant": "desk", "model": "llama-4"},
                {"assistant": "desk", "status": "needs-work", "delivery": "nowhere"},
                {"person": "guest", "verdict": "disagree", "category": "facts"},
                {"person": "777", "thumb": "down"},
                {"until": day(-120), "status": "in-review"},
                {"q": COMMON, "version": 3, "status": "fixed"},
                {"q": SOME, **newest},
            ],
        )
        yield "drawn by lot", list(self.drawn(40))
        yield "signals first", [{"o": "-signals"}, {"o": "-signals", "thumb": "down"}]
        far = {"p": f"after-{self.middle()}"}
        yield "page in the middle", [far, {**far, "thumb": "down"}, {**far, "o": "-signals"}]
        for name, word in [("rare", RARE), ("some", SOME), ("common", COMMON), ("none", NOWHERE)]:
            yield f"search: {name} word", [{"q": word}, {"q": word, "thumb": "down"}]
        yield "search: two words", [{"q": f"{COMMON} {SOME}"}, {"q": f'"{COMMON} {SOME}"'}]
        yield (
            "search: two characters",
            [{"q": CHINESE}, {"q": ADJACENT}, {"q": f"{CHINESE} {SOME}"}],
        )
        yield "search: an address", [{"q": "person777@example.org"}]

    def drawn(self, number: int) -> Iterator[dict[str, Any]]:
        """Two to four filters of all there are, words and an order among them; the same each time."""
        rng = random.Random(6)
        days = [{name: day(-ago)} for name in ("since", "until") for ago in (3, 30, 90, 180, 340)]
        words = [{"q": word} for word in (COMMON, SOME, RARE, CHINESE, f"{COMMON} {SOME}")]
        kinds = [*(queries for _name, queries in self.filters()), days, words, [{"o": "5"}]]
        for _ in range(number):
            chosen = [rng.choice(kind) for kind in rng.sample(kinds, rng.choice([2, 3, 3, 4]))]
            yield {name: value for one in chosen for name, value in one.items()}

    def middle(self) -> int:
        from feedback.models import Rating

        return Rating.objects.order_by("-pk").values_list("pk", flat=True)[0] // 2

    def newest(self) -> int:
        from feedback.models import Rating

        return Rating.objects.order_by("-pk").values_list("version", flat=True)[0] or 0

    def queue(self, order: str) -> Times:
        """The next one, claimed, and its page."""
        return self.timed(lambda: self.client.get(f"{LIST}queue/?queue={order}", follow=True))

    def bulk(self) -> tuple[int, float, float]:
        """(how many, ms, ms to undo them), each with the requests that a browser makes."""
        from feedback.models import BulkChange, Rating

        days = Rating.objects.order_by("-pk").values_list("created_at__date", flat=True)
        edge = list(days[:BULK])[-1]
        query = f"{LIST}?{urlencode({'since': edge.isoformat()})}"
        one = Rating.objects.listed().order_by("-pk").values_list("pk", flat=True)[0]
        data = {"action": "status-no-action", "_selected_action": [one], "select_across": "1"}
        took = once(lambda: self.to_the_end(query, {**data, "index": "0"}))
        act = BulkChange.objects.order_by("-at")[0]
        undo = once(lambda: self.to_the_end(f"{LIST}undo/{act.pk}/", {}))
        return act.changed, took, undo

    def to_the_end(self, path: str, data: dict[str, Any]) -> None:
        """Of a bulk change, whose page goes on by itself until nothing is left."""
        from feedback.models import BulkChange

        page = self.client.post(path, data)["Location"]
        while not BulkChange.objects.order_by("-at")[0].is_finished:
            self.client.post(page, headers={"HX-Request": "true"})

    def export(self, form: str) -> tuple[int, float]:
        """(how many, s), of the newest, as they leave the server."""
        from feedback.export.stream import export_chunks, writer_of
        from feedback.models import Export, Rating

        newest = Rating.objects.listed().order_by("-pk")
        first = min(newest.values_list("pk", flat=True)[:EXPORTED])
        export = Export.objects.create(by=self.lead, form=form)
        writer = writer_of(form, lambda rater: rater.name_for(self.lead))
        took = once(
            lambda: deque(export_chunks(export, newest.filter(pk__gte=first), writer), maxlen=0)
        )
        return export.rows, took / 1000


def once(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def day(ago: int) -> str:
    from datetime import date, timedelta

    return str(date.today() + timedelta(days=ago))


class Report:
    """A line a kind of page, and what was the slowest of all."""

    def __init__(self, limit: float) -> None:
        self.limit, self.slowest, self.most, self.over = limit, 0.0, 0.0, 0
        print(f"{'ms':28}{'p50':>6}{'p95':>6}{'work':>6}   slowest of what was asked for")

    def add(self, name: str, pages: dict[str, Times]) -> None:
        every = sorted(ms for page in pages.values() for ms in page.each)
        p95 = statistics.quantiles(every, n=20, method="inclusive")[-1]
        query, worst = max(pages.items(), key=lambda page: page[1].work)
        of = f"{worst.median:5.0f} (work {worst.work:.0f})  {query}" if len(pages) > 1 else ""
        print(
            f"{name:28}{statistics.median(every):6.0f}{p95:6.0f}{worst.work:6.0f}   {of}"[:150],
            flush=True,
        )
        self.slowest, self.most = max(self.slowest, p95), max(self.most, worst.work)
        self.over += p95 > self.limit


def report(pages: Pages, limit: float, only: str) -> int:
    from feedback.models import Rating

    told = Report(limit)
    for name, queries in pages.all():
        if only not in name:
            continue
        for path, line in [(LIST, name), (COUNTS, f"{name}, counts")]:
            asks = {urlencode(one): partial(pages.get, path, one) for one in queries}
            told.add(line, {query: pages.timed(ask) for query, ask in asks.items()})
    for name, queries, first in choices():
        if only in name:
            asks = {urlencode(one): partial(pages.get, NUMBERS, one) for one in queries}
            told.add(name, {query: pages.timed(ask, first) for query, ask in asks.items()})
    told.add("queue: next", {order: pages.queue(order) for order in ("oldest", "down", "signals")})
    number, took, undone = pages.bulk()
    print(f"bulk action over {number:,} answers: {took:,.0f} ms; undone in {undone:,.0f} ms")
    for form in ("csv", "jsonl"):
        rows, seconds = pages.export(form)
        print(f"export: {form}, {rows / seconds:,.0f} a second over {rows:,} rated answers")
    print(f"a page of the list is {len(pages.get(LIST, {}).content) / 1000:,.0f} kB")
    ratings = Rating.objects.order_by("-pk").values_list("pk", flat=True)[0]
    print(
        f"ratings={ratings} slowest_p95_ms={told.slowest:.0f} most_work_ms={told.most:.0f} "
        f"over_{limit:.0f}_ms={told.over} bulk={number} bulk_ms={took:.0f}"
    )
    return 1 if told.over else 0


if __name__ == "__main__":
    sys.exit(main())
