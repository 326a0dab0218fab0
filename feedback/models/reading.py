"""Who of the staff read which rated answer, and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatapp.models import User
from feedback.models.rating import Rating


class ReadingLogQuerySet(models.QuerySet["ReadingLog"]):
    def note(self, reader: User, rating: Rating, was_ahead: bool) -> None:
        self.create(reader=reader, rating=rating, was_ahead=was_ahead)


class ReadingLog(models.Model):
    """One page of a rated answer handed out. It outlives what was read, without saying what."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="readings"
    )
    rating = models.ForeignKey(
        Rating, models.SET_NULL, null=True, verbose_name=_("rated answer"), related_name="readings"
    )
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
