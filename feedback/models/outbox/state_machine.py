"""State machine of a delivery: the protocol as rules on a row, without I/O or clock.

A delivery compares the desired state with what Helicone was last seen to show, and makes one call
to reduce the difference; then it reads again. It trusts no answer to a post, only what is read
back, and assumes that each post it may have made, even one whose process died, was made.

    due -> (read: ingested?) -> send -> posted -> read -> seen -> read again -> settled

`seen` waits if another value may have been posted before: Helicone writes each rating a second
time some ten minutes later, and an older one's second write overwrites a newer one.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.outbox.desired_state import (
    RATING,
    WITHDRAWN,
    DesiredState,
    EndStep,
    ReadStep,
    SendStep,
    Step,
)
from feedback.models.outbox.review_score import ReviewScoreState
from helicone import Reading

# Row versions have a granularity of 1 s: two sends closer than this may end in either order.
QUIET = timedelta(seconds=2)
# A call without an answer may be processed by Helicone up to this much later.
LATE = timedelta(seconds=5)
# A write that isn't seen this long after it was answered is sent again.
VISIBLE = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=5)


class State(models.TextChoices):
    DUE = "due", _("due")
    POSTED = "posted", _("posted, not yet seen")
    SEEN = "seen", _("seen, may still be overturned")
    SETTLED = "settled", _("settled")
    FAILED = "failed", _("failed")
    NOWHERE = "nowhere", _("nothing to deliver to")


class Call(models.TextChoices):
    """The next call of a delivery; empty in an end state."""

    READ = "read", _("read back")
    SEND = "send", _("send")


def window() -> timedelta:
    """Time after its arrival within which a value may be written again, with a fifth of slack."""
    return timedelta(seconds=settings.HELICONE_SECOND_WRITE_SECONDS * 1.2)


def backoff_delay(attempts: int) -> timedelta:
    """Exponential back-off: 1 s doubled by each attempt up to LONGEST_WAIT, minus up to a third."""
    seconds = min(2.0 ** min(attempts - 1, 30), LONGEST_WAIT.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.67, 1))  # noqa: S311 - jitter


class DeliveryState(ReviewScoreState):
    """State of a delivery (abstract): next call, lease, what was sent and what was read back."""

    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    call = models.CharField(
        _("next call"), max_length=4, choices=Call, default=Call.READ, blank=True
    )
    due_at = models.DateTimeField(default=timezone.now)
    wanted_at = models.DateTimeField(_("wanted since"), default=timezone.now)
    revision = models.PositiveIntegerField(
        default=1, editable=False, help_text=_("Raised each time it becomes due.")
    )

    # The lease. No other worker calls for Helicone's request before held_until.
    holder = models.UUIDField(null=True, blank=True, editable=False)
    held_until = models.DateTimeField(default=timezone.now, editable=False)

    # What may have been sent: each time is the latest at which it may have arrived.
    sent = models.CharField(_("last sent"), max_length=100, blank=True)
    sent_at = models.DateTimeField(_("last sent at"), null=True, blank=True)
    up_sent_at = models.DateTimeField(null=True, blank=True)
    down_sent_at = models.DateTimeField(null=True, blank=True)

    # What was read back. None and an empty dict: unrated, or not read since it was sent.
    ingested_at = models.DateTimeField(_("known to Helicone since"), null=True, blank=True)
    shown = models.SmallIntegerField(_("shown at Helicone"), null=True, blank=True)
    shown_properties = models.JSONField(default=dict, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    attempts = models.PositiveIntegerField(
        default=0, help_text=_("Calls in a row that brought nothing.")
    )
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True

    # Decisions

    @property
    def last_value(self) -> int | None:
        """The thumb that may have been posted last; None if none was."""
        times = {1: self.up_sent_at, -1: self.down_sent_at}
        sent = {value: at for value, at in times.items() if at is not None}
        return max(sent, key=lambda value: sent[value]) if sent else None

    def step(self, desired: DesiredState, now: datetime) -> Step:
        """The next step towards the desired state. Requires the lease."""
        if desired.value is None and self.last_value is None:
            return EndStep(State.SETTLED)
        if desired.foreign:
            return EndStep(State.NOWHERE, desired.foreign)
        reason = desired.undeliverable_reason(now)
        if reason and desired.request_id is None:
            return EndStep(State.NOWHERE, reason)
        if reason and self.state == State.DUE:
            return EndStep(State.FAILED, reason)
        if self.state == State.DUE and self.ingested_at:
            return self.missing(desired) or ReadStep()
        return ReadStep()

    def missing(self, desired: DesiredState) -> SendStep | None:
        """The call for the first difference between desired and shown state; None without one."""
        if desired.value and (self.shown != desired.value or self.last_value != desired.value):
            return SendStep(RATING, str(desired.value))
        wanted = {**desired.properties, WITHDRAWN: "true" if desired.value is None else ""}
        for name, value in wanted.items():
            if self.shown_properties.get(name, "") != value:
                return SendStep(name, value)
        return self.missing_review(desired)

    def at_risk_until(self, desired: DesiredState) -> datetime | None:
        """Time until which another thumb than the desired one may be written again, or None."""
        other = {1: self.down_sent_at, -1: self.up_sent_at}.get(desired.value or 0)
        return other + window() if other else None

    # Events. Facts hold for any revision of the rating; verdicts for the current one only.

    def record_sending(self, send: SendStep, latest: datetime) -> None:
        """Fact, stored before sending: the call may arrive from now until `latest`."""
        self.sent = send.what
        self._may_have_arrived(send, latest)
        if send.is_rating:
            self.shown = None
        elif send.is_review:
            self.shown_review = None
        else:
            self.shown_properties.pop(send.what, None)

    def on_answered(self, send: SendStep, now: datetime) -> None:
        """Fact: Helicone accepted the call, which doesn't prove that it stored it."""
        self._may_have_arrived(send, now)
        self.release(now + QUIET)

    def on_unanswered(self, send: SendStep, now: datetime) -> None:
        """Fact: no answer came; the call may have arrived, or may arrive up to LATE from now."""
        self._may_have_arrived(send, now + LATE)
        self.release(now + LATE + QUIET)

    def on_posted(self, now: datetime) -> None:
        """Verdict: read back whether the call arrived."""
        self.to(State.POSTED, Call.READ, now + QUIET)

    def on_read(self, desired: DesiredState, reading: Reading, now: datetime) -> None:
        """Fact: Helicone's state, read after every send."""
        self.ingested_at = self.ingested_at or now
        self.shown = {1.0: 1, 0.0: -1}.get(-1.0 if reading.score is None else reading.score)
        ours = {*desired.properties, WITHDRAWN}
        self.shown_properties = {k: v for k, v in reading.properties.items() if k in ours and v}
        self.on_review_read(reading, window(), now)
        self._explain_shown(now)
        self.release(now)

    def decide_next(self, desired: DesiredState, asked_at: datetime, now: datetime) -> None:
        """Verdict on the state that a query sent at `asked_at` has read."""
        missing = self.missing(desired)
        if missing is None:
            risks = self.at_risk_until(desired), self.review_at_risk_until(desired, window())
            self._agree(max((at for at in risks if at), default=None), asked_at, now)
        elif self._may_still_appear(missing, now):
            self.try_again(now, str(_("Posted, but not yet shown by Helicone.")), self.call)
        elif self.state == State.POSTED and missing.what == self.sent:
            self.to(State.DUE, Call.SEND, now)
            self.last_error = str(_("Helicone didn't keep what was posted."))
        else:
            self.to(State.DUE, Call.SEND, now)
            self.attempts, self.last_error = 0, ""

    def on_not_found(self, now: datetime) -> None:
        """Verdict: Helicone shows no such request."""
        self.try_again(now, str(_("Helicone doesn't know the request (yet).")), Call.READ)

    def on_unknown(self, now: datetime) -> None:
        """Verdict: it could not be determined whether Helicone has the request."""
        reason = _("It can't be told whether Helicone knows the request: it will be asked again.")
        self.try_again(now, str(reason), Call.READ)

    def try_again(self, now: datetime, reason: str, call: str) -> None:
        """Verdict: retry the call after the back-off delay."""
        self.attempts += 1
        self.last_error = reason
        self.call = call
        self.due_at = now + backoff_delay(self.attempts)

    def end(self, end: EndStep, now: datetime) -> None:
        """Verdict: no further call."""
        self.to(State(end.state), "", now)
        self.last_error = end.reason
        self.settled_at = now if end.state == State.SETTLED else None
        self.attempts = 0

    def hold(self, holder: UUID, until: datetime) -> None:
        self.holder, self.held_until = holder, until

    def release(self, quiet_until: datetime) -> None:
        self.holder, self.held_until = None, quiet_until

    def to(self, state: State, call: str, due_at: datetime) -> None:
        self.state, self.call, self.due_at = state, call, due_at

    def _may_have_arrived(self, send: SendStep, latest: datetime) -> None:
        self.sent_at = latest
        if send.is_rating and send.value == "1":
            self.up_sent_at = latest
        elif send.is_rating:
            self.down_sent_at = latest
        elif send.is_review:
            self.review_may_have_arrived(int(send.value), latest)

    def _explain_shown(self, now: datetime) -> None:
        """Record a shown value that this site didn't post as sent by another client until now."""
        if self.shown is None:
            return
        name = "up_sent_at" if self.shown == 1 else "down_sent_at"
        known: datetime | None = getattr(self, name)
        if known is None or (self.shown != self.last_value and known + window() < now):
            setattr(self, name, now)

    def _may_still_appear(self, missing: SendStep, now: datetime) -> bool:
        just_sent = self.state == State.POSTED and missing.what == self.sent
        return bool(just_sent and self.sent_at and now < self.sent_at + VISIBLE)

    def _agree(self, risk: datetime | None, asked_at: datetime, now: datetime) -> None:
        self.attempts, self.last_error = 0, ""
        self.seen_at = now
        if risk is None or risk <= asked_at:
            self.end(EndStep(State.SETTLED), now)
        else:
            self.to(State.SEEN, Call.READ, risk)
