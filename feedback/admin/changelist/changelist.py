"""The list of rated answers: which are on the page, what a row carries, and the ones beside one."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import InvalidPage
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.admin.changelist.facets import MOST, Sample
from feedback.admin.changelist.index_merge import Part, Searched, first
from feedback.admin.changelist.paging import BoundedPaginator
from feedback.admin.changelist.planning import for_the_first_rows
from feedback.admin.review.navigation import current_reviewer
from feedback.list_index import query
from feedback.list_index.query import matching
from feedback.models import Rating

# Characters: enough for what a row shows, and never a whole answer.
START = 300


class RatedAnswers(ChangeList):
    """In the order in which answers were first rated: a thumb that turns keeps its place, so that
    a list doesn't shift under who works through it, and every index can have this order."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request, self.viewer = request, current_reviewer(request)
        request.known_choices = {}  # type: ignore[attr-defined]
        self.samples = dict[str, Sample]()
        super().__init__(request, *args, **kwargs)
        self.title = _("Rated answers")
        # Looked up once, not for each link: that was a tenth of the page's time.
        url = reverse("admin:feedback_rating_change", args=[0])
        kept: Any = {"preserved_filters": self.preserved_filters, "opts": self.opts}
        self.before_id = url.removesuffix("0/change/")
        self.after_id = "/change/" + add_preserved_filters(kept, url).removeprefix(url)
        self.preserved_filters = ""

    def url_for_result(self, result: Any) -> str:
        return self.before_id + str(result.pk) + self.after_id

    @property
    def oldest_first(self) -> bool:
        return not self.params.get(ORDER_VAR, "-").startswith("-")

    def get_filters(self, request: HttpRequest) -> Any:
        found = super().get_filters(request)
        self.unknown = found[2]
        return found

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """By age alone, whatever the column's number: it depends on who looks, and an address
        is shared. Another order needs a name of its own in the address, and its own index."""
        return ["pk" if self.oldest_first else "-pk"]

    def get_ordering_field_columns(self) -> dict[int, Any]:
        return {list(self.list_display).index("when"): "asc" if self.oldest_first else "desc"}

    def get_results(self, request: HttpRequest) -> None:
        """Ids first, so that the database sorts ids instead of texts; then one page of rows."""
        self.paginator = BoundedPaginator(self.first(BoundedPaginator.MOST + 1), self.list_per_page)
        self.result_count, self.full_result_count = self.paginator.count, None
        self.multi_page = self.paginator.num_pages > 1
        self.show_full_result_count, self.can_show_all = False, False
        self.show_admin_actions = True
        try:
            page = self.paginator.page(self.page_num if self.multi_page else 1)
        except InvalidPage as error:
            raise IncorrectLookupParameters from error
        found = rows().in_bulk(page.object_list)
        self.result_list = [found[pk] for pk in page.object_list if pk in found]
        for row in self.result_list:
            row.person_name = row.user.name_for(self.viewer)

    def first(self, many: int) -> list[int]:
        """Ids of the first ones."""
        return self.walk(many, self.oldest_first)

    def walk(
        self, many: int, oldest_first: bool, but: Any = None, beyond: int | None = None
    ) -> list[int]:
        """Ids in order of age, without one filter and `beyond` an id, where these are given."""
        if self.can_merge:
            parts = [part for spec, ones in self.parts for part in ones if spec is not but]
            walk = self.searched.first if self.searched else first
            return walk(parts, many, oldest_first, beyond)
        ratings = self.queryset
        if but is not None:
            ratings = self.get_queryset(self.request, exclude_parameters=but.expected_parameters())
        if beyond is not None:
            ratings = ratings.filter(**{f"pk__{'gt' if oldest_first else 'lt'}": beyond})
        with for_the_first_rows():
            found = ratings.order_by("pk" if oldest_first else "-pk")
            return list(found.values_list("pk", flat=True)[:many])

    @cached_property
    def parts(self) -> list[tuple[Any, list[Part]]]:
        specs: list[Any] = self.filter_specs
        return [(spec, spec.parts()) for spec in specs]

    @cached_property
    def searched(self) -> Searched | None:
        if not self.query:
            return None
        said = matching(self.query, self.viewer.sees_names)
        return Searched(Rating.objects.filter(said), query.words_alone(said))

    @property
    def can_merge(self) -> bool:
        """Where no word of the address is one that only Django knows."""
        return connection.vendor == "postgresql" and not self.unknown

    def sample_for(self, spec: Any) -> Sample:
        """What the numbers beside one filter count: all that the other filters leave."""
        active = spec if spec and spec.used_parameters else None
        known = active.title if active else ""
        if known not in self.samples:
            columns = [getattr(one, "column", "") for one in self.filter_specs]
            pks = self.walk(MOST + 1, oldest_first=False, but=active)
            self.samples[known] = Sample(pks, [active.column] if active else columns)
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

    @property
    def search_is_cut(self) -> bool:
        return query.is_cut(self.query, self.viewer.sees_names)


class Unlisted(RatedAnswers):
    """The same list, neither counted nor fetched."""

    def get_results(self, request: HttpRequest) -> None:
        return


class Beside(Unlisted):
    """Only to find the next and the previous."""

    def next(self, rating: Rating) -> int | None:
        return self.nearest(rating, later=self.oldest_first)

    def previous(self, rating: Rating) -> int | None:
        return self.nearest(rating, later=not self.oldest_first)

    def nearest(self, rating: Rating, later: bool) -> int | None:
        return next(iter(self.walk(1, oldest_first=later, beyond=rating.pk)), None)


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
