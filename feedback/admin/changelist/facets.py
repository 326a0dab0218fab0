"""Facets of the filters, counted in a sample: the first rows of the filtered list."""

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

SAMPLE_SIZE = 1_000
# Django's parameter of a list that shows facets.
FACETS_VAR = "_facets"
# Spans that can be chosen, as numbers of days up to today.
SPANS = (1, 7, 30)


def first_day(days: int) -> datetime:
    """Return the start of a span of days up to today, in the site's time zone."""
    first = timezone.localdate() - timedelta(days=days - 1)
    return timezone.make_aware(datetime.combine(first, time()))


def computed_columns() -> dict[str, Any]:
    """Return the columns that no table has: whether there is a comment, and the shortest span."""
    spans = [When(created_at__gte=first_day(days), then=days) for days in SPANS]
    return {
        "has_comment": ExpressionWrapper(~Q(comment=""), output_field=BooleanField()),
        "span": Case(*spans, default=0, output_field=IntegerField()),
    }


class Faceted(Protocol):
    """Filter with facets: `column` holds its value, `options_of` returns the options of a value."""

    column: str

    def options_of(self, cell: Any) -> Iterable[str]: ...


class Sample:
    """The first SAMPLE_SIZE of the ratings with these ids. `is_whole` if there are no more."""

    def __init__(self, pks: Sequence[int], columns: Iterable[str]) -> None:
        self.is_whole, self.pks = len(pks) <= SAMPLE_SIZE, pks[:SAMPLE_SIZE]
        names = sorted({name for name in columns if name})
        more = {name: one for name, one in computed_columns().items() if name in names}
        rows = Rating.objects.filter(pk__in=in_array(self.pks)).annotate(**more).order_by()
        cells = list(rows.values_list("pk", *names))
        self.cells = {
            name: Counter(cell[at] for cell in cells) for at, name in enumerate(names, start=1)
        }

    def counts(self, column: Faceted) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for cell, number in self.cells[column.column].items():
            for choice in column.options_of(cell):
                counted[choice] += number
        return counted

    def reasons(self) -> dict[str, int]:
        """Return the number of ratings by reason's slug; a rating may have several."""
        given = Rating.reasons.through.objects.filter(rating__in=in_array(self.pks))
        return dict(given.values_list("reason__slug").annotate(Count("pk")))
