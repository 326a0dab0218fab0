"""The numbers of each day, counted beforehand: what of them, what is in them, what isn't yet.

The database's own triggers note each change (`feedback.insights.rollup.triggers`); who wants to know the
numbers counts what was noted first (`feedback.insights.rollup.update`), so that they are never old.
"""

from __future__ import annotations

from django.db import models

from feedback.chat.models import PromptVersion
from feedback.models.labels import Reason


class DailyCount(models.Model):
    """How many answers that a prompt version gave on one day, to guests or not, were shown, rated,
    and rated up; with a reason, `rated` is how many thumbs named it.

    Days are those of the site's time zone, a week is its Monday. Nothing here refuses the deletion
    of what it names.
    """

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
    shown = models.IntegerField()
    rated = models.IntegerField()
    up = models.IntegerField()

    class Meta:
        db_table = "feedback_tally"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day}: {self.up} of {self.rated} of {self.shown}"


class CountedConversation(models.Model):
    """What one conversation has in the tallies: taken out again when it is counted anew."""

    conversation_id = models.UUIDField(primary_key=True)
    cells = models.JSONField(help_text="Each a day, version, guest, reason, shown, rated, up.")

    class Meta:
        db_table = "feedback_tallied"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.conversation_id)


class PendingRecount(models.Model):
    """That something changed which counts; one of these leads to its conversations.

    Written by triggers alone. Nobody waits for anybody to write one, and what it leads to is looked
    up when it is counted: between a change and its commit nothing can slip through.
    """

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
    """One row: the time zone whose days were counted. Who counts locks the table."""

    zone = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.zone
