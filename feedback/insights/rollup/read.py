"""Counts read from the rollup, or from the answers if updating the rollup takes too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, QuerySet, Sum, Value

from feedback.database import large_query
from feedback.insights import queries
from feedback.insights.intervals import Count
from feedback.insights.queries import Answers, Cell
from feedback.insights.rollup.update import is_far_behind, update_rollup
from feedback.models import DailyCount

# Seconds that a reader waits for the rollup. If that doesn't suffice, after a migration or an
# import, the answers themselves are counted, however long that takes.
MAX_WAIT = 2.0


@dataclass(frozen=True)
class RollupQuery:
    """Filter of answers: days, both included; prompt versions; guests or signed-up users only;
    origins."""

    since: date | None = None
    until: date | None = None
    versions: tuple[int, ...] | None = None
    guests: bool | None = None
    origins: tuple[str, ...] | None = None

    def answers(self) -> Answers:
        answers = queries.between(queries.shown(), self.since, self.until)
        if self.guests is not None:
            answers = answers.filter(conversation__user__is_guest=self.guests)
        if self.origins is not None:
            answers = queries.of_origins(answers, self.origins)
        # By ids, whose frequencies are in the database's statistics.
        return (
            answers if self.versions is None else answers.filter(prompt_version__in=self.versions)
        )

    def daily_counts(self) -> QuerySet[DailyCount]:
        filters = {
            "day__gte": self.since,
            "day__lte": self.until,
            "version__in": self.versions,
            "by_guest": self.guests,
            "origin__in": self.origins,
        }
        return DailyCount.objects.filter(
            **{key: value for key, value in filters.items() if value is not None}
        )


def count(query: RollupQuery) -> tuple[list[Cell], dict[int, int]]:
    """Counts by week and version, and the number of ratings by reason: exact as of the call."""
    if not is_far_behind() and update_rollup(MAX_WAIT):
        return read_rollup(query)
    answers = query.answers()
    with large_query():
        return queries.cells(answers), queries.reason_counts(answers)


def read_rollup(query: RollupQuery) -> tuple[list[Cell], dict[int, int]]:
    """The same from the daily counts, by one query for a consistent snapshot."""
    rows = query.daily_counts().order_by()
    answers = rows.filter(reason=None).values_list("week", "version")
    answers = answers.annotate(Sum("shown"), Sum("rated"), Sum("up"))
    no_week = Value(None, output_field=DateField())
    reasons = rows.filter(reason__isnull=False).values_list(no_week, "reason")
    reasons = reasons.annotate(none=Value(0), times=Sum("rated"), up_none=Value(0))
    cells, named = [], {}
    both: QuerySet[Any, Any] = answers.union(reasons, all=True)
    for week, pk, shown, rated, up in both:
        if week is None:
            named[pk] = rated
        elif shown:
            cells.append(Cell(week, pk, Count(shown, rated, up)))
    return cells, {reason: times for reason, times in named.items() if times}
