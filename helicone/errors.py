"""The exceptions of this package, split by whether the same call may succeed later."""

from __future__ import annotations

from helicone.rate_limits import RateLimit


class HeliconeError(Exception):
    """Base class of all that a call of this package raises.

    HeliconeError
      + TransientError           the same call may succeed later
        - ConnectionFailed       no connection, or one that broke (see maybe_sent)
        - TimedOut               no answer in time (see maybe_sent)
        - RateLimited            429; wait retry_after seconds
        - ServerError            5xx
        - UnknownRequest         "Request not found": not ingested yet, or not ours
        - UnexpectedAnswer       2xx that doesn't read as Helicone's
      + PermanentError           the same call will never succeed
        - InvalidValue           refused here, nothing was sent (a ValueError too)
        - InvalidId              refused there: no UUID v1-5
        - BadKey                 401: the key is unknown or missing
        - NotAllowed             401 or 403: the key is known but lacks the right
        - Rejected               any other 3xx or 4xx

    str() is one sentence for an operator and never holds a key. `summary` is the same without what
    the other side wrote, which may repeat a user's words: for logs. `status` is the HTTP status and
    `request_id` the request it was about, where there is one. `retry_after` is in seconds.
    """

    def __init__(
        self,
        message: str,
        *,
        summary: str = "",
        status: int | None = None,
        request_id: str | None = None,
        rate_limit: RateLimit | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.summary = summary or message
        self.status = status
        self.request_id = request_id
        self.rate_limit = rate_limit
        self.retry_after = retry_after


class TransientError(HeliconeError):
    """The same call may succeed later."""


class PermanentError(HeliconeError):
    """The same call will never succeed; something has to change first."""


class NoAnswer(TransientError):
    """A call without an answer. `maybe_sent`: True when Helicone may have acted on the call anyway."""

    maybe_sent = False

    @classmethod
    def about(cls, message: str, *, request_id: str | None, maybe_sent: bool) -> NoAnswer:
        error = cls(message, request_id=request_id)
        error.maybe_sent = maybe_sent
        return error


class ConnectionFailed(NoAnswer):
    """No connection could be made, or it broke before the answer was complete."""


class TimedOut(NoAnswer):
    """No complete answer within the timeout."""


class RateLimited(TransientError):
    """Too many calls (429). Per organisation in 5 minutes: free 1,000, paid 10,000 (source of 2026-07)."""


class ServerError(TransientError):
    """Helicone failed (5xx)."""


class UnknownRequest(TransientError):
    """Helicone doesn't know the request: not ingested yet, another organisation's, or never sent.

    Transient because ingestion takes a while: for how long to try again, the caller decides.
    """


class UnexpectedAnswer(TransientError):
    """A 2xx whose body isn't what Helicone sends, such as a proxy's own page."""


class InvalidValue(PermanentError, ValueError):
    """A value was refused here, before anything was sent."""


class InvalidId(PermanentError):
    """Helicone refused the id as no UUID of version 1 to 5 (it answers 500, yet never retry)."""


class BadKey(PermanentError):
    """The Helicone key is unknown, malformed or missing."""


class NotAllowed(PermanentError):
    """The key is known but may not do this: a read-only key can neither rate nor read back."""


class Rejected(PermanentError):
    """Helicone refused the call as it stands (any other 3xx or 4xx)."""
