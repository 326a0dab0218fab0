"""Reading a span of time page by page, and telling its end from a failure. No I/O."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypedDict

from helicone import answers, checks, filters
from helicone.calls import MAX_ROWS, QUERY, Call, masked
from helicone.errors import InvalidValue, UnexpectedAnswer
from helicone.readings import Reading


class WindowOptions(TypedDict, total=False):
    """What narrows and orders a window.

    properties, user, session: only requests that carry these; a property's value is compared with
        what is stored, and that is percent-encoded where it came by `call_headers`.
    witness: an id known to be there; it is asked for too, yielded too, and missed when absent.
    limit: rows per page, 2 to 1,000. offset: rows to skip. sort: by creation.
    """

    properties: Mapping[str, str]
    user: str
    session: str
    witness: uuid.UUID | str
    limit: int
    offset: int
    sort: Literal["asc", "desc"]


class Window:
    """Where a reader stands: send `call()`, hand its page to `take()`, until `done`.

    Each page but the first starts with the last row of the one before, so an empty page is always a
    failure and never the end. On the first page only a witness can tell the two apart.
    """

    def __init__(self, since: datetime, until: datetime, options: WindowOptions) -> None:
        _check(since, until, options)
        self.done = False
        self._filter = filters.in_window(
            since,
            until,
            options.get("properties", {}),
            options.get("user"),
            options.get("session"),
        )
        witness = options.get("witness")
        self._missing = None if witness is None else checks.request_id(witness)
        if self._missing:
            asked = filters.any_id([self._missing])
            self._filter = filters.join("or", [self._filter, asked])
        self._limit = checks.within(options.get("limit", MAX_ROWS), 2, MAX_ROWS, "limit")
        self._offset = checks.within(options.get("offset", 0), 0, 10**9, "offset")
        self._sort = options.get("sort", "asc")
        self._previous: set[uuid.UUID] | None = None

    def call(self) -> Call[answers.Page]:
        """The query for the next page."""
        body = {
            "filter": self._filter,
            "limit": self._limit,
            "offset": self._offset,
            "sort": {"created_at": self._sort},
        }
        return Call("POST", QUERY, body, answers.page)

    def take(self, page: answers.Page) -> list[Reading]:
        """The readings of a page that weren't on the one before."""
        if self._previous is not None and not page.size:
            raise masked("A page that must repeat the last row seen came back empty.")
        fresh = [r for r in page.readings if r.request_id not in (self._previous or ())]
        if self._missing in {str(r.request_id) for r in fresh}:
            self._missing = None
        self.done = page.size < self._limit
        if self.done and self._missing:
            raise masked(f"The window lacks request {self._missing}, which is known to be there.")
        ids = {r.request_id for r in page.readings}
        if ids and ids == self._previous and not self.done:
            raise UnexpectedAnswer("A further page repeats the one before: it has no end.")
        self._previous = ids
        self._offset += page.size - 1
        return fresh


def _check(since: datetime, until: datetime, options: WindowOptions) -> None:
    moments: tuple[object, object] = (since, until)
    for moment in moments:
        if not isinstance(moment, datetime) or moment.utcoffset() is None:
            raise InvalidValue("A window is given by two datetimes that have a time zone.")
    if since > until:
        raise InvalidValue("A window's start must not lie after its end.")
    if options.get("sort", "asc") not in {"asc", "desc"}:
        raise InvalidValue("A window is sorted asc or desc.")
