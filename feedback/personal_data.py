"""A user's ratings for the download of personal data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feedback.chat.models import User
from feedback.models import Rating

BATCH = 100


def parts(user: User) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    yield "ratings.json", ratings(user)


def ratings(user: User) -> Iterator[dict[str, Any]]:
    """The user's ratings, including withdrawn ones."""
    pks = list(Rating.objects.filter(user=user).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        batch = Rating.objects.filter(pk__in=pks[start : start + BATCH]).order_by("pk")
        loaded = batch.select_related("message", "delivery").prefetch_related("reasons")
        yield from [rating_data(rating) for rating in loaded]


def rating_data(rating: Rating) -> dict[str, Any]:
    return {
        "conversation": rating.message.conversation_id,
        "message": rating.message_id,
        "value": rating.value,
        "reasons": [reason.label for reason in rating.reasons.all()],
        "comment": rating.comment,
        "correction": rating.correction,
        "created_at": rating.created_at,
        "updated_at": rating.updated_at,
        "at_helicone": str(getattr(rating, "delivery", "")),
    }
