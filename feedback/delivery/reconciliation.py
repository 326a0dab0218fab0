"""Comparison of local ratings with what Helicone shows, and repair of the differences.

Requests are read by ids, 250 per query: a time window would return every request of the
organisation, of which only a few per cent are rated.
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

from feedback.chat.models import Origin
from feedback.models import Delivery, Rating
from feedback.models.outbox.delivery import review_of
from feedback.models.outbox.desired_state import REVIEW, UNREVIEWED, WITHDRAWN
from helicone import Rating as Thumb
from helicone import ReadBack, Reading

EQUAL, MISSING, DIFFERENT = "equal", "missing", "different"
ABSENT, UNKNOWN = "not there", "unknown"
VERDICTS = (EQUAL, MISSING, DIFFERENT, ABSENT, UNKNOWN)
CONSISTENT = (EQUAL, UNKNOWN)  # as far as is known
BATCH = 250


class Reader(Protocol):
    """The part of helicone.Api that is needed here."""

    def read(self, request_ids: list[UUID], *, witness: UUID | None = None) -> ReadBack: ...


@dataclass(frozen=True)
class Comparison:
    """A rating and its request at Helicone.
    reading: None if there is no such request or, with `unknown`, if that is undetermined."""

    rating: Rating
    reading: Reading | None
    unknown: bool = False

    @property
    def verdict(self) -> str:
        """Result of the comparison, one of VERDICTS.
        A withdrawn rating is equal if Helicone shows none, or the mark that withdraws it; a review
        without a verdict if Helicone shows no score, or the one of a withdrawn verdict."""
        if self.reading is None:
            return UNKNOWN if self.unknown else ABSENT
        thumb = self._thumb(self.reading)
        return DIFFERENT if thumb == EQUAL and self._review_differs(self.reading) else thumb

    def _review_differs(self, reading: Reading) -> bool:
        review = review_of(self.rating)
        shown = reading.scores.get(REVIEW, UNREVIEWED)
        return review is not None and review.score != shown

    def _thumb(self, reading: Reading) -> str:
        marked = reading.properties.get(WITHDRAWN, "") == "true"
        if self.rating.value is None:
            return EQUAL if marked or reading.rating is None else DIFFERENT
        if reading.rating is None:
            return MISSING
        wanted = Thumb.from_bool(self.rating.value == 1)
        return EQUAL if reading.rating == wanted and not marked else DIFFERENT


def ratings_since(since: datetime) -> QuerySet[Rating]:
    """Ratings of answers created since then that this site's Helicone can know, by time."""
    ratings = Rating.objects.filter(
        message__created_at__gte=since,
        message__helicone_id__isnull=False,
        message__origin=Origin.of_site(),
    )
    return ratings.select_related("message", "review__category").order_by("message__created_at")


def compare(
    api: Reader, ratings: QuerySet[Rating], witness: UUID | None = None
) -> Iterator[list[Comparison]]:
    """Compare ratings with Helicone, a batch at a time. Raises HeliconeError.
    witness: a request that Helicone is known to have, if any. No database query stays open between
    batches: on SQLite it would keep `repair` from writing after another process wrote."""
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


def read_all(api: Reader, ids: list[UUID], witness: UUID | None) -> ReadBack:
    """Read requests back together, then one by one those that stay unknown despite a witness."""
    read = api.read(ids, witness=witness)
    witness = next(iter(read.found), witness)
    if witness and len(read.unknown) > 1:
        for request_id in read.unknown:
            read |= api.read([request_id], witness=witness)
    return read


def repair(comparisons: list[Comparison]) -> int:
    """Make deliveries of differing ratings due again, to be read before anything is sent.
    Returns their number. Pending deliveries and unknown requests are left unchanged. Raises
    OperationalError on SQLite while another process keeps the database locked."""
    wrong = [c.rating.pk for c in comparisons if c.verdict not in CONSISTENT]
    known = Delivery.objects.filter(rating__in=wrong)
    repaired = known.filter(call="").reset()
    missing = set(wrong) - set(known.values_list("rating_id", flat=True))
    created = Delivery.objects.bulk_create(
        [Delivery(rating_id=pk) for pk in missing], ignore_conflicts=True
    )
    return repaired + len(created)


def count_verdicts(comparisons: list[Comparison]) -> Counter[str]:
    return Counter(comparison.verdict for comparison in comparisons)
