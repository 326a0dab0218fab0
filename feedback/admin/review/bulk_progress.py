"""A bulk change on its page: how many beforehand, how far it is, what came of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.admin.review.decide import Desk
from feedback.admin.review.decision_form import told
from feedback.admin.review.navigation import MANAGE, current_reviewer
from feedback.admin.review.undo import Route
from feedback.models import BulkChange, ReviewChange

# Words of an address that choose no rated answer.
NO_FILTERS = {"o", "p", "all"}


class Progress(Desk):
    def routes(self) -> list[Route]:
        return [("bulk/<uuid:pk>/", self.bulk_view, "bulk"), *super().routes()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def bulk_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """GET tells how it stands. POST begins it, or goes on with it for a moment: by itself
        where scripts run, by a button where they don't."""
        if not (self.may_decide(request) and request.user.has_perm(MANAGE)):
            raise PermissionDenied
        bulk = get_object_or_404(BulkChange.objects.select_related("by"), pk=pk)
        if request.method == "POST":
            if bulk.by_id != current_reviewer(request).pk:
                raise PermissionDenied
            bulk.begin()
            bulk.work()
        if request.method == "POST" and "HX-Request" not in request.headers:
            return HttpResponseRedirect(request.path, status=303)
        return self.show_bulk(request, bulk)

    def show_bulk(self, request: HttpRequest, bulk: BulkChange) -> HttpResponse:
        template = "admin/feedback/rating/bulk_change.html"
        if "HX-Request" in request.headers:
            template = "admin/feedback/rating/bulk_progress.html"
        context = self.admin_site.each_context(request) | {
            "opts": self.opts, "title": _("Bulk change"), "bulk": bulk,
            "changes": changes_of(bulk), "filters": filters_of(bulk),
            "back": f"{reverse('admin:feedback_rating_changelist')}?{bulk.query}",
            "is_mine": bulk.by_id == current_reviewer(request).pk,
            "may_undo": not bulk.undoes and ReviewChange.objects.filter(act=bulk.pk).undoable().exists(),
            "alike": bulk.done - bulk.changed,
        }  # fmt: skip
        return TemplateResponse(request, template, context)


def changes_of(bulk: BulkChange) -> list[tuple[str, str]]:
    """Field and new value, in words."""
    return [
        (str(ReviewChange.Field(field).label), told(field, text))
        for field, text in bulk.changes.items()
    ]


def filters_of(bulk: BulkChange) -> list[dict[str, Any]]:
    return [
        {"name": name, "value": value}
        for name, value in parse_qsl(bulk.query)
        if name not in NO_FILTERS
    ]
