"""The answers that one person decided or gave an opinion on, in the order in which they last did."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q

from feedback.chat.models import User
from feedback.models.reviews.audit_log import ReviewChange
from feedback.models.reviews.review import Review
from feedback.models.reviews.second_opinion import Opinion

# Each has an index of by, at and review.
KINDS = (ReviewChange, Opinion)


def neighbours(person: User, review: Review) -> tuple[int | None, int | None]:
    """The ratings before and after this one; of one that isn't there yet, it is the newest of them
    that comes before."""
    times = [
        kind.objects.filter(by=person, review=review).aggregate(at=Max("at")) for kind in KINDS
    ]
    at = max((found["at"] for found in times if found["at"]), default=None)
    if at is None:
        return nearest(person, Q()), None
    earlier = Q(at__lt=at) | Q(at=at, review__lt=review.pk)
    later = Q(at__gt=at) | Q(at=at, review__gt=review.pk)
    return (
        nearest(person, Q(earlier, at__lte=at)),
        nearest(person, Q(later, at__gte=at), last=False),
    )


def nearest(person: User, where: Q, last: bool = True) -> int | None:
    """Of each kind the nearest, and of those the nearer."""
    order = ["-at", "-review"] if last else ["at", "review"]
    found = []
    for kind in KINDS:
        acts = kind.objects.filter(where, by=person, review__rating__is_hidden=False)
        for other in KINDS:
            again = other.objects.filter(by=person, review=OuterRef("review"))
            acts = acts.filter(~Exists(again.filter(at__gt=OuterRef("at")).order_by()))
        found.append(acts.order_by(*order).values_list("at", "review", "review__rating").first())
    places: list[tuple[datetime, int, int]] = [one for one in found if one]
    if not places:
        return None
    return max(places)[-1] if last else min(places)[-1]
