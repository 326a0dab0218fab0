"""What to review next: undecided, free, the oldest first or thumbs down first."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import User
from feedback.models.reviews.review import DoubleReview, Review, ReviewQuerySet, Status
from feedback.models.reviews.second_opinion import Opinion


class Order(models.TextChoices):
    OLDEST = "oldest", _("oldest first")
    DOWN = "down", _("thumbs down first")
    SIGNALS = "signals", _("most negative signals first")


def waiting_for(person: User) -> ReviewQuerySet:
    """Undecided and free for this person, the oldest first. Served by `reviews_waiting`."""
    now = timezone.now()
    free = (
        models.Q(leased_until=None)
        | models.Q(leased_until__lte=now)
        | models.Q(lease_holder=person)
    )
    mine = models.Q(assignee=None) | models.Q(assignee=person)
    judged = models.Exists(Opinion.objects.final().on(models.OuterRef("pk")).filter(by=person))
    waiting = Review.objects.filter(free, mine, status=Status.NEW).exclude(
        double_review=DoubleReview.DIFFERING
    )
    waiting = waiting.exclude(judged, double_review=DoubleReview.OPEN)
    return waiting.filter(thumb__isnull=False, rating__is_hidden=False).order_by("pk")


def lines(person: User, order: str, after: Review | None) -> Iterator[ReviewQuerySet]:
    """Where to look, one after the other: beyond where one is, then from the start, where what
    was skipped waits. Each is read from an index, for one row."""
    waiting = waiting_for(person)
    if order == Order.SIGNALS and settings.IMPLICIT_FEEDBACK:
        yield from by_signals(waiting, after)
        return
    down, up = waiting.filter(thumb=-1), waiting.filter(thumb=1)
    ways = [down, up] if order == Order.DOWN else [waiting]
    if after:
        yield from (way.filter(pk__gt=after.pk) for way in ways)
        ways = [way.exclude(pk=after.pk) for way in ways]
    yield from ways


def by_signals(waiting: ReviewQuerySet, after: Review | None) -> Iterator[ReviewQuerySet]:
    """The same two lines, read from `reviews_waiting_by_signals`."""
    worst = waiting.order_by("-signals", "pk")
    if after:
        alike = models.Q(signals=after.signals, pk__gt=after.pk)
        yield worst.filter(models.Q(signals__lt=after.signals) | alike, signals__lte=after.signals)
        worst = worst.exclude(pk=after.pk)
    yield worst


def peek(person: User, order: str, after: Review | None = None) -> Review | None:
    """The one that would be next, without taking it."""
    return next((found for line in lines(person, order, after) if (found := line.first())), None)


def claim_next(person: User, order: str, after: Review | None = None) -> Review | None:
    """The next one, claimed. None where nothing waits for this person."""
    for line in lines(person, order, after):
        while review := line.first():
            if review.claim(person):
                return review
    return None
