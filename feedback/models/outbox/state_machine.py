"""How far one rating's delivery has come: the protocol, as rules on a row. No I/O, no clock.

A delivery compares what Helicone should show with what it was last seen to show, and makes one
call to narrow the difference; then it looks again. It trusts no answer to a post, only what is
read back, and assumes that each post it may have made, even one whose process died, was made.

    due -> (read: ingested?) -> send -> posted -> read -> seen -> read again -> settled

`seen` waits where another value may have been posted before: Helicone writes each rating a second
time some ten minutes later, and an older one's second write overturns a newer one.
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
from helicone import Reading

# Row versions have a granularity of 1 s: two sends closer than this may end in either order.
QUIET = timedelta(seconds=2)
# Who got no answer doesn't know when Helicone acts on the call, only that it is late.
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
    """What has to be done next; empty where nothing has."""

    READ = "read", _("read back")
    SEND = "send", _("send")


def window() -> timedelta:
    """How long after its arrival an older value may come back, with a fifth of slack."""
    return timedelta(seconds=settings.HELICONE_SECOND_WRITE_SECONDS * 1.2)


def backoff_delay(attempts: int) -> timedelta:
    """1 s, doubled with each attempt up to LONGEST_WAIT, less up to a third at random."""
    seconds = min(2.0 ** min(attempts - 1, 30), LONGEST_WAIT.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.67, 1))  # noqa: S311 - jitter


class DeliveryState(models.Model):
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    call = models.CharField(
        _("next call"), max_length=4, choices=Call, default=Call.READ, blank=True
    )
    due_at = models.DateTimeField(default=timezone.now)
    wanted_at = models.DateTimeField(_("wanted since"), default=timezone.now)
    revision = models.PositiveIntegerField(
        default=1, editable=False, help_text=_("Raised each time it becomes due.")
    )

    # The lease. Nobody else touches Helicone's request before held_until.
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

    # What to do

    @property
    def last_value(self) -> int | None:
        """The thumb that was possibly posted last."""
        times = {1: self.up_sent_at, -1: self.down_sent_at}
        sent = {value: at for value, at in times.items() if at is not None}
        return max(sent, key=lambda value: sent[value]) if sent else None

    def step(self, wish: DesiredState, now: datetime) -> Step:
        """What to do next. Only whoever holds the lease may ask."""
        if wish.value is None and self.last_value is None:
            return EndStep(State.SETTLED)
        reason = wish.undeliverable_reason(now)
        if reason and wish.request_id is None:
            return EndStep(State.NOWHERE, reason)
        if reason and self.state == State.DUE:
            return EndStep(State.FAILED, reason)
        if self.state == State.DUE and self.ingested_at:
            return self.missing(wish) or ReadStep()
        return ReadStep()

    def missing(self, wish: DesiredState) -> SendStep | None:
        """The first difference between the wish and what is known of Helicone."""
        if wish.value and (self.shown != wish.value or self.last_value != wish.value):
            return SendStep(RATING, str(wish.value))
        wanted = {**wish.properties, WITHDRAWN: "true" if wish.value is None else ""}
        for name, value in wanted.items():
            if self.shown_properties.get(name, "") != value:
                return SendStep(name, value)
        return None

    def at_risk_until(self, wish: DesiredState) -> datetime | None:
        """Until when another thumb than the wanted one may come back."""
        other = {1: self.down_sent_at, -1: self.up_sent_at}.get(wish.value or 0)
        return other + window() if other else None

    # What happened. Facts hold whatever the rating has turned to meanwhile; verdicts don't.

    def intend(self, send: SendStep, latest: datetime) -> None:
        """Before sending, durably: from here on it may have been sent, and arrive until `latest`."""
        self.sent = send.what
        self._may_have_arrived(send, latest)
        if send.is_rating:
            self.shown = None
        else:
            self.shown_properties.pop(send.what, None)

    def answered(self, send: SendStep, now: datetime) -> None:
        """Fact: Helicone answered that it took the call, which proves nothing."""
        self._may_have_arrived(send, now)
        self.release(now + QUIET)

    def unanswered(self, send: SendStep, now: datetime) -> None:
        """Fact: no answer came, so it may have arrived, or arrive a little later."""
        self._may_have_arrived(send, now + LATE)
        self.release(now + LATE + QUIET)

    def posted(self, now: datetime) -> None:
        """Verdict: look whether it arrived."""
        self.to(State.POSTED, Call.READ, now + QUIET)

    def learn(self, wish: DesiredState, reading: Reading, now: datetime) -> None:
        """Fact: what Helicone showed at a time after every send."""
        self.ingested_at = self.ingested_at or now
        self.shown = {1.0: 1, 0.0: -1}.get(-1.0 if reading.score is None else reading.score)
        ours = {*wish.properties, WITHDRAWN}
        self.shown_properties = {k: v for k, v in reading.properties.items() if k in ours and v}
        self._explain_shown(now)
        self.release(now)

    def compare(self, wish: DesiredState, asked_at: datetime, now: datetime) -> None:
        """Verdict on what was learned by a query sent at `asked_at`."""
        missing = self.missing(wish)
        if missing is None:
            self._agree(self.at_risk_until(wish), asked_at, now)
        elif self._may_still_appear(missing, now):
            self.try_again(now, str(_("Posted, but not yet shown by Helicone.")), self.call)
        elif self.state == State.POSTED and missing.what == self.sent:
            self.to(State.DUE, Call.SEND, now)
            self.last_error = str(_("Helicone didn't keep what was posted."))
        else:
            self.to(State.DUE, Call.SEND, now)
            self.attempts, self.last_error = 0, ""

    def not_found(self, now: datetime) -> None:
        """Verdict: Helicone shows no such request."""
        self.try_again(now, str(_("Helicone doesn't know the request (yet).")), Call.READ)

    def unreadable(self, now: datetime) -> None:
        """Verdict: it could not be told whether Helicone has the request."""
        reason = _("It can't be told whether Helicone knows the request: it will be asked again.")
        self.try_again(now, str(reason), Call.READ)

    def try_again(self, now: datetime, reason: str, call: str) -> None:
        """Verdict: nothing came of it. Later, by back-off."""
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

    def _explain_shown(self, now: datetime) -> None:
        """A value that no post of ours explains was posted by someone else, until just now."""
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
