"""The list of rated answers: which are on the page, what a row carries, and the ones beside one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.admin.asked import person_of
from feedback.admin.counts import MOST, Sample
from feedback.admin.period import is_short
from feedback.admin.planning import for_the_first_rows
from feedback.models import Rating

# Characters: enough for what a row shows, and never a whole answer.
START = 300


class RatedAnswers(ChangeList):
    """In the order in which answers were first rated: a thumb that turns keeps its place, so that
    a list doesn't shift under who works through it, and every index can have this order."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request, self.viewer = request, person_of(request)
        self.samples = dict[str, Sample]()
        super().__init__(request, *args, **kwargs)
        self.title = _("Rated answers")

    @property
    def oldest_first(self) -> bool:
        return not self.params.get(ORDER_VAR, "-").startswith("-")

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """By age alone, whatever the column's number: it depends on who looks, and an address
        is shared. Another order needs a name of its own in the address, and its own index."""
        return self.in_order(self.oldest_first)

    def in_order(self, oldest_first: bool, without: Sequence[str | None] = ()) -> list[str]:
        """By id, which all indexes know; by time, which is the same, where few days are chosen."""
        by_time = "since" not in without and is_short(self.params)
        order = ["created_at", "pk"] if by_time else ["pk"]
        return order if oldest_first else [f"-{name}" for name in order]

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

    def sample_for(self, spec: Any) -> Sample:
        """What the numbers beside one filter count: all that the other filters leave."""
        active = spec.expected_parameters() if spec and spec.used_parameters else []
        known = ",".join(active)
        if known not in self.samples:
            ratings = self.get_queryset(self.request, exclude_parameters=active or None)
            ratings = ratings.order_by(*self.in_order(oldest_first=False, without=active))
            columns = [getattr(one, "column", "") for one in self.filter_specs]
            self.samples[known] = Sample(ratings, [spec.column] if active else columns)
        return self.samples[known]

    @property
    def note(self) -> str:
        """Of what the numbers beside the filters are, in words."""
        ratings = self.sample_for(None)
        if not ratings.is_whole:
            words = _("More than %(most)s match. The numbers are of the newest %(most)s.")
            return words % {"most": localize(MOST)}
        found = ngettext("%(n)s matches.", "%(n)s match.", len(ratings.pks))
        return found % {"n": localize(len(ratings.pks))}


class Unlisted(RatedAnswers):
    """The same list, neither counted nor fetched."""

    def get_results(self, request: HttpRequest) -> None:
        return


class Beside(Unlisted):
    """Only to find the next and the previous."""

    def next(self, rating: Rating) -> int | None:
        return self._first(rating, later=self.oldest_first)

    def previous(self, rating: Rating) -> int | None:
        return self._first(rating, later=not self.oldest_first)

    def _first(self, rating: Rating, later: bool) -> int | None:
        side, order = "gt" if later else "lt", self.in_order(oldest_first=later)
        beside, at = {f"pk__{side}": rating.pk}, {f"created_at__{side}e": rating.created_at}
        nearest = self.queryset.filter(**beside)
        if len(order) > 1:
            same = Q(created_at=rating.created_at, **beside)
            nearest = self.queryset.filter(
                Q(**{f"created_at__{side}": rating.created_at}) | same, **at
            )
        with for_the_first_rows():
            pk: int | None = nearest.order_by(*order).values_list("pk", flat=True).first()
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
            "created_at",
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
