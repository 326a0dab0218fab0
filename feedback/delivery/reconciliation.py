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
from helicone import Rating as Thumb
from helicone import ReadBack, Reading

EQUAL, MISSING, DIFFERENT = "equal", "missing", "different"
ABSENT, UNKNOWN = "not there", "unknown"
VERDICTS = (EQUAL, MISSING, DIFFERENT, ABSENT, UNKNOWN)
RIGHT = (EQUAL, UNKNOWN)  # as far as is known
BATCH = 250


class Reads(Protocol):
    """The part of helicone.Api that is needed here."""

    def read(self, request_ids: list[UUID], *, witness: UUID | None = None) -> ReadBack: ...


@dataclass(frozen=True)
class Comparison:
    """A rating and its request at Helicone: None where there is none or, with `unknown`, where
    that could not be told."""

    rating: Rating
    reading: Reading | None
    unknown: bool = False

    @property
    def verdict(self) -> str:
        """A withdrawn rating is equal when Helicone shows none, or the mark that withdraws it."""
        if self.reading is None:
            return UNKNOWN if self.unknown else ABSENT
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


def compare(
    api: Reads, ratings: QuerySet[Rating], witness: UUID | None = None
) -> Iterator[list[Comparison]]:
    """Batch by batch, so that any number fits into memory. Raises a HeliconeError.

    witness: a request that Helicone is known to have, if any. No query to the database stays open
    between batches: on SQLite it would keep `repair` from writing once another process wrote.
    """
    keys = iter(list(ratings.values_list("pk", flat=True)))
    while batch := list(islice(keys, BATCH)):
        found = ratings.in_bulk(batch)
        rows = [found[pk] for pk in batch if pk in found]
        ids = [cast(UUID, rating.message.helicone_id) for rating in rows]
        read = read_all(api, ids, witness)
        witness = next(iter(read.found), witness)
        yield [
            Comparison(rating, read.found.get(request_id), request_id in read.unknown)
            for rating, request_id in zip(rows, ids, strict=True)
        ]


def read_all(api: Reads, ids: list[UUID], witness: UUID | None) -> ReadBack:
    """Read requests back together, and singly what remains unknown though a witness is known."""
    read = api.read(ids, witness=witness)
    witness = next(iter(read.found), witness)
    if witness and len(read.unknown) > 1:
        for request_id in read.unknown:
            read |= api.read([request_id], witness=witness)
    return read


def repair(comparisons: list[Comparison]) -> int:
    """Make the differences due again, to be looked at before anything is sent, and return how many
    there were. What is on its way already is left alone, and what is unknown. On SQLite an
    OperationalError says that another process kept the database locked."""
    wrong = [c.rating.pk for c in comparisons if c.verdict not in RIGHT]
    known = Delivery.objects.filter(rating__in=wrong)
    repaired = known.filter(call="").reset()
    without = set(wrong) - set(known.values_list("rating_id", flat=True))
    made = Delivery.objects.bulk_create(
        [Delivery(rating_id=pk) for pk in without], ignore_conflicts=True
    )
    return repaired + len(made)


def tally(comparisons: list[Comparison]) -> Counter[str]:
    return Counter(comparison.verdict for comparison in comparisons)
