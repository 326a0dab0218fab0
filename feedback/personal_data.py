"""What a person said of the answers, for the download of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feedback.chat.models import User
from feedback.models import Rating

AT_ONCE = 100


def parts(person: User) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    yield "ratings.json", ratings(person)


def ratings(person: User) -> Iterator[dict[str, Any]]:
    """Withdrawn ones too: that a thumb was there is kept."""
    pks = list(Rating.objects.filter(user=person).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        some = Rating.objects.filter(pk__in=pks[start : start + AT_ONCE]).order_by("pk")
        kept = some.select_related("message", "delivery").prefetch_related("reasons")
        yield from [rating_data(rating) for rating in kept]


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
