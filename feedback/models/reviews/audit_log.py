"""Audit log of reviews: who changed which field from what to what. Append-only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import User


class ReviewChangeQuerySet(models.QuerySet["ReviewChange"]):
    def undoable(self) -> ReviewChangeQuerySet:
        """Changes that are neither undone nor an undo themselves."""
        return self.filter(undone_by=None, undoes=None)

    def last_of(self, reviewer: User) -> ReviewChange | None:
        """The reviewer's latest undoable change, or None."""
        return self.filter(by=reviewer).undoable().select_related("review").order_by("-pk").first()


class ReviewChange(models.Model):
    """Change of a review's field. Changes with the same `act` are made and undone together."""

    class Field(models.TextChoices):
        STATUS = "status", _("status")
        VERDICT = "verdict", _("verdict")
        CATEGORY = "category", _("category")
        ASSIGNEE = "assignee", _("assignee")
        NOTE = "note", _("note")
        CORRECTION = "correction", _("correction")
        IS_SHOWN = "is_shown", _("shown to the person")

    class Why(models.TextChoices):
        """Cause of a change that no reviewer made."""

        TURNED = "turned", _("the person changed the thumb")
        WITHDRAWN = "withdrawn", _("the person withdrew the thumb")

    review = models.ForeignKey("feedback.Review", models.CASCADE, related_name="changes")
    act = models.UUIDField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    field = models.CharField(max_length=10, choices=Field)
    was = models.TextField(_("from"), blank=True, help_text=_("An id, where it is an assignee."))
    became = models.TextField(_("to"), blank=True)
    why = models.CharField(max_length=10, choices=Why, blank=True)
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by"
    )

    objects = ReviewChangeQuerySet.as_manager()

    class Meta:
        db_table = "feedback_decision"
        ordering = ["-pk"]
        # last_of(); history.py
        indexes = [
            models.Index(fields=["by", "-id"], name="decisions_of_a_person"),
            models.Index(fields=["by", "at", "review"], name="decisions_on_the_trail"),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.was or '–'} → {self.became or '–'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The log of decisions only grows.")
        super().save(*args, **kwargs)
