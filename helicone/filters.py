"""The filters of Helicone's query: leaves on one column, joined by `and` and `or`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Filter = Mapping[str, Any]


def column(name: str, operator: str, value: str) -> Filter:
    """A leaf on one column. It takes one operator only: a second one is ignored (source, not run)."""
    return {"request_response_rmt": {name: {operator: value}}}


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
    """A filter for the requests with one of these ids: Helicone has no `in`."""
    return join("or", [column("request_id", "equals", i) for i in ids])
