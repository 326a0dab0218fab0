"""A rating, and one request as read back from Helicone's log."""

from __future__ import annotations

import enum
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SCORE = "helicone-score-feedback"


class Rating(enum.Enum):
    """A thumbs-up or -down. There is no third: Helicone stores null as down, and has no undo."""

    POSITIVE = "positive"
    NEGATIVE = "negative"

    @property
    def as_bool(self) -> bool:
        """True for POSITIVE, as Helicone's body wants it."""
        return self is Rating.POSITIVE

    @classmethod
    def from_bool(cls, value: bool) -> Rating:
        return cls.POSITIVE if value else cls.NEGATIVE


@dataclass(frozen=True)
class Reading:
    """One request as Helicone has it now.

    rating: None when unrated, or when the score is neither 1 nor 0.
    score: the number itself, such as -1 for one set by `POST …/score`; None when unrated.
    scores: all scores by name, the rating's among them.
    created_at: when the request was made, in UTC.
    properties: with names in lower case, except Helicone's own such as `Helicone-Session-Id`.
    """

    request_id: uuid.UUID
    rating: Rating | None = None
    score: float | None = None
    created_at: datetime | None = None
    model: str | None = None
    user: str | None = None
    status: int | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Reading | None:
        """Read a row of `query-clickhouse`; None when its id is no UUID, so not one of ours.

        The dead `feedback_*` fields are not looked at (source of 2026-07).
        """
        try:
            request_id = uuid.UUID(str(row.get("request_id")))
        except ValueError:
            return None
        numbers = {str(k): _number(v) for k, v in _mapping(row.get("scores")).items()}
        scores = {name: number for name, number in numbers.items() if number is not None}
        score = scores.get(SCORE)
        status = _number(row.get("response_status"))
        return cls(
            request_id,
            rating={1.0: Rating.POSITIVE, 0.0: Rating.NEGATIVE}.get(score)
            if score is not None
            else None,
            score=score,
            created_at=_moment(row.get("request_created_at")),
            model=_first(row, "model", "response_model", "request_model"),
            user=_first(row, "request_user_id", "user_id"),
            status=None if status is None else int(status),
            properties={
                str(k): str(v)
                for k, v in _mapping(row.get("properties") or row.get("request_properties")).items()
            },
            scores=scores,
        )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float | None:
    # Scores come as numbers or as strings, depending on the column they were read from.
    try:
        number = float(value) if isinstance(value, (int, float, str)) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    # ClickHouse writes UTC without saying so.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _first(row: Mapping[str, Any], *names: str) -> str | None:
    return next((row[n] for n in names if isinstance(row.get(n), str) and row[n]), None)
