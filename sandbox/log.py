"""Helicone's request log, indexed by id, user, session and property.

There are no timers: ingestion and second writes have a due time and take effect at the next read,
so that `advance` can skip ten minutes at once.
"""

import random
import time
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sandbox.journal import Journal
from sandbox.request_rows import Request, Write
from sandbox.settings import Settings


class Log:
    def __init__(self, settings: Settings, journal: Journal) -> None:
        self.settings = settings
        self.journal = journal
        self.clear()

    def reset(self) -> None:
        self.clear()
        self.journal.truncate()

    def clear(self) -> None:
        self.offset = 0.0
        self.requests: list[Request] = []
        self.times: list[float] = []
        self.by_id: dict[str, list[Request]] = defaultdict(list)
        self.by_user: dict[str, list[Request]] = defaultdict(list)
        self.by_session: dict[str, list[Request]] = defaultdict(list)
        self.by_property: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.writes: dict[str, list[Write]] = defaultdict(list)
        self.pending: dict[str, list[Write]] = {}

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Advance the log's clock, without waiting."""
        self.offset += seconds
        self.journal.write("advance", seconds=seconds)

    def open(self, helicone_id: str, organisation: str | None, **fields: Any) -> Request:
        """Log a request; it is ingested after a random delay, or never without a valid key."""
        now, settings = self.now(), self.settings
        delay = random.uniform(settings.ingest_delay_min, settings.ingest_delay_max)
        ingest_at = None if organisation is None else now + delay
        request = Request(len(self.requests), helicone_id, organisation, now, ingest_at, **fields)
        self.index(request)
        self.journal.write("open", request=request)
        return request

    def close(self, request: Request) -> None:
        """Log the end of a request: text, status, completeness."""
        self.journal.write("close", request=request)

    def index(self, request: Request) -> None:
        self.requests.append(request)
        self.times.append(request.created_at)
        self.by_id[request.helicone_id].append(request)
        if request.user is not None:
            self.by_user[request.user].append(request)
        if request.session.get("id"):
            self.by_session[str(request.session["id"])].append(request)
        for pair in self.shown_properties(request).items():
            self.by_property[pair].add(request.number)

    @staticmethod
    def shown_properties(request: Request) -> dict[str, str]:
        """Properties as a query shows them: Helicone files the session among them."""
        session = {
            f"Helicone-Session-{part.title()}": value
            for part, value in request.session.items()
            if value
        }
        return session | request.properties

    def between(self, first: float | None, last: float | None) -> Iterable[int]:
        """Numbers of the requests created in this closed window."""
        start = 0 if first is None else bisect_left(self.times, first)
        end = len(self.times) if last is None else bisect_right(self.times, last)
        return range(start, max(start, end))

    def row(self, helicone_id: str, at: float, organisation: str | None = None) -> Request | None:
        """The row a query shows for an id: the newest ingested one.

        A reused id has a newer row, which hides the older row and its rating.
        """
        for request in reversed(self.by_id.get(helicone_id, [])):
            if request.ingested(at) and organisation in (None, request.organisation):
                return request
        return None

    def set_properties(self, request: Request, properties: dict[str, str]) -> None:
        for pair in self.shown_properties(request).items():
            self.by_property[pair].discard(request.number)
        request.properties = properties
        request.stored_versions += 1
        for pair in self.shown_properties(request).items():
            self.by_property[pair].add(request.number)
        self.journal.write("properties", number=request.number, properties=properties)

    def merge_by_chance(self, request: Request) -> None:
        """Merge a row's stored versions into one, in a share of `merge_chance` of all calls."""
        if random.random() < self.settings.merge_chance:
            request.stored_versions = 1

    def merge(self) -> None:
        """Merge the versions of every row, as the store does when it is not busy."""
        for request in self.requests:
            request.stored_versions = 1
        self.journal.write("merge")
