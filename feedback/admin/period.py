"""The filter by date: a few common spans, or from one day to another, in a form without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.admin import ListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from feedback.models import Rating

NAMES = ("since", "until")
# Of the last so many days, today included.
SPANS = {
    lazy("Any date"): None,
    lazy("Today"): 1,
    lazy("Last 7 days"): 7,
    lazy("Last 30 days"): 30,
}


class ByPeriod(ListFilter):
    """`since` and `until` are days, both included, in the site's time zone."""

    title = lazy("date")
    template = "admin/feedback/rating/period.html"
    column = "created_at"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
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
        if since := self.days.get("since"):
            queryset = queryset.filter(created_at__gte=midnight(since))
        if until := self.days.get("until"):
            queryset = queryset.filter(created_at__lt=midnight(until + timedelta(days=1)))
        return queryset

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        today = timezone.localdate()
        sample = changelist.sample_for(self) if changelist.add_facets else None
        ages = (
            [(today - localday(cell)).days for cell in sample.values(self.column)] if sample else []
        )
        for words, days in SPANS.items():
            since = {} if days is None else {"since": str(today - timedelta(days=days - 1))}
            yield {
                "selected": self.used_parameters == since,
                "query_string": changelist.get_query_string(since, remove=list(NAMES)),
                "display": words,
                "key": f"days={days}" if days else "",
                "number": sum(age < days for age in ages) if sample and days else None,
            }


def as_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 9999 else None


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def localday(moment: datetime) -> date:
    return timezone.localtime(moment).date()
