"""The change list of the rated answers: pages, neighbours, facets, and what a row carries."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, ChangeList
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.admin.changelist import columns
from feedback.admin.changelist.facets import SAMPLE_SIZE, Sample
from feedback.database import first_rows_query, in_array
from feedback.list_index import query
from feedback.models import Rating, Review
from feedback.permissions import current_reviewer

# Characters of a text that are read for a row.
EXCERPT_LENGTH = 300
# Known ids that are looked up at once.
ID_BATCH = 2_000
# Value of `o` for the order by signals; any other value means the order by age.
BY_SIGNALS = "-signals"
# Value of `p`: the rating that the page comes after or before.
CURSOR = re.compile("(after|before)-([0-9]{1,18})")


class Page(NamedTuple):
    """Ids of one page in the list's order."""

    ids: list[int]
    has_previous: bool
    has_next: bool


class RatingChangeList(ChangeList):
    """Rated answers by age (by id) or by signals, one page at a time.

    A page begins after a rating instead of after a number of rows, and nothing counts what is
    filtered, so that a page takes as long at the end as at the start. A thumb that turns keeps its
    place. Rows are fetched on access only: an export needs the queryset alone.
    """

    full_result_count = None
    show_full_result_count = can_show_all = False
    show_admin_actions = True

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

    @property
    def by_signals(self) -> bool:
        return bool(settings.IMPLICIT_FEEDBACK) and self.params.get(ORDER_VAR) == BY_SIGNALS

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Order by age, whatever column number the URL has: column numbers depend on the reviewer,
        and URLs are shared. The order by signals is served by the index `reviews_by_signals`."""
        if self.by_signals:
            return [F("review__signals").desc(), F("review__rating_id").desc()]
        return ["pk" if self.oldest_first else "-pk"]

    def get_ordering_field_columns(self) -> dict[int, Any]:
        if self.by_signals:
            return {}
        return {list(self.list_display).index(columns.when): "asc" if self.oldest_first else "desc"}

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any]:
        ratings = self.filtered(exclude_parameters)
        return ratings.filter(self.searched.condition) if self.query else ratings

    def filtered(self, exclude_parameters: list[str | None] | None = None) -> QuerySet[Any]:
        """Return the filtered ratings, without the search. By signals only those with a review,
        which all have: no index serves an outer join."""
        ratings = super().get_queryset(self.request, exclude_parameters)
        return ratings.filter(review__isnull=False) if self.by_signals else ratings

    @cached_property
    def searched(self) -> query.Found:
        """Result of the search, looked up once for all facets."""
        return query.matching(self.query, self.viewer.sees_names)

    def get_results(self, request: HttpRequest) -> None:
        """Leave the rows to the properties below."""

    @cached_property
    def result_list(self) -> list[Rating]:
        found = row_queryset().in_bulk(self.page.ids)
        shown = [found[pk] for pk in self.page.ids if pk in found]
        for row in shown:
            row.person_name = row.user.name_for(self.viewer)  # type: ignore[attr-defined]
        return shown

    @cached_property
    def result_count(self) -> int:  # type: ignore[override]
        """Number of rows on this page; of all that match where `multi_page` is false."""
        return len(self.result_list)

    @cached_property
    def multi_page(self) -> bool:  # type: ignore[override]
        return self.page.has_previous or self.page.has_next

    @cached_property
    def page(self) -> Page:
        """The page that `p` names. The first one where `p` makes no sense, where nothing comes
        after the cursor, and where less than a page comes before it."""
        size, cursor = self.list_per_page, CURSOR.fullmatch(self.request.GET.get(PAGE_VAR, ""))
        if cursor:
            backwards, pk = cursor[1] == "before", int(cursor[2])
            ids = self.ids(size + 1, pk, backwards)
            more = len(ids) > size
            if backwards and more:
                return Page(ids[:size][::-1], has_previous=True, has_next=True)
            if ids and not backwards:
                return Page(ids[:size], has_previous=True, has_next=more)
        ids = self.ids(size + 1)
        return Page(ids[:size], has_previous=False, has_next=len(ids) > size)

    @property
    def previous_page(self) -> str:
        """Query string of the page before this one; empty where there is none."""
        ids = self.page.ids
        cursor = {PAGE_VAR: f"before-{ids[0]}"} if self.page.has_previous else {}
        return self.get_query_string(cursor) if cursor else ""

    @property
    def next_page(self) -> str:
        ids = self.page.ids
        cursor = {PAGE_VAR: f"after-{ids[-1]}"} if self.page.has_next else {}
        return self.get_query_string(cursor) if cursor else ""

    def next(self, rating: Rating) -> int | None:
        return next(iter(self.ids(1, rating.pk)), None)

    def previous(self, rating: Rating) -> int | None:
        return next(iter(self.ids(1, rating.pk, backwards=True)), None)

    def ids(
        self, limit: int, beyond: int | None = None, backwards: bool = False, without: Any = None
    ) -> list[int]:
        """Return the first ids in the list's order; beyond a rating, where one is given, and
        backwards from it, nearest first. Without one of the filters, where one is given."""
        ratings = self.filtered(without.expected_parameters() if without else None)
        ratings = ratings.reverse() if backwards else ratings
        found = list[int]()
        for part in self.ranges(beyond, backwards):
            with first_rows_query():
                pks = ratings.filter(part).values_list("pk", flat=True)
                found += pks[: limit - len(found)]
            if len(found) == limit:
                break
        return found

    def ranges(self, beyond: int | None, backwards: bool) -> list[Q]:
        """Conditions for one part of the list after the other: of what is searched, and of what
        comes beyond a rating. Ids that are known are looked up some at a time: no query sorts what
        isn't shown."""
        ids = self.searched.ids if self.query else None
        if ids is None or self.by_signals:
            parts = [Q()] if beyond is None else self.beyond(beyond, backwards)
            return [self.searched.condition & part for part in parts] if self.query else parts
        descending = self.oldest_first == backwards
        ids = sorted(ids, reverse=descending)
        if beyond is not None:
            ids = [pk for pk in ids if (pk < beyond if descending else pk > beyond)]
        return [Q(pk__in=in_array(ids[at : at + ID_BATCH])) for at in range(0, len(ids), ID_BATCH)]

    def beyond(self, pk: int, backwards: bool) -> list[Q]:
        """Conditions that together are true of what comes after a rating, in the list's order;
        each is one range of an index."""
        side = "gt" if self.oldest_first != backwards else "lt"
        if not self.by_signals:
            return [Q((f"pk__{side}", pk))]
        score = Review.objects.filter(rating=pk).values_list("signals", flat=True).first() or 0
        alike = Q((f"review__rating__{side}", pk), review__signals=score)
        return [alike, Q((f"review__signals__{side}", score))]

    def sample_for(self, spec: Any) -> Sample:
        """Return the ratings that one filter's facets count: those that the other filters leave."""
        active = spec if spec and spec.used_parameters else None
        known = active.title if active else ""
        if known not in self.samples:
            names = [getattr(one, "column", "") for one in self.filter_specs]
            pks = self.ids(SAMPLE_SIZE + 1, without=active)
            self.samples[known] = Sample(pks, [active.column] if active else names)
        return self.samples[known]

    @property
    def note(self) -> str:
        """Sentence on what the facets count."""
        ratings = self.sample_for(None)
        if not ratings.is_whole:
            words = _("More than %(most)s match. The numbers are of the first %(most)s.")
            return words % {"most": localize(SAMPLE_SIZE)}
        found = ngettext("%(n)s answer", "%(n)s answers", len(ratings.pks))
        return found % {"n": localize(len(ratings.pks))}

    @property
    def search_is_cut(self) -> bool:
        return query.is_cut(self.query, self.viewer.sees_names)


def row_queryset() -> QuerySet[Rating]:
    """Return ratings with what a row shows and nothing else, in two queries."""
    return (
        Rating.objects.undeleted()
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
            "origin",
            "review__status",
            "review__verdict",
            "review__assignee__username",
            "message__model",
            "message__prompt_version__number",
            "message__prompt_version__assistant__name",
        )
        .annotate(
            answer_start=Left("message__text", EXCERPT_LENGTH),
            question_start=Left("message__parent__text", EXCERPT_LENGTH),
            comment_start=Left("comment", EXCERPT_LENGTH),
        )
        .prefetch_related("reasons")
    )
