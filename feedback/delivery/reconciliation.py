"""Compare every local rating with what Helicone shows of it.

By ids, 250 a query: a window would carry every request of the organisation, rated or not, and only
a few per cent of answers are rated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol, cast
from uuid import UUID

from django.db.models import QuerySet

from feedback.models import Delivery, Rating
from feedback.models.outbox.desired_state import WITHDRAWN
from helicone import MaskedFailure, Reading
from helicone import Rating as Thumb

EQUAL, MISSING, DIFFERENT, UNKNOWN = "equal", "missing", "different", "unknown there"
VERDICTS = (EQUAL, MISSING, DIFFERENT, UNKNOWN)
BATCH = 250


class Reads(Protocol):
    """What is needed of helicone.Api."""

    def read(
        self, request_ids: list[UUID], *, witness: UUID | None = None
    ) -> dict[UUID, Reading]: ...


@dataclass(frozen=True)
class Comparison:
    rating: Rating
    reading: Reading | None

    @property
    def verdict(self) -> str:
        """A withdrawn rating is equal when Helicone shows none, or the mark that withdraws it."""
        if self.reading is None:
            return UNKNOWN
        marked = self.reading.properties.get(WITHDRAWN, "") == "true"
        if self.rating.value is None:
            return EQUAL if marked or self.reading.rating is None else DIFFERENT
        if self.reading.rating is None:
            return MISSING
        wanted = Thumb.from_bool(self.rating.value == 1)
        return EQUAL if self.reading.rating == wanted and not marked else DIFFERENT


def ratings_since(since: datetime) -> QuerySet[Rating]:
    """Those of answers made since then that have a request to compare with."""
    ratings = Rating.objects.filter(
        message__created_at__gte=since, message__helicone_id__isnull=False
    )
    return ratings.select_related("message").order_by("message__created_at")


def compare(api: Reads, ratings: QuerySet[Rating]) -> Iterator[list[Comparison]]:
    """Batch by batch, so that any number fits into memory. Raises a HeliconeError."""
    witness: UUID | None = None
    rows = ratings.iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        ids = [cast(UUID, rating.message.helicone_id) for rating in batch]
        try:
            found = api.read(ids, witness=witness)
        except MaskedFailure:
            found = api.read(ids)
            if not found:
                raise
        witness = next(iter(found), witness)
        yield [
            Comparison(rating, found.get(request_id))
            for rating, request_id in zip(batch, ids, strict=True)
        ]


def repair(comparisons: list[Comparison]) -> int:
    """Make the differences due again, to be looked at before anything is sent. What is on its way
    already is left alone."""
    wrong = [c.rating.pk for c in comparisons if c.verdict != EQUAL]
    known = Delivery.objects.filter(rating__in=wrong)
    repaired = known.filter(call="").again()
    without = set(wrong) - set(known.values_list("rating_id", flat=True))
    made = Delivery.objects.bulk_create(
        [Delivery(rating_id=pk) for pk in without], ignore_conflicts=True
    )
    return repaired + len(made)


def tally(comparisons: list[Comparison]) -> Counter[str]:
    return Counter(comparison.verdict for comparison in comparisons)
