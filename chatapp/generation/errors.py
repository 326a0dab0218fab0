"""CompletionError and its codes, which differ in what the user can do about them."""

from __future__ import annotations

import contextlib
import math
import re
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

import helicone
from chatapp.availability import causes
from chatapp.observability.masking import masked


class CompletionError(Exception):
    """A failed completion. `code` is a key of `error_messages.ERROR_MESSAGES`; `detail` is the
    provider's message, for staff, without secrets; `fact` is what a log may say of it, since the
    detail may repeat what a user wrote; `retry_after` is in seconds."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        fact: str = "",
        retry_after: int | None = None,
        helicone_id: UUID | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = excerpt(detail, DETAIL_LENGTH)
        self.fact = fact
        self.retry_after = retry_after
        self.helicone_id = helicone_id


DETAIL_LENGTH = 2000  # characters
LONGEST = 100_000  # characters that are looked through for secrets


def excerpt(text: str | bytes, length: int = 200) -> str:
    """The beginning of a foreign text without secrets, masked before it is cut."""
    part = text[:LONGEST]
    return masked(part if isinstance(part, str) else repr(part))[:length]


def completion_error_from(error: Exception) -> CompletionError:
    """Convert any exception of the openai client or its transport; a CompletionError stays."""
    if isinstance(error, CompletionError):
        return error
    import openai  # takes half a second, which only the first error should cost

    if isinstance(error, openai.APIStatusError):
        return error_from_status(error)
    if isinstance(error, openai.APIConnectionError):
        cause = error.__cause__ or error
        name = type(cause).__name__
        return CompletionError(error_from_connection(error), str(cause), fact=name)
    name = type(error).__name__
    return CompletionError("cut", f"{name}: {error}", fact=name)


def error_from_status(error: Any) -> CompletionError:
    headers = error.response.headers
    code = code_of(error.status_code, error.code, error.type, str(error))
    if code == "rate_limited" and headers.get("x-helicone-error") == "rate_limited":
        code = "policy_limited"
    return CompletionError(
        code,
        str(error),
        fact=fact_of(error.status_code, error.code, error.type),
        retry_after=retry_after_seconds(headers),
        helicone_id=helicone.helicone_id(error),
    )


def error_from_object(error: Any) -> CompletionError:
    """Convert an error that came inside a response of status 200, by its code as if the code were
    the status."""
    fields = error if isinstance(error, dict) else {}
    message = fields.get("message")
    names = fields.get("code"), fields.get("type")
    statuses = [fields.get("status"), *names]
    status = next(filter(None, map(status_of, statuses)), 500)
    code = code_of(status, *names, str(message or error))
    return CompletionError(code, str(error), fact=fact_of(None, *names))


def fact_of(status: int | None, *names: Any) -> str:
    """The HTTP status of an error, and those of its names that providers are known to use."""
    known = [str(name) for name in names if str(name) in BY_CODE or str(name) in BY_TYPE]
    return " ".join([f"HTTP {status}"] * bool(status) + known)


def status_of(value: Any) -> int | None:
    """The HTTP status that an error's field holds or stands for."""
    if isinstance(value, int | str) and str(value) in STATUSES:
        return int(value)
    return BY_TYPE.get(value) if isinstance(value, str) else None


def code_of(status: int, code: Any, kind: Any, message: str) -> str:
    """The code of an error by its status and its own `code`, `type` and message."""
    for name in (code, kind):
        if isinstance(name, str) and name in BY_CODE:
            return BY_CODE[name]
    if status in (400, 413, 422) and TOO_LONG.search(message):
        return "too_long"
    return BY_STATUS.get(status, "server_error" if status >= 500 else "rejected")


STATUSES = frozenset(map(str, range(400, 600)))
BY_STATUS = {
    401: "bad_key",
    402: "no_quota",
    403: "no_permission",
    404: "unknown_model",
    429: "rate_limited",
}
BY_CODE = {
    "PROMPT_FLAGGED_FOR_MODERATION": "moderated",
    "PROMPT_THREAT_DETECTED": "prompt_threat",
    "content_filter": "content_filter",
    "content_policy_violation": "content_filter",
    "context_length_exceeded": "too_long",
    "insufficient_quota": "no_quota",
    "billing_hard_limit_reached": "no_quota",
}
# The codes and types of errors that name no status, and the status which OpenAI sends with them.
BY_TYPE = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "invalid_api_key": 401,
    "permission_error": 403,
    "permission_denied": 403,
    "not_found_error": 404,
    "model_not_found": 404,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "too_many_requests": 429,
}
# Most servers compatible with OpenAI's say it in words only.
TOO_LONG = re.compile(r"context (length|window|size)|prompt is too long", re.IGNORECASE)


def retry_after_seconds(headers: Mapping[str, str]) -> int | None:
    """Seconds from Retry-After (seconds or a date) or retry-after-ms, or else until the window of
    Helicone's rate limit resets."""
    milliseconds = headers.get("retry-after-ms", "")
    if NUMBER.fullmatch(milliseconds):
        return math.ceil(float(milliseconds) / 1000)
    for name in ("retry-after", "helicone-ratelimit-reset"):
        value = headers.get(name, "").strip()
        if NUMBER.fullmatch(value):
            return math.ceil(float(value))
        if value:
            with contextlib.suppress(ValueError):
                return seconds_until(parsedate_to_datetime(value))
    return None


NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)


def seconds_until(moment: datetime) -> int:
    # A date with the zone "-0000" comes back naive, and HTTP dates are UTC.
    aware = moment.replace(tzinfo=moment.tzinfo or UTC)
    return max(0, math.ceil((aware - datetime.now(UTC)).total_seconds()))


def error_from_connection(error: BaseException) -> str:
    # By the root cause: the aiohttp transport of openai 3.54 reports a refused
    # connection as a timeout.
    for cause in causes(error):
        if isinstance(cause, TimeoutError):
            return "no_first_token"
        if isinstance(cause, ssl.SSLError) or "certificate" in str(cause).lower():
            return "tls"
        if isinstance(cause, socket.gaierror) or "getaddrinfo" in str(cause):
            return "dns"
    return "no_connection"
