"""Filters of the list of rated answers by their review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from feedback.admin.changelist.filters import ChoiceFilter, Options
from feedback.admin.review.decision_form import colleagues
from feedback.models import Category
from feedback.models.reviews.review import Status, Verdict

# Number of colleagues offered by name.
MAX_ASSIGNEES = 50


class ReviewFilter(ChoiceFilter):
    prefix = "review__"


class StatusFilter(ReviewFilter):
    title, parameter_name, column = lazy("review"), "status", "review__status"

    def options(self, request: HttpRequest) -> Options:
        return Status.choices


class VerdictFilter(ReviewFilter):
    title, parameter_name = lazy("verdict on the thumb"), "verdict"
    column = "review__verdict"

    def options(self, request: HttpRequest) -> Options:
        return [*Verdict.choices, ("none", _("none yet"))]

    def condition(self, value: str) -> dict[str, Any]:
        return {"verdict": "" if value == "none" else value}

    def options_of(self, cell: Any) -> Iterable[str]:
        return [cell or "none"]


class CategoryFilter(ReviewFilter):
    title, parameter_name = lazy("failure category"), "category"
    column = "review__category__slug"

    def options(self, request: HttpRequest) -> Options:
        return [
            (one.slug, str(one) + (_(" (retired)") if one.is_retired else ""))
            for one in Category.objects.all()
        ]

    def condition(self, value: str) -> dict[str, Any]:
        return {"category": Category.objects.get(slug=value)}


class AssigneeFilter(ReviewFilter):
    """Filter by assignee. `me` is the current reviewer, also in a shared URL."""

    title, parameter_name, column = lazy("assignee"), "assignee", "review__assignee"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.reviewer = request.user
        super().__init__(request, *args)

    def options(self, request: HttpRequest) -> Options:
        assignees = [(str(one.pk), one.username) for one in colleagues()[:MAX_ASSIGNEES]]
        return [("me", _("me")), ("nobody", _("nobody")), *assignees]

    def condition(self, value: str) -> dict[str, Any]:
        special = {"me": self.reviewer.pk, "nobody": None}
        return {"assignee": special[value] if value in special else int(value)}

    def options_of(self, cell: Any) -> Iterable[str]:
        if cell is None:
            return ["nobody"]
        return [str(cell), "me"] if cell == self.reviewer.pk else [str(cell)]


class DriftFilter(ChoiceFilter):
    """Filter answers that changed after they were rated; see feedback.list_index."""

    title, parameter_name, column = lazy("drift"), "drift", "has_drifted"

    def options(self, request: HttpRequest) -> Options:
        return [("yes", _("changed after it was rated"))]

    def condition(self, value: str) -> dict[str, Any]:
        return {"has_drifted": True}

    def options_of(self, cell: Any) -> Iterable[str]:
        return ["yes"] if cell else []
