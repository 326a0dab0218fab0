"""Answers of Helicone's API: read as values, or raised as HeliconeErrors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helicone import rate_limits
from helicone.errors import (
    BadKey,
    HeliconeError,
    InvalidId,
    NotAllowed,
    RateLimited,
    Rejected,
    ServerError,
    UnexpectedAnswer,
    UnknownRequest,
)
from helicone.models import Reading


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `about` is the id of the request that the call was about."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    about: str | None = None


@dataclass(frozen=True)
class Receipt:
    """An accepted call. It proves no more than that: unknown requests are rated 201 too."""

    status: int
    rate_limit: rate_limits.RateLimit | None


def receipt(answer: Answer) -> Receipt:
    """Read the answer to a rating or a property: any 2xx that doesn't name an error."""
    check(answer)
    content = _json(answer)
    if isinstance(content, dict) and content.get("error"):
        raise _error(UnexpectedAnswer, answer, "Helicone answered with an error inside a success")
    return Receipt(answer.status, rate_limits.rate_limit(answer.headers))


def readings(answer: Answer) -> list[Reading]:
    """Read the answer to a query, `{"data": [row, …], "error": null}`, without foreign ids."""
    check(answer)
    content = _json(answer)
    rows = content.get("data") if isinstance(content, dict) and not content.get("error") else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _error(UnexpectedAnswer, answer, "The answer to a query is not a list of requests")
    return [reading for row in rows if (reading := Reading.from_row(row))]


def check(answer: Answer) -> None:
    """Raise a HeliconeError for any status but 2xx (observed on Helicone's API, source of 2026-07)."""
    if 200 <= answer.status < 300:
        return
    raise _error(*_meaning(answer, answer.body.decode(errors="replace").lower()))


def _meaning(answer: Answer, text: str) -> tuple[type[HeliconeError], Answer, str]:
    match answer.status:
        case 401 if _is_error_null(answer):
            return NotAllowed, answer, "The Helicone key lacks the right to do this"
        case 401:
            return BadKey, answer, "Helicone doesn't know the key"
        case 403:
            return NotAllowed, answer, "Helicone forbids this to the key"
        case 429:
            return RateLimited, answer, "Helicone asks for fewer calls"
        case 500 if "invalid requestid" in text:
            return InvalidId, answer, "Helicone takes UUIDs of version 1 to 5 only"
        case 500 if "request not found" in text:
            return UnknownRequest, answer, "Helicone doesn't know the request (yet)"
        case 408 | 425:
            return ServerError, answer, "Helicone could not take the call in time"
        case status if status >= 500:
            return ServerError, answer, "Helicone failed"
        case status if status < 400:
            return Rejected, answer, "The API address leads elsewhere: correct it"
        case _:
            return Rejected, answer, "Helicone refused the call"


def _error(kind: type[HeliconeError], answer: Answer, sentence: str) -> HeliconeError:
    text = " ".join(answer.body[:2000].decode(errors="replace").split())
    text = "".join(c for c in text if c.isprintable())
    excerpt = f": {text[:200]}" if text else ""
    return kind(
        f"{sentence} (HTTP {answer.status}{excerpt}).",
        summary=f"{sentence} (HTTP {answer.status}).",
        status=answer.status,
        request_id=answer.about,
        rate_limit=rate_limits.rate_limit(answer.headers),
        retry_after=rate_limits.retry_after(answer.headers),
    )


def _is_error_null(answer: Answer) -> bool:
    content = _json(answer)
    return isinstance(content, dict) and "error" in content and content["error"] is None


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
