"""CompletionError and its codes, which differ in what the user can do about them."""

from __future__ import annotations

import math
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import helicone
from chatapp.availability import causes


class CompletionError(Exception):
    """A failed completion. `code` is a key of `error_messages.ERROR_MESSAGES`; `detail` is the
    provider's message, for staff; `retry_after` is in seconds."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        retry_after: int | None = None,
        helicone_id: UUID | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        self.helicone_id = helicone_id


def completion_error_from(error: Exception) -> CompletionError:
    """Convert any exception of the openai client or its transport."""
    import openai  # takes half a second, which only the first error should cost

    if isinstance(error, openai.APIStatusError):
        return error_from_status(error)
    if isinstance(error, openai.APIConnectionError):
        return CompletionError(error_from_connection(error), str(error.__cause__ or error))
    return CompletionError("cut", f"{type(error).__name__}: {error}")


def error_from_status(error: Any) -> CompletionError:
    code = BY_STATUS.get(
        error.status_code, "server_error" if error.status_code >= 500 else "rejected"
    )
    code = BY_CODE.get(error.code, code)
    if code == "rate_limited" and error.response.headers.get("x-helicone-error") == "rate_limited":
        code = "policy_limited"
    return CompletionError(
        code,
        str(error)[:2000],
        retry_after=retry_after_seconds(error.response.headers),
        helicone_id=helicone.helicone_id(error),
    )


BY_STATUS = {401: "bad_key", 403: "no_permission", 404: "unknown_model", 429: "rate_limited"}
BY_CODE = {
    "PROMPT_FLAGGED_FOR_MODERATION": "moderated",
    "PROMPT_THREAT_DETECTED": "prompt_threat",
    "content_filter": "content_filter",
    "context_length_exceeded": "too_long",
    "insufficient_quota": "no_quota",
}


def retry_after_seconds(headers: Mapping[str, str]) -> int | None:
    """Seconds from Retry-After, or else until the window of Helicone's rate limit resets."""
    for name in ("retry-after", "helicone-ratelimit-reset"):
        value = headers.get(name, "")
        if value.replace(".", "", 1).isdigit():
            return math.ceil(float(value))
    return None


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
