"""Numbers out of the tallies, and of the answers themselves where those would have to wait."""

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

# Seconds that somebody who asks for numbers waits for the tallies. Where that won't do, after a
# migration or an import, the answers themselves are counted, as long as that may take.
PATIENCE = 2.0


@dataclass(frozen=True)
class RollupQuery:
    """Which answers: of these days, both included; these versions; guests, or who signed up."""

    since: date | None = None
    until: date | None = None
    versions: tuple[int, ...] | None = None
    guests: bool | None = None

    def answers(self) -> Answers:
        answers = queries.between(queries.shown(), self.since, self.until)
        if self.guests is not None:
            answers = answers.filter(conversation__user__is_guest=self.guests)
        # By their ids, of which a database knows how frequent they are.
        return (
            answers if self.versions is None else answers.filter(prompt_version__in=self.versions)
        )

    def tallies(self) -> QuerySet[DailyCount]:
        asked = {
            "day__gte": self.since,
            "day__lte": self.until,
            "version__in": self.versions,
            "by_guest": self.guests,
        }
        return DailyCount.objects.filter(
            **{key: value for key, value in asked.items() if value is not None}
        )


def count(wanted: RollupQuery) -> tuple[list[Cell], dict[int, int]]:
    """What was shown, and how often each reason was named: exact as of when this was called."""
    if not is_far_behind() and update_rollup(PATIENCE):
        return tallied(wanted)
    answers = wanted.answers()
    with large_query():
        return queries.cells(answers), queries.times_named(answers)


def tallied(wanted: RollupQuery) -> tuple[list[Cell], dict[int, int]]:
    """In one query, so that all of it is of one moment."""
    rows = wanted.tallies().order_by()
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
