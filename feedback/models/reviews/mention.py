"""Mentions of colleagues in notes, listed in their inbox."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import User
from feedback.models.reviews.audit_log import ReviewChange

# A username after "@", not within an e-mail address, without a full stop at its end.
NAME = re.compile(r"(?<![\w.@+-])@([\w.+-]*\w)")


class HasNote(Protocol):
    """The part of a review that a mention needs."""

    @property
    def pk(self) -> int: ...
    @property
    def note(self) -> str: ...


def names_in(note: str) -> set[str]:
    return set(NAME.findall(note))


class MentionQuerySet(models.QuerySet["Mention"]):
    def create_for_note(
        self,
        act: UUID,
        by: User | None,
        reviews: Iterable[HasNote],
        note: str,
        opinion_pk: int | None = None,
    ) -> None:
        """Mention the users named in the new note and not in the old one.
        Only active staff that may read ratings, without the author."""
        named = names_in(note)
        users = User.objects.filter(username__in=named, is_staff=True, is_active=True)
        allowed = (
            [user for user in users if user != by and user.has_perm("feedback.view_rating")]
            if named
            else []
        )
        self.bulk_create(
            Mention(review_id=review.pk, to=user, by=by, act=act, opinion_id=opinion_pk)
            for review in reviews
            for user in allowed
            if user.username not in names_in(review.note)
        )

    def delete_unread(self, steps: Iterable[ReviewChange], reviews: Collection[int]) -> None:
        """Delete the unread mentions of notes that are undone."""
        acts = {step.act for step in steps}
        self.filter(act__in=acts, review__in=reviews, read_at=None).delete()

    def inbox_of(self, reviewer: User) -> MentionQuerySet:
        undeleted = self.filter(review__rating__message__conversation__deleted_at=None)
        return undeleted.filter(to=reviewer)

    def unread(self) -> MentionQuerySet:
        return self.filter(read_at=None)

    def mark_read(self) -> None:
        self.unread().update(read_at=timezone.now())


class Mention(models.Model):
    review = models.ForeignKey("feedback.Review", models.CASCADE, related_name="mentions")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    act = models.UUIDField(help_text=_("The decision whose note it is."))
    # The opinion whose note it is instead, if two reviewers differ.
    opinion = models.ForeignKey("feedback.Opinion", models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["to"], name="mentions_unread", condition=models.Q(read_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.by or '–'} → {self.to}"

    @property
    def note(self) -> str:
        """Current text of the note."""
        return self.opinion.note if self.opinion else self.review.note
