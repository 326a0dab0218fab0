"""Export page of the rated answers and the log of exports."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from chatapp.admin.base import ReadOnlyAdmin
from feedback.admin.generic import ModelAdmin
from feedback.admin.review.navigation import LIST, current_reviewer
from feedback.export.stream import export_chunks, stream_chunks, writer_of
from feedback.models import Export, Rating
from feedback.staff_access.guard import EXPORT as REASON
from feedback.staff_access.guard import reason_form_response, reason_of, reason_required

EXPORT = "feedback.export_ratings"
# As many of one's own exports as are shown beside the buttons.
MANY = 5


class Exports(ModelAdmin):
    """What the admin of ratings has for who may take them along."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("export/", wrap(self.export_view), name="feedback_rating_export"),
            path(
                "export/count/",
                wrap(self.export_view),
                {"count": True},
                name="feedback_rating_export_count",
            ),
            path("export/<str:form>/", wrap(self.download_view), name="feedback_rating_download"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest, count: bool = False) -> HttpResponseBase:
        """In which forms, and how far those asked for before are. How many it would be is counted
        when the page is there: of a million, that takes longer than a page may."""
        self.require_exporter(request)
        latest = Export.objects.filter(by=current_reviewer(request))[:MANY]
        context: dict[str, Any] = {"exports": latest, "query": request.GET.urlencode()}
        if "HX-Request" in request.headers and not count:
            return TemplateResponse(request, "admin/feedback/rating/exports.html", context)
        if reason_required(request, REASON):
            return reason_form_response(request, REASON)
        ratings = self.filtered(request)
        if ratings is None:
            return redirect(LIST)
        context |= self.admin_site.each_context(request)
        context |= {"opts": self.opts, "title": _("Export"), "forms": Export.Format}
        context["rows"] = ratings.count() if count else None
        template = "count.html" if "HX-Request" in request.headers else "export.html"
        return TemplateResponse(request, f"admin/feedback/rating/{template}", context)

    @method_decorator(require_POST)
    def download_view(self, request: HttpRequest, form: str) -> HttpResponseBase:
        self.require_exporter(request)
        if form not in Export.Format.values:
            raise Http404
        if reason_required(request, REASON):
            page = reverse("admin:feedback_rating_export")
            return reason_form_response(request, REASON, f"{page}?{request.GET.urlencode()}")
        ratings = self.filtered(request)
        if ratings is None:
            return redirect(LIST)
        export = Export.objects.create(
            by=current_reviewer(request),
            form=form,
            filters=request.GET.urlencode(),
            reason=reason_of(request, REASON),
        )
        writer = writer_of(form, lambda rater: rater.name_for(current_reviewer(request)))
        name = f"rated-answers-{timezone.localtime():%Y-%m-%d-%H%M}.{form}"
        return StreamingHttpResponse(
            stream_chunks(partial(export_chunks, export, ratings, writer)),
            content_type=writer.content_type,
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Accel-Buffering": "no",
            },
        )

    def filtered(self, request: HttpRequest) -> QuerySet[Rating] | None:
        """What the list under this address shows on all its pages. None for an address that makes
        no sense."""
        try:
            rows = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return None
        ratings: QuerySet[Rating] = rows.queryset
        return ratings

    def require_exporter(self, request: HttpRequest) -> None:
        if not (request.user.has_perm(EXPORT) and self.has_view_permission(request)):
            raise PermissionDenied


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "by", "form", "filters", "reason", "rows", "how"]
    list_filter = ["form", "started_at"]
    list_select_related = ["by"]
    search_fields = ["by__username", "reason"]

    @admin.display(description=lazy("state"))
    def how(self, export: Export) -> str:
        return str(export.state.label)
