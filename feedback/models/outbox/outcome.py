"""A job that was claimed, and what its call brought: told to the row it was claimed for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

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
    """One step of one delivery, held by `holder` since `claimed_at`, the database's time."""

    pk: int
    holder: UUID
    revision: int
    wish: DesiredState
    step: SendStep | ReadStep
    claimed_at: datetime

    @property
    def request_id(self) -> UUID:
        assert self.wish.request_id is not None  # noqa: S101 - else it would have ended
        return self.wish.request_id


class Unsent(Exception):
    """The call was never made: the worker was stopped, or too little of the lease was left."""


@dataclass(frozen=True)
class Outcome:
    """The result of a job's call. `reading` is None when Helicone has no such request, or, with
    `unknown`, when that could not be told; `error` is None when nothing went wrong."""

    job: Job
    reading: Reading | None = None
    error: Exception | None = None
    unknown: bool = False

    def apply(self, row: DeliveryState, now: datetime) -> None:
        """Facts hold in any case; a rating that changed meanwhile stays due, as it is."""
        self._facts(row, now)
        if row.revision == self.job.revision:
            self._verdict(row, now)

    @property
    def call(self) -> Call:
        return Call.SEND if isinstance(self.job.step, SendStep) else Call.READ

    @property
    def blames_circuit(self) -> bool:
        """Whether every other call would fail alike: the key or the address is wrong."""
        error = self.error
        if isinstance(error, Rejected):
            return error.status not in (400, 413, 422)
        return isinstance(error, BadKey | NotAllowed)

    @property
    def slow_down(self) -> timedelta | None:
        """How long Helicone wants to be left alone."""
        if not isinstance(self.error, RateLimited):
            return None
        after = self.error.retry_after
        return timedelta(seconds=1 if after is None else min(after, 3600))

    def _facts(self, row: DeliveryState, now: datetime) -> None:
        step = self.job.step
        if isinstance(step, ReadStep):
            row.release(now)
            if self.reading:
                row.learn(self.job.wish, self.reading, now)
        elif isinstance(self.error, Unsent):
            row.release(now)
        elif self._was_answered:
            row.answered(step, now)
        else:
            row.unanswered(step, now)

    @property
    def _was_answered(self) -> bool:
        """Without an answer it counts as sent, even where the client says that it wasn't: what
        breaks on a connection kept open can look as if none had been made."""
        status = getattr(self.error, "status", None)
        return self.error is None or (
            status is not None and not isinstance(self.error, UnexpectedAnswer)
        )

    def _verdict(self, row: DeliveryState, now: datetime) -> None:
        """Of a call that was never made there is none: the row stays due where it was."""
        if isinstance(self.error, Unsent):
            return
        if self.error is not None:
            self._setback(row, self.error, now)
        elif isinstance(self.job.step, SendStep):
            row.posted(now)
        elif self.reading:
            row.compare(self.job.wish, self.job.claimed_at, now)
        elif self.unknown:
            row.unreadable(now)
        else:
            row.not_found(now)

    def _setback(self, row: DeliveryState, error: Exception, now: datetime) -> None:
        if self.blames_circuit:
            row.last_error, row.due_at = str(error), now + QUIET
        elif self.slow_down is not None:
            row.last_error, row.due_at = str(error), now + max(self.slow_down, QUIET)
        elif isinstance(error, PermanentError) and isinstance(self.job.step, SendStep):
            row.end(EndStep(State.FAILED, str(error)), now)
        else:
            row.try_again(now, error_text(error), row.call)


def error_text(error: Exception) -> str:
    """Helicone's errors are sentences that hold no key; of others only the kind is safe to show."""
    if isinstance(error, HeliconeError):
        return str(error)
    return _("Something unexpected went wrong (%s); the log has more.") % type(error).__name__
