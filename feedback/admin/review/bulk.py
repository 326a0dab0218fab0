"""Bulk changes of reviews: actions of the list, the page of one bulk change, the log of all."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin import display, register
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chatapp.admin.base import ModelAdmin, ReadOnlyAdmin, Route
from chatapp.models import User
from feedback.admin.review.decision_form import CHOICES, colleagues, logged_value, value_label
from feedback.admin.review.navigation import LIST, may_decide
from feedback.models import BulkChange, Rating, Review, ReviewChange
from feedback.models.reviews.review import Status
from feedback.permissions import MANAGE, current_reviewer
from feedback.staff_access.guard import filters_text

# Parameters of a list's URL that filter nothing.
NO_FILTERS = {"o", "p", "all"}


class AssigneeForm(ActionForm):
    """Form beside the list's actions, with the assignee of the action `assign`."""

    assignee = forms.ModelChoiceField(
        User.objects.none(), required=False, label=lazy("Assignee:"), empty_label=lazy("nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignee"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = colleagues()


def actions() -> dict[str, Any]:
    """Return the list's actions on reviews, as ModelAdmin.get_actions does."""
    status_actions: dict[str, Any] = {}
    for status in Status:
        name, label = f"status-{status.value}", _("Set status: %s") % status.label
        status_actions[name] = (partial(set_status, status), name, label)
    return status_actions | {"assign": (assign, "assign", _("Assign to the selected reviewer"))}


def set_status(
    status: Status, admin: ModelAdmin, request: HttpRequest, ratings: QuerySet[Rating]
) -> HttpResponse | None:
    return change_reviews(admin, request, ratings, status=status.value)


def assign(
    admin: ModelAdmin, request: HttpRequest, ratings: QuerySet[Rating]
) -> HttpResponse | None:
    """Assign to a colleague, or to nobody where none is chosen; reject an unknown id."""
    pk = request.POST.get("assignee", "")
    assignee = colleagues().filter(pk=pk).first() if pk.isdecimal() else None
    if pk and assignee is None:
        admin.message_user(request, _("Nobody here has that name."), messages.ERROR)
        return None
    return change_reviews(admin, request, ratings, assignee=assignee)


def change_reviews(
    admin: ModelAdmin, request: HttpRequest, ratings: QuerySet[Rating], **changes: Any
) -> HttpResponse | None:
    """Change the selected reviews at once; for all that is filtered, prepare a bulk change and
    redirect to its page, which shows their number first."""
    reviews = Review.objects.filter(rating__in=ratings.order_by().values("pk"))
    if request.POST.get("select_across") == "1":
        query = filters_text(request.GET)
        bulk = BulkChange.objects.prepare(current_reviewer(request), reviews, query, **changes)
        return redirect("admin:feedback_rating_bulk", bulk.pk)
    change = reviews.decide(current_reviewer(request), **changes)
    text = ngettext("%d review was changed.", "%d reviews were changed.", change.reviews)
    if not change.reviews:
        admin.message_user(request, _("All of these already have this value."), messages.WARNING)
        return None
    url = reverse("admin:feedback_rating_undo", args=[change.id])
    message = format_html('{} <a href="{}">{}</a>', text % change.reviews, url, _("Undo"))
    admin.message_user(request, message, messages.SUCCESS)
    return None


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
def bulk_change(admin: ModelAdmin, request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a bulk change. POST begins it, or goes on with it for a moment: sent by a script where
    scripts run, else by a button."""
    if not (may_decide(admin, request) and request.user.has_perm(MANAGE)):
        raise PermissionDenied
    bulk = get_object_or_404(BulkChange.objects.select_related("by"), pk=pk)
    if request.method == "POST":
        if bulk.by_id != current_reviewer(request).pk:
            raise PermissionDenied
        bulk.begin()
        bulk.work()
    is_htmx = "HX-Request" in request.headers
    if request.method == "POST" and not is_htmx:
        return HttpResponseRedirect(request.path, status=303)
    context = admin.admin_site.each_context(request) | {
        "opts": admin.opts, "title": _("Bulk change"), "bulk": bulk,
        "changes": changes_of(bulk), "filters": filters_of(bulk),
        "back": f"{reverse(LIST)}?{without_search(bulk.query)}",
        "is_mine": bulk.by_id == current_reviewer(request).pk,
        "may_undo": not bulk.undoes and ReviewChange.objects.filter(act=bulk.pk).undoable().exists(),
        "alike": bulk.done - bulk.changed,
    }  # fmt: skip
    template = "bulk_progress.html" if is_htmx else "bulk_change.html"
    return TemplateResponse(request, f"admin/feedback/rating/{template}", context)


ROUTES: list[Route] = [("bulk/<uuid:pk>/", bulk_change, "bulk")]


def changes_of(bulk: BulkChange) -> list[tuple[str, str]]:
    """Return label and new value of each changed field."""
    return [
        (str(ReviewChange.Field(field).label), logged_value(field, text))
        for field, text in bulk.changes.items()
    ]


def without_search(query: str) -> str:
    """The query string without its search, whose words are not kept."""
    return urlencode([(name, value) for name, value in parse_qsl(query) if name != SEARCH_VAR])


def filters_of(bulk: BulkChange) -> list[dict[str, Any]]:
    return [
        {"name": name, "value": value}
        for name, value in parse_qsl(bulk.query)
        if name not in NO_FILTERS
    ]


@register(BulkChange)
class BulkChangeAdmin(ReadOnlyAdmin):
    """Log of bulk changes: leads to the page of one, to finish or to undo it."""

    list_display = ["at", "what", "by", "total", "done", "changed"]
    list_select_related = ["by"]

    @display(description=lazy("what"))
    def what(self, bulk: BulkChange) -> str:
        if bulk.undoes:
            return _("undoing")
        return ", ".join(
            f"{ReviewChange.Field(field).label}: {value_label(CHOICES, field, text) or '–'}"
            if field in CHOICES
            else str(ReviewChange.Field(field).label)
            for field, text in bulk.changes.items()
        )

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        bulk = self.get_object(request, object_id)
        if bulk is None:
            raise Http404
        return redirect("admin:feedback_rating_bulk", bulk.pk)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MANAGE)
