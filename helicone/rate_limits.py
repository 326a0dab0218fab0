"""Rate limits as read from the headers of an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_COMBINED = re.compile(r"\b(limit|remaining|reset|r|t)\s*=\s*(\d{1,12})\b", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)


@dataclass(frozen=True)
class RateLimit:
    """The calls allowed, those left, and the seconds until all are allowed again."""

    limit: int | None
    remaining: int | None
    reset_seconds: int | None


def field(headers: Mapping[str, str], name: str) -> str | None:
    """One header's value, whatever the letter case and the kind of mapping."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), None)


def rate_limit(headers: Mapping[str, str]) -> RateLimit | None:
    """Read `RateLimit-Limit/-Remaining/-Reset`, or the one combined `RateLimit` of later drafts."""
    found = {name: _whole(field(headers, f"RateLimit-{name}")) for name in _NAMES}
    combined = dict(_COMBINED.findall(field(headers, "RateLimit") or ""))
    for name, short in _NAMES.items():
        if found[name] is None:
            found[name] = _whole(combined.get(name, combined.get(short)))
    if all(value is None for value in found.values()):
        return None
    return RateLimit(found["limit"], found["remaining"], found["reset"])


# The second word is the short name the header's eighth draft uses.
_NAMES = {"limit": "", "remaining": "r", "reset": "t"}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `Retry-After` as seconds or HTTP date, else from the limit's reset."""
    value = (field(headers, "Retry-After") or "").strip()
    if (seconds := _whole(value)) is not None:
        return float(seconds)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        limit = rate_limit(headers)
        return None if limit is None or limit.reset_seconds is None else float(limit.reset_seconds)
    # A date with the zone "-0000" comes back naive, and HTTP dates are UTC.
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _whole(value: str | None) -> int | None:
    return int(value) if value and _NUMBER.fullmatch(value.strip()) else None
