"""Filters of the list of rated answers. Each is one parameter of the URL, which can be shared.

No filter joins a table that would list a rating twice, and none reads the ratings for its options,
so that the number of ratings doesn't matter.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from chatapp.models import Assistant, Origin, PromptVersion, User
from feedback.admin.changelist.facets import Sample
from feedback.models import Delivery, Rating, Reason
from feedback.permissions import current_reviewer

Options = Iterable[tuple[str, Any]]
Ratings = QuerySet[Rating]
# Number of prompt versions offered before an assistant is chosen.
MAX_VERSIONS = 30
REASON_ORDER = ("value", "position", "label")


class ChoiceFilter(admin.SimpleListFilter, ABC):
    """Filter by one of some options; a value that is none of them finds nothing.

    `column` is what the facets are counted by. `prefix` leads from a rating to the row that
    `condition` is true of.
    """

    parameter_name: str
    template = "admin/feedback/rating/filter.html"
    column = ""
    prefix = ""
    any_label = lazy("All")

    @abstractmethod
    def options(self, request: HttpRequest) -> Options:
        """Return value and label of each option."""

    def condition(self, value: str) -> dict[str, Any]:
        """Return the lookups that are true of the rows with an option's value."""
        return {self.parameter_name: value}

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(
            **{self.prefix + name: one for name, one in self.condition(value).items()}
        )

    def is_option(self, value: str) -> bool:
        return value in {str(choice) for choice, _label in self.lookup_choices}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Options:
        """Return the options, read once a request: the facets of an active filter are counted in a
        list without it, for which Django makes all filters again."""
        known: dict[str, Options] = request.known_choices  # type: ignore[attr-defined]
        if self.parameter_name not in known:
            known[self.parameter_name] = list(self.options(request))
        return known[self.parameter_name]

    def queryset(self, request: HttpRequest, queryset: Ratings) -> Ratings:
        value = self.value()
        if value is None:
            return queryset
        return self.narrow(queryset, value) if self.is_option(value) else queryset.none()

    def has_output(self) -> bool:
        return bool(self.lookup_choices) or self.value() is not None

    def options_of(self, cell: Any) -> Iterable[str]:
        """Return the values of the options that a value of the column belongs to."""
        return [str(cell)]

    def facet_counts(self, sample: Sample) -> Mapping[str, int]:
        return sample.counts(self)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield the options for the template. `number` is None without facets, and where there
        may be some beyond the sample."""
        sample = changelist.sample_for(self) if changelist.add_facets else None
        numbers = self.facet_counts(sample) if sample else {}
        unseen = 0 if sample and sample.is_whole else None
        for value, label in [(None, self.any_label), *self.lookup_choices]:
            chosen = {self.parameter_name: value} if value else {}
            yield {
                "selected": self.value() == (str(value) if value else None),
                "query_string": changelist.get_query_string(chosen, [self.parameter_name]),
                "display": label,
                "key": f"{self.parameter_name}={value}" if value else "",
                "number": numbers.get(str(value), unseen) if value else None,
            }


class ThumbFilter(ChoiceFilter):
    title, parameter_name, column = lazy("thumb"), "thumb", "value"
    VALUES = {"up": 1, "down": -1, "withdrawn": None}

    def options(self, request: HttpRequest) -> Options:
        return [
            ("down", _("thumbs down")),
            ("up", _("thumbs up")),
            ("withdrawn", _("withdrawn")),
        ]

    def condition(self, value: str) -> dict[str, Any]:
        return {"value": self.VALUES[value]}

    def options_of(self, cell: Any) -> Iterable[str]:
        return [name for name, value in self.VALUES.items() if value == cell]


class ReasonFilter(ChoiceFilter):
    title, parameter_name = lazy("reason"), "reason"

    def options(self, request: HttpRequest) -> Options:
        return [
            (reason.slug, reason_label(reason)) for reason in Reason.objects.order_by(*REASON_ORDER)
        ]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        """Filter by the reason's id, which an index lists with the newest ratings."""
        reason = Reason.objects.get(slug=value)
        given = Rating.reasons.through.objects.filter(reason=reason)
        return ratings.filter(pk__in=given.values("rating"))

    def facet_counts(self, sample: Sample) -> Mapping[str, int]:
        return sample.reasons()


