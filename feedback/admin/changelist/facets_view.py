"""Facets of the list as JSON, which the page fetches once it is shown."""

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
from feedback.admin.changelist.facets import FACETS_VAR
from feedback.staff_access.guard import REVIEW, reason_required

NOTHING: dict[str, Any] = {"numbers": {}, "note": ""}


@method_decorator(require_safe)
def facet_counts(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Return `numbers` by option, formatted, and a `note` on what is counted."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if reason_required(request, REVIEW):  # the number of matches reveals text as well
        return JsonResponse(NOTHING)
    list_request: Any = copy(request)
    list_request.GET = request.GET.copy()
    list_request.GET[FACETS_VAR] = "1"
    try:
        changelist: Any = admin.get_changelist_instance(list_request)
    except IncorrectLookupParameters:
        return JsonResponse(NOTHING)
    choices = [choice for spec in changelist.filter_specs for choice in spec.choices(changelist)]
    numbers = {
        choice["key"]: localize(choice["number"])
        for choice in choices
        if choice["number"] is not None
    }
    return JsonResponse({"numbers": numbers, "note": changelist.note})


ROUTES: list[Route] = [("counts.json", facet_counts, "counts")]
