"""Filter by date: a few spans as links, or any first and last day in a form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.admin import ListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from feedback.admin.changelist.facets import SPANS, first_day
from feedback.insights.queries import between
from feedback.models import Rating

NAMES = ("since", "until")
# Labels of facets.SPANS.
LABELS = {
    None: lazy("Any date"),
    1: lazy("Today"),
    7: lazy("Last 7 days"),
    30: lazy("Last 30 days"),
}


class DateFilter(ListFilter):
    """Filter by `since` and `until`: days, both included, in the site's time zone."""

    title = lazy("date")
    template = "admin/feedback/rating/date_filter.html"
    column = "span"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in NAMES:
            given = params.pop(name, None)
            if given and given[-1]:
                self.used_parameters[name] = given[-1]
        self.days = {name: parse_day(str(text)) for name, text in self.used_parameters.items()}
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in (*NAMES, "p")
        ]

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(NAMES)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Rating]) -> QuerySet[Rating]:
        if None in self.days.values():
            return queryset.none()
        return between(queryset, *(self.days.get(name) for name in NAMES))

    def options_of(self, cell: int) -> Iterator[str]:
        return (str(days) for days in SPANS if cell and days >= cell)

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        sample = changelist.sample_for(self) if changelist.add_facets else None
        numbers = sample.counts(self) if sample else {}
        unseen = 0 if sample and sample.is_whole else None
        for days, label in LABELS.items():
            chosen = {"since": str(first_day(days).date())} if days else {}
            yield {
                "selected": self.used_parameters == chosen,
                "query_string": changelist.get_query_string(chosen, remove=list(NAMES)),
                "display": label,
                "key": f"days={days}" if days else "",
                "number": numbers.get(str(days), unseen) if days else None,
            }


def parse_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 9999 else None
