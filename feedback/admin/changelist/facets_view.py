"""The numbers beside the filters, on their own: a page is there before they are."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.formats import localize
from django.views.decorators.http import require_safe

from chatapp.admin.base import ModelAdmin, Route
from feedback.admin.changelist.facets import SHOWN
from feedback.staff_access.guard import REVIEW, reason_required

NOTHING: dict[str, Any] = {"numbers": {}, "note": ""}


@method_decorator(require_safe)
def facet_counts(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """`numbers` by choice, in words of the reader's language; of what they are, as `note`."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if reason_required(request, REVIEW):  # how many match a word tells whether somebody said it
        return JsonResponse(NOTHING)
    asked: Any = copy(request)
    asked.GET = request.GET.copy()
    asked.GET[SHOWN] = "1"
    try:
        found: Any = admin.get_changelist_instance(asked)
    except IncorrectLookupParameters:
        return JsonResponse(NOTHING)
    choices = [choice for spec in found.filter_specs for choice in spec.choices(found)]
    numbers = {
        choice["key"]: localize(choice["number"])
        for choice in choices
        if choice["number"] is not None
    }
    return JsonResponse({"numbers": numbers, "note": found.note})


ROUTES: list[Route] = [("counts.json", facet_counts, "counts")]
