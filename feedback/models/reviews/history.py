"""One reviewer's history: reviews decided or given an opinion on, by the latest such time."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q

from feedback.chat.models import User
from feedback.models.reviews.audit_log import ReviewChange
from feedback.models.reviews.review import Review
from feedback.models.reviews.second_opinion import Opinion

# Each has an index on by, at and review.
KINDS = (ReviewChange, Opinion)


def neighbours(reviewer: User, review: Review) -> tuple[int | None, int | None]:
    """Ids of the ratings before and after this review in the history, each None without one.
    The newest rating comes before a review that isn't in the history yet."""
    times = [
        kind.objects.filter(by=reviewer, review=review).aggregate(at=Max("at")) for kind in KINDS
    ]
    at = max((found["at"] for found in times if found["at"]), default=None)
    if at is None:
        return nearest(reviewer, Q()), None
    earlier = Q(at__lt=at) | Q(at=at, review__lt=review.pk)
    later = Q(at__gt=at) | Q(at=at, review__gt=review.pk)
    return (
        nearest(reviewer, Q(earlier, at__lte=at)),
        nearest(reviewer, Q(later, at__gte=at), last=False),
    )


def nearest(reviewer: User, where: Q, last: bool = True) -> int | None:
    """Id of the rating next to a place in the history: the last one before or first one after."""
    order = ["-at", "-review"] if last else ["at", "review"]
    found = []
    for kind in KINDS:
        changes = kind.objects.filter(where, by=reviewer, review__rating__is_hidden=False)
        for other in KINDS:
            newer = other.objects.filter(by=reviewer, review=OuterRef("review"))
            changes = changes.filter(~Exists(newer.filter(at__gt=OuterRef("at")).order_by()))
        found.append(changes.order_by(*order).values_list("at", "review", "review__rating").first())
    candidates: list[tuple[datetime, int, int]] = [row for row in found if row]
    if not candidates:
        return None
    return max(candidates)[-1] if last else min(candidates)[-1]
