"""Who of the staff read which rated answer or conversation, when, and what for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatapp.models import Conversation, User
from feedback.models.rating import Rating


class ReadingLogQuerySet(models.QuerySet["ReadingLog"]):
    def note(self, reader: User, rating: Rating, was_ahead: bool = False, reason: str = "") -> None:
        talk = rating.message.conversation
        self.create(
            reader=reader, rating=rating, conversation=talk, was_ahead=was_ahead, reason=reason
        )

    def note_conversation(
        self, reader: User, conversation: Conversation, what: ReadingLog.What, reason: str
    ) -> None:
        self.create(reader=reader, conversation=conversation, what=what, reason=reason)


class ReadingLog(models.Model):
    """One page handed out. It outlives what was read, without saying what that was."""

    class What(models.TextChoices):
        RATED = "rated", _("a rated answer")
        CONVERSATION = "whole", _("a whole conversation")
        MESSAGE = "message", _("one message")

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
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    was_ahead = models.BooleanField(
        _("fetched ahead"),
        default=False,
        help_text=_("By the browser, for the next step; it may not have been looked at."),
    )

    objects = ReadingLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.reader or '–'}, {self.at:%Y-%m-%d %H:%M}"
