"""The numbers beside the filters: counted among the newest of what is filtered, so that they cost
the same however many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from feedback.models import Rating

MOST = 10_000
# Django's word in the address of a list that shows numbers.
SHOWN = "_facets"
HAS_COMMENT = ExpressionWrapper(~Q(comment=""), output_field=BooleanField())


class Column(Protocol):
    """What a filter says of itself: `column` is where its value stands, and `chosen_by` which of
    its choices a value belongs to."""

    column: str

    def chosen_by(self, cell: Any) -> Iterable[str]: ...


class Sample:
    """The newest MOST of these ratings. `is_whole` if there are no more."""

    def __init__(self, ratings: QuerySet[Rating], columns: Iterable[str]) -> None:
        names = sorted({name for name in columns if name})
        self.newest = ratings.order_by("-pk")
        rows = self.newest.annotate(has_comment=HAS_COMMENT).values_list("pk", *names)[: MOST + 1]
        cells: list[tuple[Any, ...]] = list(rows)
        self.is_whole, cells = len(cells) <= MOST, cells[:MOST]
        self.number, self.last = len(cells), cells[-1][0] if cells else 0
        by_column = zip(*cells, strict=True) if cells else [()] * (1 + len(names))
        counters = map(Counter[Any], by_column)
        self.cells = dict(zip(["pk", *names], counters, strict=True))

    def counts(self, column: Column) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for cell, number in self.cells[column.column].items():
            for choice in column.chosen_by(cell):
                counted[choice] += number
        return counted

    def values(self, column: str) -> Iterable[Any]:
        return self.cells[column].elements()

    def reasons(self) -> dict[str, int]:
        """By slug; a rating may have several."""
        counted = self.newest.filter(pk__gte=self.last).order_by().values("pk")
        given = Rating.reasons.through.objects.filter(rating__in=counted)
        return dict(given.values_list("reason__slug").annotate(Count("pk")))
