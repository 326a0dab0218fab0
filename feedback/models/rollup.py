"""Tables of the rollup: daily counts, counted conversations, pending recounts, time zone.

Database triggers record each change (`feedback.insights.rollup.triggers`); a reader first applies
the recorded changes (`feedback.insights.rollup.update`), so that the numbers are never stale.
"""

from __future__ import annotations

from django.db import models

from feedback.chat.models import Origin, PromptVersion
from feedback.models.labels import Reason


class DailyCount(models.Model):
    """Numbers of answers shown, rated and rated up, by day, prompt version, kind of user and origin.
    With a reason, `rated` is the number of thumbs that name it. Days are those of the site's time
    zone, a week is its Monday. No row prevents the deletion of what it refers to."""

    kind = models.CharField(max_length=60, primary_key=True, help_text="All of the next but week.")
    day = models.DateField(db_index=True)
    week = models.DateField()
    version = models.ForeignKey(
        PromptVersion, models.DO_NOTHING, null=True, db_constraint=False, db_index=False,
        related_name="+",
    )  # fmt: skip
    by_guest = models.BooleanField()
    reason = models.ForeignKey(
        Reason, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    origin = models.CharField(
        max_length=10, choices=Origin, default=Origin.REAL, db_default=Origin.REAL
    )
    shown = models.IntegerField()
    rated = models.IntegerField()
    up = models.IntegerField()

    class Meta:
        db_table = "feedback_tally"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day}: {self.up} of {self.rated} of {self.shown}"


class CountedConversation(models.Model):
    """One conversation's share of the daily counts, subtracted when it is counted again."""

    conversation_id = models.UUIDField(primary_key=True)
    cells = models.JSONField(
        help_text="Each a day, version, guest, reason, shown, rated, up, and an origin unless real."
    )

    class Meta:
        db_table = "feedback_tallied"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.conversation_id)


class PendingRecount(models.Model):
    """A change that affects the counts: one of the ids leads to its conversations.
    Written by triggers only, without waiting for locks. The conversations are looked up when they
    are counted, so that no change is missed between its statement and its commit."""

    conversation_id = models.UUIDField(null=True)
    message_id = models.UUIDField(null=True)
    rating_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "feedback_touched"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.conversation_id or self.message_id or self.rating_id or self.user_id)


class TallyState(models.Model):
    """Time zone by whose days the rollup was counted: one row. Recounting locks the table."""

    zone = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.zone
