"""Calls to Helicone's API as data: the request to send and the reader of its answer. No I/O."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from helicone import answers, filters, validation
from helicone.errors import InvalidValue
from helicone.models import Rating, Reading

T = TypeVar("T")
MAX_SCORE = 2**31 - 1
MAX_ROWS = 1000  # more is answered 500 "invalid limit" (source of 2026-07)


@dataclass(frozen=True)
class Call(Generic[T]):
    """One HTTP call; `read` turns its answer into the result or raises a HeliconeError."""

    method: str
    path: str
    body: Mapping[str, Any]
    read: Callable[[answers.Answer], T]
    about: str | None = None


def rate(request_id: uuid.UUID | str, rating: Rating) -> Call[answers.Receipt]:
    """Rate a request: POST …/feedback, with exactly `{"rating": true}` or `{"rating": false}`."""
    if not isinstance(rating, Rating):
        raise InvalidValue(
            f"{validation.shown(rating)} is no rating: use Rating.POSITIVE or NEGATIVE."
        )
    about = validation.request_id(request_id)
    body = {"rating": rating.as_bool}
    return Call("POST", f"/v1/request/{about}/feedback", body, answers.receipt, about)


def set_property(request_id: uuid.UUID | str, key: str, value: str) -> Call[answers.Receipt]:
    """Set a property of a request: PUT …/property."""
    about = validation.request_id(request_id)
    body = {
        "key": validation.property_name(key),
        "value": validation.text(value, "property's value"),
    }
    return Call("PUT", f"/v1/request/{about}/property", body, answers.receipt, about)


def score(request_id: uuid.UUID | str, name: str, value: int) -> Call[answers.Receipt]:
    """Set a score of a request: POST …/score. A whole number: a fraction is answered 500."""
    about = validation.request_id(request_id)
    number = validation.within(value, -MAX_SCORE, MAX_SCORE, "score")
    body = {"scores": {validation.property_name(name): number}}
    return Call("POST", f"/v1/request/{about}/score", body, answers.receipt, about)


def query(ids: Iterable[str], order: str) -> Call[list[Reading]]:
    """Query these ids: POST …/query-clickhouse, `asc` or `desc` by their creation.

    The limit is always the largest: it counts stored versions of rows, of which each id may have
    many (observed on Helicone's API, source of 2026-07).
    """
    body = {
        "filter": filters.any_id(list(ids)),
        "limit": MAX_ROWS,
        "sort": {"created_at": order},
    }
    return Call("POST", "/v1/request/query-clickhouse", body, answers.readings)