class CommentFilter(ChoiceFilter):
    title, parameter_name, column = lazy("comment"), "comment", "has_comment"

    def options(self, request: HttpRequest) -> Options:
        return [("yes", _("with a comment")), ("no", _("without a comment"))]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.exclude(comment="") if value == "yes" else ratings.filter(comment="")

    def options_of(self, cell: Any) -> Iterable[str]:
        return ["yes" if cell else "no"]


class AssistantFilter(ChoiceFilter):
    title, parameter_name, column = lazy("assistant"), "assistant", "assistant__slug"

    def options(self, request: HttpRequest) -> Options:
        return list(Assistant.objects.values_list("slug", "name"))

    def condition(self, value: str) -> dict[str, Any]:
        return {"assistant": Assistant.objects.get(slug=value)}


class VersionFilter(ChoiceFilter):
    title, parameter_name, column = lazy("prompt version"), "version", "version_id"

    def options(self, request: HttpRequest) -> Options:
        """Return the versions of the chosen assistant; of all, where they are few enough."""
        versions = PromptVersion.objects.select_related("assistant").defer("instructions")
        assistant, chosen = request.GET.get("assistant"), self.value() or ""
        if assistant:
            versions = versions.filter(assistant__slug=assistant)
        offered = list(versions[: MAX_VERSIONS + 1])
        if len(offered) > MAX_VERSIONS and not assistant:
            offered = []
        if chosen.isdecimal() and chosen not in {str(version.pk) for version in offered}:
            offered += versions.filter(pk=chosen)
        return [(str(version.pk), str(version)) for version in offered]

    def condition(self, value: str) -> dict[str, Any]:
        return {"version": int(value)}


class ModelFilter(ChoiceFilter):
    title, parameter_name, column = lazy("model"), "model", "model"

    def options(self, request: HttpRequest) -> Options:
        """Return the models of all prompt versions: an answer's model is its version's."""
        models = PromptVersion.objects.order_by("model").values_list("model", flat=True)
        return [(model, model) for model in models.distinct()]


class DeliveryFilter(ChoiceFilter):
    title, parameter_name = lazy("delivery to Helicone"), "delivery"
    prefix, column = "delivery__", "delivery__state"

    def options(self, request: HttpRequest) -> Options:
        return Delivery.State.choices

    def condition(self, value: str) -> dict[str, Any]:
        return {"state": value}


class UserFilter(ChoiceFilter):
    """Guests or signed-up users; or one user by id, which the page of a rated answer links to."""

    title, parameter_name, column = lazy("person"), "person", "by_guest"

    def options(self, request: HttpRequest) -> Options:
        offered = [("guest", _("guests")), ("signed-up", _("signed up"))]
        if (chosen := self.value() or "").isdecimal() and len(chosen) < 19:
            viewer = current_reviewer(request)
            users = User.objects.filter(pk=int(chosen))
            offered += [(chosen, one.name_for(viewer)) for one in users]
        return offered

    def condition(self, value: str) -> dict[str, Any]:
        return {"user": int(value)} if value.isdecimal() else {"by_guest": value == "guest"}

    def options_of(self, cell: Any) -> Iterable[str]:
        return ["guest" if cell else "signed-up"]


class OriginFilter(ChoiceFilter):
    """Real, sandbox or demo, offered where some rated answer isn't real. Without a choice the list
    has what the numbers count, so that it has as many answers as they say."""

    title, parameter_name, column = lazy("origin"), "origin", "origin"
    any_label = lazy("What counts")

    def options(self, request: HttpRequest) -> Options:
        is_needed = self.value() or Rating.objects.exclude(origin=Origin.REAL).exists()
        return Origin.choices if is_needed else []

    def queryset(self, request: HttpRequest, queryset: Ratings) -> Ratings:
        if self.value() is None and self.lookup_choices:
            return queryset.filter(origin__in=Origin.counted())
        return super().queryset(request, queryset)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield the options. No zeros: what doesn't count is not in the sample."""
        for choice in super().choices(changelist):
            yield choice | {"number": choice["number"] or None}


def reason_label(reason: Reason) -> str:
    side = _("up") if reason.value == 1 else _("down")
    return f"{side}: {reason}" + (_(" (retired)") if reason.is_retired else "")
