"""Access log: which member of staff read which rated answer or conversation, when and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import Conversation, User
from feedback.models.rating import Rating


class Purpose(models.TextChoices):
    """Purpose of an access as far as the site knows it, translated for each reader of the log."""

    QUEUE = "queue", _("review, in the queue")
    REVIEW = "review", _("review, through the list")
    AGREEMENT = "agreement", _("agreement of reviewers")
    STATED = "stated", _("as stated")


class StaffAccessQuerySet(models.QuerySet["StaffAccess"]):
    def record(self, reader: User, rating: Rating, **why: str) -> None:
        """Log the access to a rated answer; `why` is any of purpose, filters, reason."""
        conversation = rating.message.conversation
        self.create(reader=reader, rating=rating, conversation=conversation, **why)

    def record_conversation(
        self, reader: User, conversation: Conversation, what: StaffAccess.What, reason: str
    ) -> None:
        purpose = Purpose.STATED if reason else ""
        self.create(
            reader=reader, conversation=conversation, what=what, purpose=purpose, reason=reason
        )


class StaffAccess(models.Model):
    """One page shown to staff. The entry outlives what was read, without naming it then."""

    Purpose = Purpose

    class What(models.TextChoices):
        RATED = "rated", _("a rated answer")
        CONVERSATION = "whole", _("a whole conversation")
        MESSAGE = "message", _("one message")
        LIST = "list", _("beginnings, in a list")

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="readings"
    )
    rating = models.ForeignKey(
        Rating, models.SET_NULL, null=True, verbose_name=_("rated answer"), related_name="readings"
    )
    conversation = models.ForeignKey(
        Conversation, models.SET_NULL, null=True, related_name="readings"
    )
    what = models.CharField(_("read"), max_length=7, choices=What, default=What.RATED)
    purpose = models.CharField(_("purpose"), max_length=9, choices=Purpose, blank=True)
    reason = models.CharField(_("stated reason"), max_length=300, blank=True)
    filters = models.TextField(blank=True, help_text=_("The address of the list, after the “?”."))
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    # Not set any more: it was the browser's word. Entries from before keep it; the column goes with
    # the release after 0.2.
    was_ahead = models.BooleanField(
        _("fetched ahead"),
        default=False,
        help_text=_("By the browser, for the next step; it may not have been looked at."),
    )

    objects = StaffAccessQuerySet.as_manager()

    class Meta:
        db_table = "feedback_readinglog"
        verbose_name = _("staff access")
        verbose_name_plural = _("access log")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.reader or '–'}, {self.at:%Y-%m-%d %H:%M}"
