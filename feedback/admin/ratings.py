"""The rated answers in the admin: the list, one answer in its conversation, another delivery."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from feedback.admin.changelist import filters, review_filters
from feedback.admin.changelist.changelist import RatedAnswers
from feedback.admin.changelist.columns import THUMBS, Columns
from feedback.admin.changelist.date_filter import ByPeriod
from feedback.admin.changelist.facets_view import Counted
from feedback.admin.changelist.saved_filters import Saved
from feedback.admin.export import Exports
from feedback.admin.insights import Numbers
from feedback.admin.logged import Logged
from feedback.admin.retry import may_retry, retry
from feedback.admin.review.bulk import Bulk
from feedback.admin.review.navigation import current_reviewer, order_of
from feedback.admin.review.state_labels import delivery_of, facts, meaning, request_page
from feedback.admin.review.thread import thread_of
from feedback.models import Mention, Rating, StaffAccess
from feedback.models.implicit_feedback import signals_of
from feedback.staff_access.guard import REVIEW, reason_form_response, reason_required


@admin.register(Rating)
class RatingAdmin(Columns, Logged, Saved, Counted, Numbers, Exports, Bulk):
    """Nobody edits what a person said; what the team makes of it is the desk's."""

    list_display = ["thumb", "asked", "why", "when", "reviewed", "delivered"]
    list_display_links = ["thumb", "asked"]
    list_filter = [
        filters.ByThumb,
        filters.ByReason,
        filters.ByComment,
        ByPeriod,
        filters.ByAssistant,
        filters.ByVersion,
        filters.ByModel,
        review_filters.ByStatus,
        review_filters.ByAssignee,
        review_filters.ByVerdict,
        review_filters.ByCategory,
        review_filters.ByDrift,
        filters.ByDelivery,
        filters.ByPerson,
    ]
    search_fields = ["comment"]
    search_help_text = lazy(
        "Words of the question, the answer or the comment; a person; or a whole helicone-id. "
        "Of very long texts only the beginning is searched."
    )
    sortable_by = ["when"]
    ordering = ["-pk"]
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.ALLOW
    actions = ["retry_delivery"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Rating | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Rating | None = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return may_retry(request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RatedAnswers]:
        return RatedAnswers

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Rating], search_term: str
    ) -> tuple[QuerySet[Rating], bool]:
        """Leave the search to the change list, which knows what it found from one facet to the next."""
        return queryset, False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rating]:
        return Rating.objects.listed()

    @admin.action(description=lazy("Retry delivery to Helicone"), permissions=["retry"])
    def retry_delivery(self, request: HttpRequest, ratings: QuerySet[Rating]) -> None:
        self.say_so(request, retry(ratings))

    def say_so(self, request: HttpRequest, due: int) -> None:
        words = ngettext(
            "%d rating is due again: it is looked at, and sent where Helicone lacks it.",
            "%d ratings are due again: they are looked at, and sent where Helicone lacks them.",
            due,
        )
        self.message_user(request, words % due, messages.SUCCESS if due else messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.retry_view)
        return [
            path("<path:object_id>/retry/", view, name="feedback_rating_retry"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not (may_retry(request) and self.has_view_permission(request)):
            raise PermissionDenied
        rating = self.load(object_id)
        self.say_so(request, retry(Rating.objects.filter(pk=rating.pk)))
        self.log_change(request, rating, [{"changed": {"name": "delivery", "object": "retry"}}])
        kept = self.get_preserved_filters(request)
        url = reverse("admin:feedback_rating_change", args=[rating.pk])
        return redirect(f"{url}?{kept}" if kept else url)

    def load(self, object_id: str) -> Rating:
        ratings = Rating.objects.undeleted().select_related(
            "user",
            "delivery",
            "review__category",
            "review__lease_holder",
            "message__conversation__assistant",
            "message__prompt_version__assistant",
        )
        pk = unquote(object_id)
        rating = ratings.filter(pk=int(pk)).first() if pk.isdecimal() else None
        if rating is None:
            raise Http404
        return rating

    @method_decorator(require_safe)
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One rated answer, as the person saw it, and how it came about."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rating = self.load(object_id)
        if reason_required(request, REVIEW):
            return reason_form_response(request, REVIEW)
        ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
        StaffAccess.objects.record(
            current_reviewer(request), rating, ahead, **self.read_for(request)
        )
        if not ahead:
            Mention.objects.filter(to=current_reviewer(request), review__rating=rating).mark_read()
        context = self.admin_site.each_context(request)
        context |= self.evidence(request, rating) | self.decision(request, rating)
        in_queue = bool(order_of(request))
        context |= self.around(request, rating.review) if in_queue else self.beside(request, rating)
        context |= {"opts": self.opts, "may_retry": may_retry(request), "title": _("Rated answer")}
        response = TemplateResponse(request, "admin/feedback/rating/review.html", context)
        response["Speculation-Rules"] = f'"{reverse("admin:feedback_rating_ahead")}"'
        return response

    def evidence(self, request: HttpRequest, rating: Rating) -> dict[str, Any]:
        answer, delivery = rating.message, delivery_of(rating)
        return {
            "rating": rating,
            "original": rating,
            "thumb": THUMBS[rating.value],
            "person_name": rating.user.name_for(current_reviewer(request)),
            "sees_names": current_reviewer(request).sees_names,
            "thread": thread_of(answer),
            "reading": settings.STAFF_ACCESS,
            "facts": facts(answer),
            "version": answer.prompt_version,
            "delivery": delivery,
            "delivery_meaning": meaning(delivery),
            "request_page": request_page(answer.helicone_id),
            "signals_seen": signals_of(answer),
        }

    def beside(self, request: HttpRequest, rating: Rating) -> dict[str, Any]:
        """The next and the previous in the list that the reviewer came from."""
        kept = self.get_preserved_filters(request)
        asked = copy(request)
        asked.GET = QueryDict(QueryDict(kept).get("_changelist_filters", ""))
        here = {"preserved_filters": kept, "list_filters": asked.GET.urlencode()}
        try:
            rows = self.get_changelist_instance(asked)
        except IncorrectLookupParameters:
            return here
        assert isinstance(rows, RatedAnswers)  # noqa: S101
        return {**here, "next": rows.next(rating), "previous": rows.previous(rating)}
