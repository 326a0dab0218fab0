"""Insights page of the admin: the filter form, and rates by assistant, version, model and week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from chatapp.models import Assistant, PromptVersion
from feedback.admin.generic import ModelAdmin
from feedback.insights import queries
from feedback.insights.intervals import Count
from feedback.insights.queries import Cell
from feedback.insights.rollup.read import RollupQuery, count
from feedback.models import Reason

WEEKS = 12


class NumbersForm(forms.Form):
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

    def __init__(self, asked: QueryDict) -> None:
        """Of the last weeks, where no day is asked for; an empty day is from the first on."""
        data = asked.copy()
        if "since" not in data and "until" not in data:
            data["since"] = str(first_week())
        super().__init__(data, auto_id="numbers-%s")
        self.asked = asked
        model, version = self.fields["model"], self.fields["version"]
        assert isinstance(model, forms.ChoiceField)  # noqa: S101 - for type checkers
        assert isinstance(version, forms.ModelChoiceField)  # noqa: S101
        names = PromptVersion.objects.order_by("model").values_list("model", flat=True).distinct()
        model.choices = [("", lazy("All")), *((name, name) for name in names)]
        if assistant := asked.get("assistant"):
            version.queryset = version.queryset.filter(assistant__slug=assistant)  # type: ignore[union-attr]

    def wanted(self) -> RollupQuery:
        """What they are about. For a valid form."""
        given = self.cleaned_data
        which = {
            "assistant": given["assistant"],
            "pk": given["version"] and given["version"].pk,
            "model": given["model"],
        }
        which = {name: value for name, value in which.items() if value}
        versions = PromptVersion.objects.filter(**which).values_list("pk", flat=True)
        return RollupQuery(
            given["since"],
            given["until"],
            tuple(versions) if which else None,
            given["person"] == "guest" if given["person"] else None,
        )

    def kept(self) -> str:
        """What of it the list of rated answers knows as well, for its address."""
        kept = QueryDict(mutable=True)
        for name in self.fields:
            if value := self.asked.get(name):
                kept[name] = value
        return kept.urlencode()


def first_week() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    rows: Iterable[tuple[str, Count]]


class Numbers(ModelAdmin):
    """What the admin of ratings has for who wants to know how the answers do."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.numbers_view)
        return [path("numbers/", view, name="feedback_rating_numbers"), *super().get_urls()]

    @method_decorator(require_safe)
    def numbers_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = NumbersForm(request.GET)
        context = self.admin_site.each_context(request)
        context |= {"opts": self.opts, "title": _("Numbers"), "form": form}
        context |= found(form) if form.is_valid() else {}
        context["filters"] = form.kept()
        return TemplateResponse(request, "admin/feedback/rating/insights.html", context)


def found(form: NumbersForm) -> dict[str, Any]:
    cells, named = count(form.wanted())
    total = queries.total(cells)
    shares = queries.shares(named, total)
    rows = [(said_of(reason), share) for reason, share in shares.items()]
    return {"total": total, "tables": tables(cells, total), "reasons": rows}


def tables(cells: list[Cell], total: Count) -> list[Table]:
    versions = versions_of(cells)
    unknown = _("unknown")
    return [
        Table("total", _("Total"), [(_("All answers"), total)]),
        Table("assistant", _("By assistant"), assistants(cells, versions, unknown)),
        Table("version", _("By prompt version"), by_version(cells, versions, unknown)),
        Table("model", _("By model"), models(cells, versions, unknown)),
        Table("week", _("By week"), weeks(cells)),
    ]


def versions_of(cells: list[Cell]) -> Mapping[int | None, PromptVersion]:
    versions = PromptVersion.objects.select_related("assistant").defer("instructions")
    return versions.in_bulk({cell.version for cell in cells if cell.version})


Rows = list[tuple[str, Count]]


def assistants(
    cells: list[Cell], versions: Mapping[int | None, PromptVersion], unknown: str
) -> Rows:
    def name(cell: Cell) -> str:
        version = versions.get(cell.version)
        return str(version.assistant) if version else unknown

    return sorted(queries.by(cells, name).items())


def by_version(
    cells: list[Cell], versions: Mapping[int | None, PromptVersion], unknown: str
) -> Rows:
    """An assistant's newest first."""

    def rank(row: tuple[int | None, Count]) -> tuple[str, int]:
        version = versions.get(row[0])
        return (str(version.assistant), -version.number) if version else ("", 0)

    counts = sorted(queries.by(cells, lambda cell: cell.version).items(), key=rank)
    return [(str(versions.get(pk, unknown)), count) for pk, count in counts]


def models(cells: list[Cell], versions: Mapping[int | None, PromptVersion], unknown: str) -> Rows:
    def name(cell: Cell) -> str:
        version = versions.get(cell.version)
        return version.model if version else unknown

    return sorted(queries.by(cells, name).items())


def weeks(cells: list[Cell]) -> Rows:
    counts = sorted(queries.by(cells, lambda cell: cell.week).items(), reverse=True)
    return [(_("From %s") % date_format(week, "j M Y"), count) for week, count in counts]


def said_of(reason: Reason) -> str:
    side = _("thumbs up") if reason.value == 1 else _("thumbs down")
    return f"{reason.label} ({side})"
