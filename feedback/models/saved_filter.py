"""Saved filters of the list of rated answers: a reviewer's own and shared ones."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import User


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def readable_by(self, user: User) -> SavedFilterQuerySet:
        return self.filter(Q(owner=user) | Q(is_shared=True))

    def removable_by(self, user: User, is_lead: bool) -> SavedFilterQuerySet:
        """The user's own filters; for a lead also the shared ones."""
        return self.readable_by(user) if is_lead else self.filter(owner=user)


class SavedFilter(models.Model):
    """The query string of a filtered list, without the page number."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters"
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1_000, blank=True)
    is_shared = models.BooleanField(_("for everybody"), default=False, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_saved_filter_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
