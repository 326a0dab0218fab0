"""Export page of the rated answers and the log of exports."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from chatapp.admin.base import ModelAdmin, ReadOnlyAdmin, Route
from feedback.admin.review.navigation import LIST
from feedback.chat.runtime import Places
from feedback.export.stream import export_chunks, stream_chunks, writer_of
from feedback.models import Export, Rating
from feedback.permissions import EXPORT_RATINGS, current_reviewer
from feedback.staff_access.guard import (
    EXPORT,
    filters_text,
    reason_form_response,
    reason_of,
    reason_required,
)

# Of this process.
running_exports = Places()
# Number of the reviewer's own exports shown on the page.
MAX_EXPORTS = 5


@method_decorator(require_safe)
def export_page(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponseBase:
    """Show the formats and the reviewer's latest exports; to htmx, the latest exports alone."""
    require_exporter(model_admin, request)
    if "HX-Request" in request.headers:
        context = latest_exports(request)
        return TemplateResponse(request, "admin/feedback/rating/export_log.html", context)
    if reason_required(request, EXPORT):
        return reason_form_response(request, EXPORT)
    if filtered_ratings(model_admin, request) is None:
        return redirect(LIST)
    context = page_context(model_admin, request)
    return TemplateResponse(request, "admin/feedback/rating/export.html", context)


@method_decorator(require_safe)
def export_count(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponseBase:
    """Show how many rated answers an export would have; to htmx, the number alone. Not part of
    the page itself, since counting a million takes longer than a page may."""
    require_exporter(model_admin, request)
    if reason_required(request, EXPORT):
        return reason_form_response(request, EXPORT)
    ratings = filtered_ratings(model_admin, request)
    if ratings is None:
        return redirect(LIST)
    template = "export_count.html" if "HX-Request" in request.headers else "export.html"
    context = page_context(model_admin, request) | {"rows": ratings.count()}
    return TemplateResponse(request, f"admin/feedback/rating/{template}", context)


@method_decorator(require_POST)
def download(model_admin: ModelAdmin, request: HttpRequest, form: str) -> HttpResponseBase:
    """Stream the file, and log the export."""
    require_exporter(model_admin, request)
    if form not in Export.Format.values:
        raise Http404
    if reason_required(request, EXPORT):
        page = reverse("admin:feedback_rating_export")
        return reason_form_response(request, EXPORT, f"{page}?{request.GET.urlencode()}")
    ratings = filtered_ratings(model_admin, request)
    if ratings is None:
        return redirect(LIST)
    if not running_exports.take("export", settings.EXPORTS_AT_ONCE):
        words = _(
            "Too many exports are being written at the moment."
            " Wait until one is finished, then start yours again."
        )
        messages.error(request, words)
        return redirect(f"{reverse('admin:feedback_rating_export')}?{request.GET.urlencode()}")
    export = Export.objects.create(
        by=current_reviewer(request),
        form=form,
        filters=filters_text(request.GET),
        reason=reason_of(request, EXPORT),
    )
    writer = writer_of(form, lambda rater: rater.name_for(current_reviewer(request)))
    chunks = stream_chunks(partial(export_chunks, export, ratings, writer))
    name = f"rated-answers-{timezone.localtime():%Y-%m-%d-%H%M}.{form}"
    return StreamingHttpResponse(
        running_exports.kept_while_sent("export", chunks),
        content_type=writer.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Accel-Buffering": "no",
        },
    )


ROUTES: list[Route] = [
    ("export/", export_page, "export"),
    ("export/count/", export_count, "export_count"),
    ("export/<str:form>/", download, "download"),
]


def require_exporter(model_admin: ModelAdmin, request: HttpRequest) -> None:
    if not (request.user.has_perm(EXPORT_RATINGS) and model_admin.has_view_permission(request)):
        raise PermissionDenied


def page_context(model_admin: ModelAdmin, request: HttpRequest) -> dict[str, Any]:
    context = model_admin.admin_site.each_context(request) | latest_exports(request)
    context |= {"opts": model_admin.opts, "title": _("Export")}
    return context | {"query": request.GET.urlencode(), "rows": None}


def latest_exports(request: HttpRequest) -> dict[str, Any]:
    return {"exports": Export.objects.filter(by=current_reviewer(request))[:MAX_EXPORTS]}


def filtered_ratings(model_admin: ModelAdmin, request: HttpRequest) -> QuerySet[Rating] | None:
    """Return all ratings that the list shows under the same query string; None for an invalid
    query string."""
    try:
        changelist = model_admin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return None
    ratings: QuerySet[Rating] = changelist.queryset
    return ratings


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "by", "form", "filters", "reason", "rows", "state"]
    list_filter = ["form", "started_at"]
    list_select_related = ["by"]
    search_fields = ["by__username", "reason"]

    @admin.display(description=lazy("state"))
    def state(self, export: Export) -> str:
        return str(export.state.label)
