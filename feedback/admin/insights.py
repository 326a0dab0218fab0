"""Insights page of the admin: the filter form, and rates by assistant, version, model and week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from chatapp.admin.base import ModelAdmin, Route
from chatapp.models import Assistant, Origin, PromptVersion
from feedback.insights import queries
from feedback.insights.intervals import Count
from feedback.insights.queries import Cell
from feedback.insights.rollup.read import RollupQuery, count
from feedback.models import DailyCount, Reason

WEEKS = 12


class InsightsForm(forms.Form):
    since = forms.DateField(
        label=lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=lazy("to"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    assistant = forms.ModelChoiceField(
        Assistant.objects.all(),
        label=lazy("Assistant"),
        to_field_name="slug",
        required=False,
        empty_label=lazy("All"),
    )
    version = forms.ModelChoiceField(
        PromptVersion.objects.select_related("assistant").defer("instructions"),
        label=lazy("Prompt version"),
        required=False,
        empty_label=lazy("All"),
    )
    model = forms.ChoiceField(label=lazy("Model"), required=False)
    person = forms.ChoiceField(
        label=lazy("People"),
        required=False,
        choices=[("", lazy("All")), ("guest", lazy("guests")), ("signed-up", lazy("signed up"))],
    )
    origin = forms.ChoiceField(
        label=lazy("Origin"), required=False, choices=[("", lazy("What counts")), *Origin.choices]
    )

    def __init__(self, query: QueryDict) -> None:
        """Default to the last WEEKS weeks; an empty `since` means from the first day on."""
        data = query.copy()
        if "since" not in data and "until" not in data:
            data["since"] = str(first_week())
        super().__init__(data, auto_id="numbers-%s")
        self.query = query
        model, version = self.fields["model"], self.fields["version"]
        assert isinstance(model, forms.ChoiceField)  # noqa: S101 - for type checkers
        assert isinstance(version, forms.ModelChoiceField)  # noqa: S101
        names = PromptVersion.objects.order_by("model").values_list("model", flat=True).distinct()
        model.choices = [("", lazy("All")), *((name, name) for name in names)]
        if assistant := query.get("assistant"):
            version.queryset = version.queryset.filter(assistant__slug=assistant)  # type: ignore[union-attr]

    def rollup_query(self) -> RollupQuery:
        """Return what a valid form asks for."""
        cleaned = self.cleaned_data
        conditions = {
            "assistant": cleaned["assistant"],
            "pk": cleaned["version"] and cleaned["version"].pk,
            "model": cleaned["model"],
        }
        conditions = {name: value for name, value in conditions.items() if value}
        versions = PromptVersion.objects.filter(**conditions).values_list("pk", flat=True)
        return RollupQuery(
            cleaned["since"],
            cleaned["until"],
            tuple(versions) if conditions else None,
            cleaned["person"] == "guest" if cleaned["person"] else None,
            (cleaned["origin"],) if cleaned["origin"] else Origin.counted(),
        )

    def list_query(self) -> str:
        """Return the query string of the list of rated answers with the same filters."""
        filters = QueryDict(mutable=True)
        for name in self.fields:
            if value := self.query.get(name):
                filters[name] = value
        return filters.urlencode()


def first_week() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


@dataclass(frozen=True)
class RateTable:
    name: str
    title: str
    rows: Iterable[tuple[str, Count]]


@method_decorator(require_safe)
def insights_page(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    form = InsightsForm(request.GET)
    context = admin.admin_site.each_context(request)
    context |= {"opts": admin.opts, "title": _("Numbers"), "form": form}
    context |= tables_context(form) if form.is_valid() else {}
    context["filters"] = form.list_query()
    return TemplateResponse(request, "admin/feedback/rating/insights.html", context)


ROUTES: list[Route] = [("numbers/", insights_page, "numbers")]


def tables_context(form: InsightsForm) -> dict[str, Any]:
    cells, reason_counts = count(form.rollup_query())
    total = queries.total(cells)
    shares = queries.shares(reason_counts, total)
    reasons = [(reason_label(reason), share) for reason, share in shares.items()]
    return {"tables": tables(cells, total), "reasons": reasons, "notes": list(origin_notes(form))}


def origin_notes(form: InsightsForm) -> Iterator[str]:
    """Yield a sentence on each origin but the real one that the numbers include, or leave out."""
    shown = form.rollup_query().origins or ()
    counts = DailyCount.objects.exclude(origin=Origin.REAL).filter(shown__gt=0)
    present = set(counts.values_list("origin", flat=True).order_by().distinct())
    if Origin.SANDBOX in present and Origin.SANDBOX in shown:
        yield _("Answers from the sandbox are included.")
    elif Origin.SANDBOX in present:
        yield _("Answers from the sandbox are left out; choose that origin to see them.")
    if Origin.DEMO in present and Origin.DEMO in shown:
        yield _("Answers from demo data are included.")


def tables(cells: list[Cell], total: Count) -> list[RateTable]:
    versions = versions_of(cells)
    unknown = _("unknown")
    return [
        RateTable("total", _("Total"), [(_("All answers"), total)]),
        RateTable("assistant", _("By assistant"), by_assistant(cells, versions, unknown)),
        RateTable("version", _("By prompt version"), by_version(cells, versions, unknown)),
        RateTable("model", _("By model"), by_model(cells, versions, unknown)),
        RateTable("week", _("By week"), by_week(cells)),
    ]


def versions_of(cells: list[Cell]) -> Mapping[int | None, PromptVersion]:
    versions = PromptVersion.objects.select_related("assistant").defer("instructions")
    return versions.in_bulk({cell.version for cell in cells if cell.version})


Rows = list[tuple[str, Count]]


def by_assistant(
    cells: list[Cell], versions: Mapping[int | None, PromptVersion], unknown: str
) -> Rows:
    def name(cell: Cell) -> str:
        version = versions.get(cell.version)
        return str(version.assistant) if version else unknown

    return sorted(queries.by(cells, name).items())


def by_version(
    cells: list[Cell], versions: Mapping[int | None, PromptVersion], unknown: str
) -> Rows:
    """Rows by assistant, newest version first."""

    def rank(row: tuple[int | None, Count]) -> tuple[str, int]:
        version = versions.get(row[0])
        return (str(version.assistant), -version.number) if version else ("", 0)

    counts = sorted(queries.by(cells, lambda cell: cell.version).items(), key=rank)
    return [(str(versions.get(pk, unknown)), count) for pk, count in counts]


def by_model(cells: list[Cell], versions: Mapping[int | None, PromptVersion], unknown: str) -> Rows:
    def name(cell: Cell) -> str:
        version = versions.get(cell.version)
        return version.model if version else unknown

    return sorted(queries.by(cells, name).items())


def by_week(cells: list[Cell]) -> Rows:
    counts = sorted(queries.by(cells, lambda cell: cell.week).items(), reverse=True)
    return [(_("From %s") % date_format(week, "j M Y"), count) for week, count in counts]


def reason_label(reason: Reason) -> str:
    side = _("thumbs up") if reason.value == 1 else _("thumbs down")
    return f"{reason.label} ({side})"
