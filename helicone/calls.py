"""Every call to Helicone's API as data: what to send, and how to read the answer. No I/O."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from helicone import answers, filters, validation
from helicone.errors import InvalidValue, MaskedFailure
from helicone.models import Rating, Reading

T = TypeVar("T")
MAX_ROWS = 1000  # what one query may ask for; 2,000 ids came back empty (source of 2026-07)
QUERY = "/v1/request/query-clickhouse"


@dataclass(frozen=True)
class Call(Generic[T]):
    """One HTTP call; `read` turns its answer into the result or raises a HeliconeError."""

    method: str
    path: str
    body: Mapping[str, Any]
    read: Callable[[answers.Answer], T]
    about: str | None = None


def rate(request_id: uuid.UUID | str, rating: Rating) -> Call[answers.Receipt]:
    """POST …/feedback, with exactly `{"rating": true}` or `{"rating": false}`."""
    if not isinstance(rating, Rating):
        raise InvalidValue(
            f"{validation.shown(rating)} is no rating: use Rating.POSITIVE or NEGATIVE."
        )
    about = validation.request_id(request_id)
    body = {"rating": rating.as_bool}
    return Call("POST", f"/v1/request/{about}/feedback", body, answers.receipt, about)


def set_property(request_id: uuid.UUID | str, key: str, value: str) -> Call[answers.Receipt]:
    """PUT …/property."""
    about = validation.request_id(request_id)
    body = {
        "key": validation.property_name(key),
        "value": validation.text(value, "property's value"),
    }
    return Call("PUT", f"/v1/request/{about}/property", body, answers.receipt, about)


def read(
    request_ids: Iterable[uuid.UUID | str], witness: uuid.UUID | str | None
) -> Call[dict[uuid.UUID, Reading]]:
    """POST …/query-clickhouse for ids. Without any id there is nothing to send: see `Api.read`."""
    asked = list(dict.fromkeys(map(validation.request_id, request_ids)))
    seen = None if witness is None else validation.request_id(witness)
    ids = list(dict.fromkeys([*asked, *([seen] if seen else [])])) if asked else []
    if len(ids) > MAX_ROWS:
        raise InvalidValue(f"{len(ids):,} ids are too many for one query: at most {MAX_ROWS:,}.")

    def readings(answer: answers.Answer) -> dict[uuid.UUID, Reading]:
        found = {str(reading.request_id): reading for reading in answers.page(answer).readings}
        if seen and seen not in found:
            raise masked(f"The answer lacks request {seen}, which is known to be there.")
        return {uuid.UUID(i): found[i] for i in asked if i in found}

    return Call("POST", QUERY, {"filter": filters.any_id(ids), "limit": len(ids)}, readings)


def masked(sentence: str) -> MaskedFailure:
    return MaskedFailure(f"{sentence} The query failed inside Helicone.", status=201)
