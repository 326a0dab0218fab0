"""The filters by what the team made of an answer, beside the rated answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from feedback.admin.changelist.filters import Choice, Choices
from feedback.admin.review.decision_form import colleagues
from feedback.models import Category
from feedback.models.reviews.review import Status, Verdict

# As many colleagues as can be offered by name.
MANY = 50


class ByReview(Choice):
    """What a review says: asked of its own table, which lists no rating twice."""

    prefix = "review__"

    def wanted(self, value: str) -> dict[str, Any]:
        return {self.parameter_name: value}


class ByStatus(ByReview):
    title, parameter_name, column = lazy("review"), "status", "review__status"

    def offered(self, request: HttpRequest) -> Choices:
        return Status.choices


class ByVerdict(ByReview):
    title, parameter_name = lazy("verdict on the thumb"), "verdict"
    column = "review__verdict"

    def offered(self, request: HttpRequest) -> Choices:
        return [*Verdict.choices, ("none", _("none yet"))]

    def wanted(self, value: str) -> dict[str, Any]:
        return {"verdict": "" if value == "none" else value}

    def chosen_by(self, cell: Any) -> Iterable[str]:
        return [cell or "none"]


class ByCategory(ByReview):
    title, parameter_name = lazy("failure category"), "category"
    column = "review__category__slug"

    def offered(self, request: HttpRequest) -> Choices:
        return [
            (one.slug, str(one) + (_(" (retired)") if one.is_retired else ""))
            for one in Category.objects.all()
        ]

    def wanted(self, value: str) -> dict[str, Any]:
        return {"category": Category.objects.get(slug=value)}


class ByAssignee(ByReview):
    """`me` is whoever looks, so that a shared address means each one's own."""

    title, parameter_name, column = lazy("assignee"), "assignee", "review__assignee"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.person = request.user
        super().__init__(request, *args)

    def offered(self, request: HttpRequest) -> Choices:
        named = [(str(one.pk), one.username) for one in colleagues()[:MANY]]
        return [("me", _("me")), ("nobody", _("nobody")), *named]

    def wanted(self, value: str) -> dict[str, Any]:
        special = {"me": self.person.pk, "nobody": None}
        return {"assignee": special[value] if value in special else int(value)}

    def chosen_by(self, cell: Any) -> Iterable[str]:
        if cell is None:
            return ["nobody"]
        return [str(cell), "me"] if cell == self.person.pk else [str(cell)]


class ByDrift(Choice):
    """Noted by the database as an answer changes after it was judged: see feedback.list_index."""

    title, parameter_name, column = lazy("drift"), "drift", "has_drifted"

    def offered(self, request: HttpRequest) -> Choices:
        return [("yes", _("changed after it was rated"))]

    def wanted(self, value: str) -> dict[str, Any]:
        return {"has_drifted": True}

    def chosen_by(self, cell: Any) -> Iterable[str]:
        return ["yes"] if cell else []
