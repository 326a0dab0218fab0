"""The list of rated answers with the most negative signals first: `?o=-signals`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from feedback.admin.changelist.changelist import Beside, RatedAnswers
from feedback.admin.changelist.planning import for_the_first_rows
from feedback.models import Rating

NAME = "-signals"


def is_asked(request: HttpRequest) -> bool:
    return bool(settings.IMPLICIT_FEEDBACK) and request.GET.get(ORDER_VAR) == NAME


class BySignals(RatedAnswers):
    """Of the same score the newest rating comes first. Served by the index `reviews_by_signals`."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any]:
        """Only what has a review, which all have: an index serves no join that may find nothing."""
        ratings = super().get_queryset(request, exclude_parameters)
        return ratings.filter(review__isnull=False)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return [F("review__signals").desc(), F("review__rating_id").desc()]

    def get_ordering_field_columns(self) -> dict[int, Any]:
        return {}

    def first(self, many: int) -> list[int]:
        with for_the_first_rows():
            return list(self.queryset.values_list("pk", flat=True)[:many])


class BesideBySignals(BySignals, Beside):
    def next(self, rating: Rating) -> int | None:
        return self._beside(rating, "lt", ["-review__signals", "-pk"])

    def previous(self, rating: Rating) -> int | None:
        return self._beside(rating, "gt", ["review__signals", "pk"])

    def _beside(self, rating: Rating, side: str, order: list[str]) -> int | None:
        score = rating.review.signals
        beyond = Q(**{f"review__signals__{side}": score})
        beyond |= Q(**{"review__signals": score, f"pk__{side}": rating.pk})
        at = {f"review__signals__{side}e": score}
        rows = self.queryset.filter(beyond, **at).order_by(*order)
        pk: int | None = rows.values_list("pk", flat=True).first()
        return pk


ALSO: dict[type[RatedAnswers], type[RatedAnswers]] = {
    RatedAnswers: BySignals,
    Beside: BesideBySignals,
}
