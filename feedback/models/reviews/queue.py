"""Review queue: undecided reviews without another reviewer's lease, in a chosen order."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import Origin, User
from feedback.models.reviews.review import DoubleReview, Review, ReviewQuerySet, Status
from feedback.models.reviews.second_opinion import Opinion


class Order(models.TextChoices):
    OLDEST = "oldest", _("oldest first")
    DOWN = "down", _("thumbs down first")
    SIGNALS = "signals", _("most negative signals first")


def waiting_for(reviewer: User) -> ReviewQuerySet:
    """Undecided reviews that a reviewer may claim, the oldest first (index `reviews_waiting`)."""
    now = timezone.now()
    free = (
        models.Q(leased_until=None)
        | models.Q(leased_until__lte=now)
        | models.Q(lease_holder=reviewer)
    )
    mine = models.Q(assignee=None) | models.Q(assignee=reviewer)
    judged = models.Exists(Opinion.objects.final().on(models.OuterRef("pk")).filter(by=reviewer))
    waiting = Review.objects.filter(free, mine, status=Status.NEW).exclude(
        double_review=DoubleReview.DIFFERING
    )
    waiting = waiting.exclude(judged, double_review=DoubleReview.OPEN)
    waiting = waiting.filter(thumb__isnull=False, rating__is_hidden=False)
    return waiting.filter(rating__origin__in=Origin.counted()).order_by("pk")


def querysets(reviewer: User, order: str, after: Review | None) -> Iterator[ReviewQuerySet]:
    """Querysets to search in turn for the next review, one row each, by an index.
    First the reviews behind `after`, then from the start, for those that were skipped."""
    waiting = waiting_for(reviewer)
    if order == Order.SIGNALS and settings.IMPLICIT_FEEDBACK:
        yield from by_signals(waiting, after)
        return
    down, up = waiting.filter(thumb=-1), waiting.filter(thumb=1)
    parts = [down, up] if order == Order.DOWN else [waiting]
    if after:
        yield from (part.filter(pk__gt=after.pk) for part in parts)
        parts = [part.exclude(pk=after.pk) for part in parts]
    yield from parts


def by_signals(waiting: ReviewQuerySet, after: Review | None) -> Iterator[ReviewQuerySet]:
    """The same querysets by implicit feedback (index `reviews_waiting_by_signals`)."""
    worst = waiting.order_by("-signals", "pk")
    if after:
        alike = models.Q(signals=after.signals, pk__gt=after.pk)
        yield worst.filter(models.Q(signals__lt=after.signals) | alike, signals__lte=after.signals)
        worst = worst.exclude(pk=after.pk)
    yield worst


def peek(reviewer: User, order: str, after: Review | None = None) -> Review | None:
    """The next review, without a claim; None if none waits."""
    return next(
        (found for queryset in querysets(reviewer, order, after) if (found := queryset.first())),
        None,
    )


def claim_next(reviewer: User, order: str, after: Review | None = None) -> Review | None:
    """Claim the next review; None if none waits for this reviewer."""
    for queryset in querysets(reviewer, order, after):
        while review := queryset.first():
            if review.claim(reviewer):
                return review
    return None
