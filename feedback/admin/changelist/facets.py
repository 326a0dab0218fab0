"""Facets, the numbers beside the filters: counted among the first rows of what is filtered, so that
they cost the same however many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    IntegerField,
    Q,
    When,
)
from django.utils import timezone

from feedback.database import in_array
from feedback.models import Rating

MOST = 1_000
# Django's word in the address of a list that shows numbers.
SHOWN = "_facets"
# The last so many days, today included, that can be chosen.
SPANS = (1, 7, 30)


def since(days: int) -> datetime:
    """The beginning of the first of so many days, in the site's time zone."""
    first = timezone.localdate() - timedelta(days=days - 1)
    return timezone.make_aware(datetime.combine(first, time()))


def made_up() -> dict[str, Any]:
    """Columns that no table has: whether there is a comment, and the shortest span it is within."""
    spans = [When(created_at__gte=since(days), then=days) for days in SPANS]
    return {
        "has_comment": ExpressionWrapper(~Q(comment=""), output_field=BooleanField()),
        "span": Case(*spans, default=0, output_field=IntegerField()),
    }


class Column(Protocol):
    """What a filter says of itself: `column` is where its value stands, and `chosen_by` which of
    its choices a value belongs to."""

    column: str

    def chosen_by(self, cell: Any) -> Iterable[str]: ...


class Sample:
    """The first MOST of the ratings with these ids. `is_whole` if there are no more."""

    def __init__(self, pks: Sequence[int], columns: Iterable[str]) -> None:
        self.is_whole, self.pks = len(pks) <= MOST, pks[:MOST]
        names = sorted({name for name in columns if name})
        more = {name: one for name, one in made_up().items() if name in names}
        rows = Rating.objects.filter(pk__in=in_array(self.pks)).annotate(**more).order_by()
        cells = list(rows.values_list("pk", *names))
        self.cells = {
            name: Counter(cell[at] for cell in cells) for at, name in enumerate(names, start=1)
        }

    def counts(self, column: Column) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for cell, number in self.cells[column.column].items():
            for choice in column.chosen_by(cell):
                counted[choice] += number
        return counted

    def reasons(self) -> dict[str, int]:
        """By slug; a rating may have several."""
        given = Rating.reasons.through.objects.filter(rating__in=in_array(self.pks))
        return dict(given.values_list("reason__slug").annotate(Count("pk")))
