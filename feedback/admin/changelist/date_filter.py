"""The filter by date: a few common spans, or from one day to another, in a form without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.admin import ListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from feedback.admin.changelist.facets import SPANS, since
from feedback.insights.queries import between
from feedback.models import Rating

NAMES = ("since", "until")
# In words, the spans of counts.SPANS.
WORDS = {None: lazy("Any date"), 1: lazy("Today"), 7: lazy("Last 7 days"), 30: lazy("Last 30 days")}


class ByPeriod(ListFilter):
    """`since` and `until` are days, both included, in the site's time zone."""

    title = lazy("date")
    template = "admin/feedback/rating/date_filter.html"
    column = "span"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.request = request
        for name in NAMES:
            given = params.pop(name, None)
            if given and given[-1]:
                self.used_parameters[name] = given[-1]
        self.days = {name: as_day(str(text)) for name, text in self.used_parameters.items()}
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

    def chosen_by(self, cell: int) -> Iterator[str]:
        return (str(days) for days in SPANS if cell and days >= cell)

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        sample = changelist.sample_for(self) if changelist.add_facets else None
        numbers = sample.counts(self) if sample else {}
        unseen = 0 if sample and sample.is_whole else None
        for days, words in WORDS.items():
            chosen = {"since": str(since(days).date())} if days else {}
            yield {
                "selected": self.used_parameters == chosen,
                "query_string": changelist.get_query_string(chosen, remove=list(NAMES)),
                "display": words,
                "key": f"days={days}" if days else "",
                "number": numbers.get(str(days), unseen) if days else None,
            }


def as_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 9999 else None
