"""Before the words of rated answers are shown: what for, where that is asked; and the log of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from feedback.admin.generic import ModelAdmin
from feedback.admin.review.navigation import order_of
from feedback.models import StaffAccess
from feedback.staff_access.guard import (
    REVIEW,
    note_list,
    reason_form_response,
    reason_of,
    reason_required,
)

Purpose = StaffAccess.Purpose


class Logged(ModelAdmin):
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The rows begin as question, answer and comment do: a page of them is a reading."""
        if self.has_view_permission(request) and reason_required(request, REVIEW):
            return reason_form_response(request, REVIEW)
        response: HttpResponse = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and shown["cl"].result_list:
            note_list(request, Purpose.REVIEW, request.GET.urlencode())
        return response

    def read_for(self, request: HttpRequest) -> dict[str, str]:
        """For the log: through the queue or through which list, and what was said on the way."""
        reason = reason_of(request, REVIEW)
        if order := order_of(request):
            return {"purpose": Purpose.QUEUE, "filters": f"queue={order}", "reason": reason}
        kept = QueryDict(self.get_preserved_filters(request)).get("_changelist_filters", "")
        filters = QueryDict(kept).urlencode()
        return {"purpose": Purpose.REVIEW, "filters": filters, "reason": reason}
