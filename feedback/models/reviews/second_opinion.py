"""What each of two reviewers thinks of the same answer, before either knows of the other's."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import User
from feedback.models.labels import Category
from feedback.models.rating import Rating
from feedback.models.reviews.mention import Mention
from feedback.models.reviews.review import DoubleReview, Review, Status, Verdict

# What two have to say alike to agree.
WEIGHED = ("status", "verdict", "category_id")


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def on(self, review: Any) -> OpinionQuerySet:
        """About this review, by its id, and about the thumb as it is now."""
        now: Any = models.OuterRef("rating__revision")
        if not isinstance(review, models.OuterRef):
            now = models.Subquery(Rating.objects.filter(review=review).values("revision"))
        return self.filter(review=review, revision=now).order_by("pk")

    def final(self) -> OpinionQuerySet:
        """Without those that are still being formed."""
        return self.exclude(status=Status.NEW)

    def pairs(self) -> dict[tuple[str, str], int]:
        """How often the first of two said this and the second that; the database counts."""
        same = {"review": models.OuterRef("review"), "revision": models.OuterRef("revision")}
        later = Opinion.objects.final().filter(pk__gt=models.OuterRef("pk"), **same).order_by("pk")
        second = models.Subquery(later.values("verdict")[:1])
        both: Any = self.final().annotate(second=second).exclude(second=None).order_by()
        counted = both.values_list("verdict", "second").annotate(n=models.Count("pk"))
        return {(one, two): n for one, two, n in counted}

    def give(self, review: Review, by: User, **said: Any) -> None:
        """Once both have said what they think, they agree or they differ, and see each other's."""
        with transaction.atomic():
            review = Review.objects.select_for_update().get(pk=review.pk)
            if not review.is_blind:
                return
            whose: dict[str, Any] = {"review": review, "by": by, "revision": review.rating.revision}
            self.update_or_create({**said, "at": timezone.now()}, **whose)
            both = list(self.on(review.pk).final())
            if len(both) > 1:
                compare(review, *both[:2])
            if said["status"] != Status.NEW:
                Review.objects.filter(pk=review.pk).update(lease_holder=None, leased_until=None)

    def open_of(self, by: User) -> OpinionQuerySet:
        """What this person may still take back: the other hasn't said theirs. The newest first."""
        own = self.filter(by=by, review__double_review=DoubleReview.OPEN, review__status=Status.NEW)
        return own.select_related("review").order_by("-at")


class Opinion(models.Model):
    review = models.ForeignKey(Review, models.CASCADE, related_name="opinions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(help_text="Of the thumb that it is about.")
    status = models.CharField(max_length=10, choices=Status)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    correction = models.TextField(blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("agreement of reviewers")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "by", "revision"], name="one_opinion_per_reviewer"
            )
        ]
        indexes = [models.Index(fields=["by", "at", "review"], name="opinions_on_the_trail")]

    def __str__(self) -> str:
        return f"{self.by or '–'}: {self.get_status_display()} {self.get_verdict_display()}"

    def agrees_with(self, other: Opinion) -> bool:
        corrected = {self.correction, other.correction} - {""}
        alike = all(getattr(self, name) == getattr(other, name) for name in WEIGHED)
        return alike and len(corrected) < 2


def compare(review: Review, first: Opinion, second: Opinion) -> None:
    """What both say is decided, in the name of the second; what they differ in, a lead decides."""
    agree = first.agrees_with(second)
    outcome = DoubleReview.AGREED if agree else DoubleReview.DIFFERING
    Review.objects.filter(pk=review.pk).update(double_review=outcome)
    if not agree or second.by is None:
        for opinion in (first, second):
            Mention.objects.note(uuid4(), opinion.by, [review], opinion.note, opinion.pk)
        return
    review.decide(
        second.by,
        status=second.status,
        verdict=second.verdict,
        category=second.category,
        note=notes_of(first, second),
        correction=first.correction or second.correction,
    )


def notes_of(*opinions: Opinion) -> str:
    """What both wrote; each with a name, where it was both."""
    noted = [opinion for opinion in opinions if opinion.note]
    if len(noted) < 2:
        return "".join(opinion.note for opinion in noted)
    return "\n\n".join(f"{opinion.by}: {opinion.note}" for opinion in noted)
