"""The numbers beside the filters, on their own: a page is there before they are."""

from __future__ import annotations

from copy import copy
from time import monotonic
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import localize
from django.views.decorators.http import require_safe

from feedback.admin.changelist.changelist import Unlisted
from feedback.admin.changelist.facets import SHOWN
from feedback.admin.generic import ModelAdmin
from feedback.staff_access.guard import REVIEW, reason_required

# Seconds after which an answer leaves the rest to the next one.
ENOUGH = 0.08
NOTHING: dict[str, Any] = {"numbers": {}, "note": "", "left": []}


class Counted(ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.counts_view)
        return [path("counts.json", view, name="feedback_rating_counts"), *super().get_urls()]

    @method_decorator(require_safe)
    def counts_view(self, request: HttpRequest) -> HttpResponse:
        """`numbers` by choice, in words of the reader's language; of what they are, as `note`.

        Beside a filter that is chosen, numbers are of a list without it, which has to be found.
        `left` names the filters whose numbers are still to be asked for, as `beside`.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        if reason_required(request, REVIEW):  # how many match a word tells whether somebody said it
            return JsonResponse(NOTHING)
        until = monotonic() + ENOUGH
        asked: Any = copy(request)
        asked.GET = request.GET.copy()
        asked.GET[SHOWN] = "1"
        beside = asked.GET.pop("beside", [])
        asked.rows = Unlisted
        try:
            found: Any = self.get_changelist_instance(asked)
        except IncorrectLookupParameters:
            return JsonResponse(NOTHING)
        specs = sorted(found.filter_specs, key=lambda spec: bool(spec.used_parameters))
        specs = [spec for spec in specs if not beside or name_of(spec) in beside]
        numbers, left = dict[str, str](), list[str]()
        for at, spec in enumerate(specs):
            if at and spec.used_parameters and monotonic() > until:
                left = [name_of(one) for one in specs[at:]]
                break
            for choice in spec.choices(found):
                if choice["number"] is not None:
                    numbers[choice["key"]] = localize(choice["number"])
        note = "" if beside else found.note
        return JsonResponse({"numbers": numbers, "note": note, "left": left})


def name_of(spec: Any) -> str:
    return str(spec.expected_parameters()[0])
