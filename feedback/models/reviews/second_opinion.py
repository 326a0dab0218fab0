"""Second opinions: two reviewers judge the same answer independently."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import Origin, User
from feedback.models.labels import Category
from feedback.models.rating import Rating
from feedback.models.reviews.mention import Mention
from feedback.models.reviews.review import DoubleReview, Review, Status, Verdict

# Fields that must be equal for two opinions to agree.
COMPARED = ("status", "verdict", "category_id")


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def on(self, review: Any) -> OpinionQuerySet:
        """Opinions on this review, by its id, that refer to the current thumb."""
        revision: Any = models.OuterRef("rating__revision")
        if not isinstance(review, models.OuterRef):
            revision = models.Subquery(Rating.objects.filter(review=review).values("revision"))
        return self.filter(review=review, revision=revision).order_by("pk")

    def final(self) -> OpinionQuerySet:
        """Opinions with a decision, not only saved ones."""
        return self.exclude(status=Status.NEW)

    def pairs(self) -> dict[tuple[str, str], int]:
        """Numbers of pairs by the verdicts of the first and the second opinion, on answers that
        count."""
        same = {"review": models.OuterRef("review"), "revision": models.OuterRef("revision")}
        later = Opinion.objects.final().filter(pk__gt=models.OuterRef("pk"), **same).order_by("pk")
        second = models.Subquery(later.values("verdict")[:1])
        counted = self.final().filter(review__rating__origin__in=Origin.counted())
        both: Any = counted.annotate(second=second).exclude(second=None).order_by()
        pairs = both.values_list("verdict", "second").annotate(n=models.Count("pk"))
        return {(one, two): n for one, two, n in pairs}

    def submit(self, review: Review, by: User, **values: Any) -> None:
        """Save a reviewer's opinion; the second one resolves the review."""
        with transaction.atomic():
            review = Review.objects.select_for_update().get(pk=review.pk)
            if not review.is_blind:
                return
            key: dict[str, Any] = {"review": review, "by": by, "revision": review.rating.revision}
            self.update_or_create({**values, "at": timezone.now()}, **key)
            both = list(self.on(review.pk).final())
            if len(both) > 1:
                resolve(review, *both[:2])
            if values["status"] != Status.NEW:
                Review.objects.filter(pk=review.pk).update(lease_holder=None, leased_until=None)

    def open_of(self, by: User) -> OpinionQuerySet:
        """The reviewer's opinions that can be undone, since the other is missing; newest first."""
        own = self.filter(by=by, review__double_review=DoubleReview.OPEN, review__status=Status.NEW)
        return own.select_related("review").order_by("-at")


class Opinion(models.Model):
    """One reviewer's opinion on a rated answer under double review."""

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
        alike = all(getattr(self, name) == getattr(other, name) for name in COMPARED)
        return alike and len(corrected) < 2


def resolve(review: Review, first: Opinion, second: Opinion) -> None:
    """Decide the review by two agreeing opinions; if they differ, a lead has to decide."""
    agree = first.agrees_with(second)
    outcome = DoubleReview.AGREED if agree else DoubleReview.DIFFERING
    Review.objects.filter(pk=review.pk).update(double_review=outcome)
    if not agree or second.by is None:
        for opinion in (first, second):
            Mention.objects.create_for_note(uuid4(), opinion.by, [review], opinion.note, opinion.pk)
        return
    review.decide(
        second.by,
        status=second.status,
        verdict=second.verdict,
        category=second.category,
        note=merged_note(first, second),
        correction=first.correction or second.correction,
    )


def merged_note(*opinions: Opinion) -> str:
    """The opinions' notes as one text, with the names of the authors if both wrote one."""
    noted = [opinion for opinion in opinions if opinion.note]
    if len(noted) < 2:
        return "".join(opinion.note for opinion in noted)
    return "\n\n".join(f"{opinion.by}: {opinion.note}" for opinion in noted)
