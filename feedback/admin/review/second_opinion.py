"""Answers that two judge: each decides as if alone, until both have."""

from __future__ import annotations

from copy import copy
from typing import Any

from chatapp.models import User
from feedback.models import Opinion, Review
from feedback.models.reviews.review import DoubleReview

SAID = ("status", "verdict", "category", "note", "correction")


def as_seen_by(review: Review, person: User) -> Review:
    """The review with this person's own opinion in it, if they gave one already."""
    if not review.is_blind:
        return review
    own = Opinion.objects.on(review.pk).filter(by=person).select_related("category").first()
    seen = copy(review)
    for name in SAID if own else ():
        setattr(seen, name, getattr(own, name))
    return seen


def give(review: Review, person: User, changes: dict[str, Any]) -> None:
    Opinion.objects.submit(review, person, **{name: changes[name] for name in SAID})


def opinions(review: Review) -> list[Opinion]:
    """Both, once both have decided; nothing before."""
    if review.double_review not in (DoubleReview.AGREED, DoubleReview.DIFFERING):
        return []
    given = Opinion.objects.on(review.pk).final()
    return list(given.select_related("by", "category", "review__rating__message"))
