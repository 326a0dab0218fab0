"""The reviewer's verdict as a score of Helicone's: a second value of the same request.

It is sent after the thumb, by the same row: so never two calls at once, and two seconds apart. Like
a thumb it is written a second time some ten minutes later, so that an older one may come back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.models.outbox.desired_state import REVIEW, UNREVIEWED, DesiredState, SendStep
from helicone import Reading

# When each score may have arrived last, by column.
SENT_AT = {1: "good_sent_at", 0: "bad_sent_at", UNREVIEWED: "unreviewed_sent_at"}


class ReviewScoreState(models.Model):
    """What of a review's score was sent and read back (abstract)."""

    good_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    bad_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    unreviewed_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    shown_review = models.SmallIntegerField(
        _("review shown at Helicone"), null=True, blank=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def last_review(self) -> int | None:
        """The score that may have been posted last; None if none was."""
        times = self._review_times()
        return max(times, key=lambda score: times[score]) if times else None

    def missing_review(self, desired: DesiredState) -> SendStep | None:
        """The call for a score that isn't shown; None without one, and to withdraw none."""
        score, last = desired.review, self.last_review
        if score is None or (score == UNREVIEWED and last is None):
            return None
        if self.shown_review == score == last:
            return None
        return SendStep(REVIEW, str(score))

    def review_at_risk_until(self, desired: DesiredState, window: timedelta) -> datetime | None:
        """Time until which another score than the desired one may be written again, or None."""
        times = self._review_times()
        if desired.review is None:
            return None
        others = [at + window for score, at in times.items() if score != desired.review]
        return max(others, default=None)

    def review_may_have_arrived(self, score: int, latest: datetime) -> None:
        setattr(self, SENT_AT[score], latest)

    def on_review_read(self, reading: Reading, window: timedelta, now: datetime) -> None:
        """Fact: the score that Helicone shows. One that no post of ours explains was just sent."""
        shown = reading.scores.get(REVIEW)
        self.shown_review = int(shown) if shown in SENT_AT else None
        if self.shown_review is None:
            return
        known = self._review_times().get(self.shown_review)
        if known is None or (self.shown_review != self.last_review and known + window < now):
            self.review_may_have_arrived(self.shown_review, now)

    def _review_times(self) -> dict[int, datetime]:
        times = {score: getattr(self, name) for score, name in SENT_AT.items()}
        return {score: at for score, at in times.items() if at is not None}
