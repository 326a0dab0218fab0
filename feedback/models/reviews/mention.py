"""A colleague named in a note, who finds it in their inbox."""

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

# As usernames may be, but an address is none, and a full stop after a name isn't part of it.
NAME = re.compile(r"(?<![\w.@+-])@([\w.+-]*\w)")


class HasNote(Protocol):
    """As much of a review as a mention needs."""

    @property
    def pk(self) -> int: ...
    @property
    def note(self) -> str: ...


def names_in(note: str) -> set[str]:
    return set(NAME.findall(note))


class MentionQuerySet(models.QuerySet["Mention"]):
    def note(
        self,
        act: UUID,
        by: User | None,
        reviews: Iterable[HasNote],
        note: str,
        opinion_pk: int | None = None,
    ) -> None:
        """Whom the new note names and the old one didn't; nobody who may not read ratings, and
        not whoever wrote it."""
        named = names_in(note)
        people = User.objects.filter(username__in=named, is_staff=True, is_active=True)
        may = [p for p in people if p != by and p.has_perm("feedback.view_rating")] if named else []
        self.bulk_create(
            Mention(review_id=review.pk, to=person, by=by, act=act, opinion_id=opinion_pk)
            for review in reviews
            for person in may
            if person.username not in names_in(review.note)
        )

    def take_back(self, steps: Iterable[ReviewChange], reviews: Collection[int]) -> None:
        """Of notes that are undone, what nobody has read."""
        acts = {step.act for step in steps}
        self.filter(act__in=acts, review__in=reviews, read_at=None).delete()

    def inbox_of(self, person: User) -> MentionQuerySet:
        kept = self.filter(review__rating__message__conversation__deleted_at=None)
        return kept.filter(to=person)

    def unread(self) -> MentionQuerySet:
        return self.filter(read_at=None)

    def mark_read(self) -> None:
        self.unread().update(read_at=timezone.now())


class Mention(models.Model):
    review = models.ForeignKey("feedback.Review", models.CASCADE, related_name="mentions")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    act = models.UUIDField(help_text=_("The decision whose note it is."))
    # Whose note it is instead, where two differ.
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
        """As it stands now."""
        return self.opinion.note if self.opinion else self.review.note
