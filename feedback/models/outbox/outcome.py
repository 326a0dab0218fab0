"""Claimed jobs, and the outcomes of their calls as applied to the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from feedback.chat.runtime import masked
from feedback.models.outbox.desired_state import DesiredState, EndStep, ReadStep, SendStep
from feedback.models.outbox.state_machine import QUIET, Call, DeliveryState, State
from helicone import (
    BadKey,
    HeliconeError,
    NotAllowed,
    PermanentError,
    RateLimited,
    Reading,
    Rejected,
    UnexpectedAnswer,
)


@dataclass(frozen=True)
class Job:
    """One step of one delivery, leased by `holder` since `claimed_at`, the database's time."""

    pk: int
    holder: UUID
    revision: int
    desired: DesiredState
    step: SendStep | ReadStep
    claimed_at: datetime

    @property
    def request_id(self) -> UUID:
        assert self.desired.request_id is not None  # noqa: S101 - else it would have ended
        return self.desired.request_id


class Unsent(Exception):
    """The call was never made: the worker was stopped, or too little of the lease was left."""


@dataclass(frozen=True)
class Outcome:
    """Result of a job's call.
    `reading` is None if Helicone has no such request or, with `unknown`, if that could not be
    determined; `error` is None for a successful call."""

    job: Job
    reading: Reading | None = None
    error: Exception | None = None
    unknown: bool = False

    def apply(self, row: DeliveryState, now: datetime) -> None:
        """Update the row: facts always, verdicts unless the rating has a newer revision."""
        self._facts(row, now)
        if row.revision == self.job.revision:
            self._verdict(row, now)

    @property
    def call(self) -> Call:
        return Call.SEND if isinstance(self.job.step, SendStep) else Call.READ

    @property
    def blames_circuit(self) -> bool:
        """Whether every call would fail like this one: the key or the URL is wrong."""
        error = self.error
        if isinstance(error, Rejected):
            return error.status not in (400, 413, 422)
        return isinstance(error, BadKey | NotAllowed)

    @property
    def slow_down(self) -> timedelta | None:
        """Pause that Helicone demands (at most an hour), or None."""
        if not isinstance(self.error, RateLimited):
            return None
        after = self.error.retry_after
        return timedelta(seconds=1 if after is None else min(after, 3600))

    def _facts(self, row: DeliveryState, now: datetime) -> None:
        step = self.job.step
        if isinstance(step, ReadStep):
            row.release(now)
            if self.reading:
                row.on_read(self.job.desired, self.reading, now)
        elif isinstance(self.error, Unsent):
            row.release(now)
        elif self._was_answered:
            row.on_answered(step, now)
        else:
            row.on_unanswered(step, now)

    @property
    def _was_answered(self) -> bool:
        """Whether Helicone answered the call.
        Without an answer the call counts as possibly sent even if the client reports otherwise: a
        break of a kept-alive connection can look as if no connection had been made."""
        status = getattr(self.error, "status", None)
        return self.error is None or (
            status is not None and not isinstance(self.error, UnexpectedAnswer)
        )

    def _verdict(self, row: DeliveryState, now: datetime) -> None:
        """Decide the next call; a call that was never made changes nothing."""
        if isinstance(self.error, Unsent):
            return
        if self.error is not None:
            self._setback(row, self.error, now)
        elif isinstance(self.job.step, SendStep):
            row.on_posted(now)
        elif self.reading:
            row.decide_next(self.job.desired, self.job.claimed_at, now)
        elif self.unknown:
            row.on_unknown(now)
        else:
            row.on_not_found(now)

    def _setback(self, row: DeliveryState, error: Exception, now: datetime) -> None:
        if self.blames_circuit:
            row.last_error, row.due_at = masked(str(error)), now + QUIET
        elif self.slow_down is not None:
            row.last_error = masked(str(error))
            row.due_at = now + max(self.slow_down, QUIET)
        elif isinstance(error, PermanentError) and isinstance(self.job.step, SendStep):
            row.end(EndStep(State.FAILED, masked(str(error))), now)
        else:
            row.try_again(now, error_text(error), row.call)


def error_text(error: Exception) -> str:
    """Text of an error without secrets: a Helicone error's message, of others the class."""
    if isinstance(error, HeliconeError):
        return masked(str(error))
    return _("Something unexpected went wrong (%s); the log has more.") % type(error).__name__
