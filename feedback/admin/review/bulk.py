"""Deciding on all that is selected, or all that is filtered: status and assignee, undone as one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from chatapp.models import User
from feedback.admin.review.bulk_progress import Progress
from feedback.admin.review.decision_form import colleagues
from feedback.admin.review.navigation import MANAGE, current_reviewer
from feedback.models import BulkChange, Rating, Review
from feedback.models.reviews.review import Status

Ratings = QuerySet[Rating]


class ToWhom(ActionForm):
    assignee = forms.ModelChoiceField(
        User.objects.none(), required=False, label=lazy("Assignee:"), empty_label=lazy("nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignee"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = colleagues()


class Bulk(Progress):
    action_form = ToWhom

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Django hands an action exactly what is selected, of what is filtered."""
        actions: dict[str, Any] = super().get_actions(request)
        if not request.user.has_perm(MANAGE):
            return actions
        for status in Status:
            name, words = f"status-{status.value}", _("Set status: %s") % status.label
            actions[name] = (partial(set_status, status), name, words)
        actions["assign"] = (assign, "assign", _("Assign to the selected reviewer"))
        return actions

    def decide_all(
        self, request: HttpRequest, ratings: Ratings, **changes: Any
    ) -> HttpResponse | None:
        """What was ticked by hand is changed at once; of all that is filtered a page tells first
        how many it is."""
        chosen = Review.objects.filter(rating__in=ratings.order_by().values("pk"))
        if request.POST.get("select_across") == "1":
            query = request.GET.urlencode()
            bulk = BulkChange.objects.prepare(current_reviewer(request), chosen, query, **changes)
            return redirect("admin:feedback_rating_bulk", bulk.pk)
        act = chosen.decide(current_reviewer(request), **changes)
        words = ngettext("%d review was changed.", "%d reviews were changed.", act.reviews)
        if not act.reviews:
            self.message_user(request, _("All of these already have this value."), messages.WARNING)
            return None
        url = reverse("admin:feedback_rating_undo", args=[act.id])
        said = format_html('{} <a href="{}">{}</a>', words % act.reviews, url, _("Undo"))
        self.message_user(request, said, messages.SUCCESS)
        return None


def set_status(
    status: Status, desk: Bulk, request: HttpRequest, ratings: Ratings
) -> HttpResponse | None:
    return desk.decide_all(request, ratings, status=status.value)


def assign(desk: Bulk, request: HttpRequest, ratings: Ratings) -> HttpResponse | None:
    """To a colleague; who isn't one is refused rather than taken for nobody."""
    pk = request.POST.get("assignee", "")
    person = colleagues().filter(pk=pk).first() if pk.isdecimal() else None
    if pk and person is None:
        desk.message_user(request, _("Nobody here has that name."), messages.ERROR)
        return None
    return desk.decide_all(request, ratings, assignee=person)
