"""Rating an answer: rating, review and outbox change in one transaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from feedback.chat.models import Message, User
from feedback.models import Delivery, Rating, Reason, Review, ReviewChange
from feedback.models.implicit_feedback import implicit_score


def rate(message: Message, user: User, value: int | None) -> Rating:
    """Save a user's thumb on an answer, begin or reopen its review, make its delivery due.
    `value` is the desired state: 1, -1, None for withdrawn. Idempotent."""
    with transaction.atomic():
        rating, created = Rating.objects.get_or_create_locked(message, user, value)
        if created:
            Review.objects.begin_first(rating, implicit_score(message))
        elif rating.value == value:
            return rating
        else:
            rating.change_thumb(value, message)
            why = ReviewChange.Why.TURNED if value else ReviewChange.Why.WITHDRAWN
            Review.objects.reopen_of(rating, why)
        Delivery.objects.make_due(rating)
    return rating


def withdraw(message: Message, user: User) -> Rating:
    """Withdraw a user's thumb; the row stays, without a value."""
    return rate(message, user, None)


def explain(rating: Rating, reasons: Iterable[Reason], comment: str, correction: str = "") -> bool:
    """Save reasons (of this thumb's side only), comment and correction of a rating.
    Returns False if the thumb has changed since `rating` was loaded."""
    with transaction.atomic():
        if not rating.lock_unchanged():
            return False
        rating.save_explanation(reasons, comment, correction)
        if settings.HELICONE_SEND_REASONS:
            Delivery.objects.make_due(rating)
    return True
