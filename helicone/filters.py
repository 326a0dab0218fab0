"""The filters of Helicone's query: leaves on one column, joined by `and` and `or`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from helicone import validation

Filter = Mapping[str, Any]


def column(name: str, operator: str, value: str) -> Filter:
    """One leaf. It takes one operator only: a second one is ignored (source, not run)."""
    return {"request_response_rmt": {name: {operator: value}}}


def has_property(name: str, value: str) -> Filter:
    """A leaf below the table, as with any column.

    At the top level `properties` means a PostgreSQL column to Helicone, and the SQL made of it is
    none ClickHouse takes (source, not run).
    """
    return {"request_response_rmt": {"properties": {name: {"equals": value}}}}


def join(operator: str, leaves: Sequence[Filter]) -> Filter:
    """A balanced tree over the leaves; `all` when there are none.

    The same OR written as a chain fails from 100 to 200 ids on, and the failure looks like an empty
    answer (observed on Helicone's API, source of 2026-07). A tree of 1,000 is 10 deep.
    """
    if len(leaves) < 2:
        return leaves[0] if leaves else {}
    half = len(leaves) // 2
    left, right = join(operator, leaves[:half]), join(operator, leaves[half:])
    return {"left": left, "operator": operator, "right": right}


def any_id(ids: Sequence[str]) -> Filter:
    return join("or", [column("request_id", "equals", i) for i in ids])


def in_window(
    since: datetime,
    until: datetime,
    properties: Mapping[str, str],
    user: str | None,
    session: str | None,
) -> Filter:
    """Requests made from since to until, both included, that carry what else is named."""
    leaves = [
        column("request_created_at", "gte", _moment(since)),
        # Helicone counts in milliseconds: rounding down would lose the last one.
        column("request_created_at", "lte", _moment(until + timedelta(microseconds=999))),
    ]
    if user is not None:
        leaves.append(column("user_id", "equals", validation.header(user, "user")))
    if session is not None:
        leaves.append(has_property("Helicone-Session-Id", validation.header(session, "session")))
    leaves += [
        has_property(validation.property_name(k), validation.text(v, f"property {k}"))
        for k, v in properties.items()
    ]
    return join("and", leaves)


def _moment(value: datetime) -> str:
    utc = value.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"
