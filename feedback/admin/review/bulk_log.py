"""What was changed in bulk: to find an unfinished one again, or one to undo."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from chatapp.admin.base import ReadOnlyAdmin
from feedback.admin.review.decision_form import CHOICES, words
from feedback.admin.review.navigation import MANAGE
from feedback.models import BulkChange, ReviewChange


@admin.register(BulkChange)
class BulkChangeAdmin(ReadOnlyAdmin):
    list_display = ["at", "what", "by", "total", "done", "changed"]
    list_select_related = ["by"]

    @admin.display(description=lazy("what"))
    def what(self, bulk: BulkChange) -> str:
        if bulk.undoes:
            return _("undoing")
        return ", ".join(
            f"{ReviewChange.Field(field).label}: {words(CHOICES, field, text) or '–'}"
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
