"""Deciding on all that is selected, or all that is filtered: status and assignee, undone at once."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from chatapp.models import User
from feedback.admin.decision import colleagues
from feedback.admin.desk import Desk, person_of
from feedback.models import Rating, Review
from feedback.models.review import Status

MANAGE = "feedback.manage_reviews"
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


class Bulk(Desk):
    action_form = ToWhom

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Django hands an action exactly what is selected, of what is filtered."""
        actions: dict[str, Any] = super().get_actions(request)
        if not request.user.has_perm(MANAGE):
            return actions
        for status in Status:
            name, words = f"status-{status.value}", _("Set status: %s") % status.label
            actions[name] = (partial(set_status, status), name, words)
        actions["assign"] = (assign, "assign", _("Assign to the one chosen here"))
        return actions

    def decide_all(self, request: HttpRequest, ratings: Ratings, **changes: Any) -> None:
        chosen = Review.objects.filter(rating__in=ratings.order_by().values("pk"))
        act = chosen.decide(person_of(request), **changes)
        words = ngettext("%d review was changed.", "%d reviews were changed.", act.reviews)
        if not act.reviews:
            self.message_user(request, _("All of these already are so."), messages.WARNING)
            return
        url = reverse("admin:feedback_rating_undo", args=[act.id])
        said = format_html('{} <a href="{}">{}</a>', words % act.reviews, url, _("Undo"))
        self.message_user(request, said, messages.SUCCESS)


def set_status(status: Status, desk: Bulk, request: HttpRequest, ratings: Ratings) -> None:
    desk.decide_all(request, ratings, status=status.value)


def assign(desk: Bulk, request: HttpRequest, ratings: Ratings) -> None:
    """To a colleague; who isn't one is refused rather than taken for nobody."""
    pk = request.POST.get("assignee", "")
    person = colleagues().filter(pk=pk).first() if pk.isdecimal() else None
    if pk and person is None:
        desk.message_user(request, _("Nobody here has that name."), messages.ERROR)
        return
    desk.decide_all(request, ratings, assignee=person)
