"""Rated answers in the admin: the list, and the page of one rated answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from chatapp.admin.base import ModelAdmin, WithoutJQuery, page_urls
from feedback.admin import deliveries, export, insights
from feedback.admin.changelist import (
    columns,
    facets_view,
    filters,
    review_filters,
    saved_filters,
)
from feedback.admin.changelist.changelist import RatingChangeList
from feedback.admin.changelist.date_filter import DateFilter
from feedback.admin.review import bulk, decide, undo
from feedback.admin.review.navigation import (
    list_neighbours,
    list_query,
    queue_neighbours,
    queue_order,
    rating_or_404,
)
from feedback.admin.review.state_labels import (
    answer_facts,
    delivery_description,
    delivery_of,
    origin_note,
    request_page,
)
from feedback.admin.review.thread import thread_of
from feedback.models import Mention, Rating, StaffAccess
from feedback.models.implicit_feedback import signals_of
from feedback.permissions import MANAGE, current_reviewer
from feedback.staff_access.guard import (
    REVIEW,
    filters_text,
    log_list_access,
    reason_form_response,
    reason_of,
    reason_required,
)

# Pages beside the list and the rated answer.
ROUTES = [
    *deliveries.RATING_ROUTES,
    *saved_filters.ROUTES,
    *facets_view.ROUTES,
    *insights.ROUTES,
    *export.ROUTES,
    *bulk.ROUTES,
    *decide.ROUTES,
    *undo.ROUTES,
]


@admin.register(Rating)
class RatingAdmin(WithoutJQuery):
    """Nobody edits a rating; what the team makes of it is a review."""

    list_display = [
        columns.thumb,
        columns.asked,
        columns.why,
        columns.when,
        columns.reviewed,
        columns.delivered,
    ]
    list_display_links = [columns.thumb, columns.asked]
    list_filter = [
        filters.ThumbFilter,
        filters.ReasonFilter,
        filters.CommentFilter,
        DateFilter,
        filters.AssistantFilter,
        filters.VersionFilter,
        filters.ModelFilter,
        review_filters.StatusFilter,
        review_filters.AssigneeFilter,
        review_filters.VerdictFilter,
        review_filters.CategoryFilter,
        review_filters.DriftFilter,
        filters.DeliveryFilter,
        filters.UserFilter,
        filters.OriginFilter,
    ]
    search_fields = ["comment"]
    search_help_text = lazy(
        "Words of the question, the answer or the comment; a person; or a whole helicone-id. "
        "Of very long texts only the beginning is searched."
    )
    ordering = ["-pk"]
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.ALLOW
    actions = [deliveries.retry_delivery]
    action_form = bulk.AssigneeForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Rating | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Rating | None = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return deliveries.may_retry(request)

    def get_urls(self) -> list[URLPattern]:
        return [*page_urls(self, ROUTES), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        return actions | (bulk.actions() if request.user.has_perm(MANAGE) else {})

    @admin.display(description=columns.CHECK_ALL)
    def action_checkbox(self, rating: Rating) -> SafeString:
        return columns.checkbox(rating)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RatingChangeList]:
        return RatingChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Rating], search_term: str
    ) -> tuple[QuerySet[Rating], bool]:
        """Leave the search to the change list, which searches once for all facets."""
        return queryset, False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rating]:
        return Rating.objects.listed()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list. Its rows begin as question, answer and comment do, so that a page of it needs
        a reason and is logged."""
        if self.has_view_permission(request) and reason_required(request, REVIEW):
            return reason_form_response(request, REVIEW)
        context = saved_filters.saved_filters_context(request) | (extra_context or {})
        response: HttpResponse = super().changelist_view(request, context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and shown["cl"].result_list:
            log_list_access(request, StaffAccess.Purpose.REVIEW, filters_text(request.GET))
        return response

    @method_decorator(require_safe)
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One rated answer in its conversation, with the decision form. Logs the access."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rating = rating_or_404(object_id)
        if reason_required(request, REVIEW):
            return reason_form_response(request, REVIEW)
        log_access(self, request, rating)
        context = self.admin_site.each_context(request) | rating_context(request, rating)
        context |= decide.decision_context(self, request, rating)
        context |= (
            queue_neighbours(request, rating.review)
            if queue_order(request)
            else list_neighbours(self, request, rating)
        )
        context |= {"opts": self.opts, "title": _("Rated answer")}
        response = TemplateResponse(request, "admin/feedback/rating/review.html", context)
        response["Speculation-Rules"] = f'"{reverse("admin:feedback_rating_ahead")}"'
        return response


def log_access(admin: ModelAdmin, request: HttpRequest, rating: Rating) -> None:
    """Log that the reviewer was sent a rated answer, and mark its mentions read.

    A page that says it is prefetched was sent like any other, whether it is looked at or not; it
    marks nothing, since the reviewer comes to it later.
    """
    reviewer = current_reviewer(request)
    order = queue_order(request)
    StaffAccess.objects.record(
        reviewer,
        rating,
        purpose=StaffAccess.Purpose.QUEUE if order else StaffAccess.Purpose.REVIEW,
        filters=f"queue={order}" if order else filters_text(list_query(admin, request)),
        reason=reason_of(request, REVIEW),
    )
    if not request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        Mention.objects.filter(to=reviewer, review__rating=rating).mark_read()


def rating_context(request: HttpRequest, rating: Rating) -> dict[str, Any]:
    """Return template context: the rated answer, and what is known about it."""
    answer, delivery, reviewer = rating.message, delivery_of(rating), current_reviewer(request)
    return {
        "rating": rating,
        "original": rating,
        "thumb": columns.THUMBS[rating.value],
        "person_name": rating.user.name_for(reviewer),
        "sees_names": reviewer.sees_names,
        "thread": thread_of(answer),
        "reading": settings.STAFF_ACCESS,
        "facts": answer_facts(answer),
        "version": answer.prompt_version,
        "delivery": delivery,
        "delivery_meaning": delivery_description(delivery, answer),
        "origin_note": origin_note(answer),
        "request_page": request_page(answer),
        "signals_seen": signals_of(answer),
        "may_retry": deliveries.may_retry(request),
    }
