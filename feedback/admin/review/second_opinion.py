"""Double review: what a reviewer sees before both opinions are given."""

from __future__ import annotations

from copy import copy
from typing import Any

from chatapp.models import User
from feedback.models import Opinion, Review
from feedback.models.reviews.review import DoubleReview

FIELDS = ("status", "verdict", "category", "note", "correction")


def with_own_opinion(review: Review, reviewer: User) -> Review:
    """Return the review; while it is blind, a copy with the reviewer's own opinion in it."""
    if not review.is_blind:
        return review
    own = Opinion.objects.on(review.pk).filter(by=reviewer).select_related("category").first()
    shown = copy(review)
    for name in FIELDS if own else ():
        setattr(shown, name, getattr(own, name))
    return shown


def give_opinion(review: Review, reviewer: User, changes: dict[str, Any]) -> None:
    Opinion.objects.submit(review, reviewer, **{name: changes[name] for name in FIELDS})


def final_opinions(review: Review) -> list[Opinion]:
    """Return both opinions once both are given; nothing before."""
    if review.double_review not in (DoubleReview.AGREED, DoubleReview.DIFFERING):
        return []
    given = Opinion.objects.on(review.pk).final()
    return list(given.select_related("by", "category", "review__rating__message"))
