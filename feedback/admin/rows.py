"""The list of rated answers: which are on the page, what a row carries, and the ones beside one."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils.translation import gettext as _

from feedback.models import Rating

# Characters: enough for what a row shows, and never a whole answer.
START = 300


class RatedAnswers(ChangeList):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.viewer = args[0].user
        super().__init__(*args, **kwargs)
        self.title = _("Rated answers")

    @property
    def oldest_first(self) -> bool:
        return not self.params.get(ORDER_VAR, "-").startswith("-")

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """By time alone, whatever the column's number: it depends on who looks, and an address
        is shared. Of the same instant, by id in the same direction, which an index serves."""
        return ["updated_at", "pk"] if self.oldest_first else ["-updated_at", "-pk"]

    def get_ordering_field_columns(self) -> dict[int, Any]:
        return {list(self.list_display).index("when"): "asc" if self.oldest_first else "desc"}

    def get_results(self, request: HttpRequest) -> None:
        """The paginator chose by id, so that the database sorts ids instead of texts."""
        super().get_results(request)
        chosen = self.paginator.get_page(self.page_num).object_list
        found = rows().in_bulk(chosen)
        self.result_list = [found[pk] for pk in chosen if pk in found]
        for row in self.result_list:
            row.person_name = row.user.name_for(self.viewer)


class Beside(RatedAnswers):
    """The same list, neither counted nor fetched: only to find the next and the previous."""

    def get_results(self, request: HttpRequest) -> None:
        return

    def next(self, rating: Rating) -> int | None:
        return self._first(rating, later=self.oldest_first)

    def previous(self, rating: Rating) -> int | None:
        return self._first(rating, later=not self.oldest_first)

    def _first(self, rating: Rating, later: bool) -> int | None:
        """The nearest in time on one side; of those of the same instant, the nearest by id."""
        side, order = ("gt", "") if later else ("lt", "-")
        at = {f"updated_at__{side}e": rating.updated_at}
        beyond = Q(**{f"updated_at__{side}": rating.updated_at}) | Q(**{f"pk__{side}": rating.pk})
        beside = self.queryset.filter(beyond, **at).order_by(f"{order}updated_at", f"{order}pk")
        pk: int | None = beside.values_list("pk", flat=True).first()
        return pk


def rows() -> QuerySet[Rating]:
    """All that a row shows and nothing else: two queries, however many rows."""
    return (
        Rating.objects.kept()
        .select_related(
            "user", "delivery", "review__assignee", "message__prompt_version__assistant"
        )
        .only(
            "value",
            "updated_at",
            "user__username",
            "user__email",
            "user__is_guest",
            "user__uid",
            "delivery__state",
            "has_drifted",
            "review__status",
            "review__verdict",
            "review__assignee__username",
            "message__model",
            "message__prompt_version__number",
            "message__prompt_version__assistant__name",
        )
        .annotate(
            answer_start=Left("message__text", START),
            question_start=Left("message__parent__text", START),
            comment_start=Left("comment", START),
        )
        .prefetch_related("reasons")
    )
