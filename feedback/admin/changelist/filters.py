"""The filters beside the rated answers. Each is one word in the address, which can be shared.

None of them joins a table that would list a rating twice, and none asks the ratings what there
is to choose from: that stays fast however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from chatapp.models import Assistant, PromptVersion, User
from feedback.admin.changelist.facets import Sample
from feedback.models import Delivery, Rating, Reason
from feedback.permissions import current_reviewer

Choices = Iterable[tuple[str, Any]]
Ratings = QuerySet[Rating]
# As many prompt versions as can be offered before an assistant is chosen.
MANY = 30
ORDER = ("value", "position", "label")


class Choice(admin.SimpleListFilter):
    """One of `lookups`; a value that isn't among them finds nothing, rather than everything.

    `column` is what the numbers beside the choices are counted by. `prefix` leads from a rating to
    the row that `wanted` is true of.
    """

    parameter_name: str
    template = "admin/feedback/rating/filter.html"
    column = ""
    prefix = ""

    def offered(self, request: HttpRequest) -> Choices:
        raise NotImplementedError

    def wanted(self, value: str) -> dict[str, Any]:
        """What is true of the rows that a choice leaves."""
        raise NotImplementedError

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(
            **{self.prefix + name: one for name, one in self.wanted(value).items()}
        )

    def knows(self, value: str) -> bool:
        return value in {str(choice) for choice, _words in self.lookup_choices}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Once a list: the numbers beside an active filter are of a list without it, for which all
        filters are made anew."""
        known: dict[str, Choices] = request.known_choices  # type: ignore[attr-defined]
        if self.parameter_name not in known:
            known[self.parameter_name] = list(self.offered(request))
        return known[self.parameter_name]

    def queryset(self, request: HttpRequest, queryset: Ratings) -> Ratings:
        value = self.value()
        if value is None:
            return queryset
        return self.narrow(queryset, value) if self.knows(value) else queryset.none()

    def has_output(self) -> bool:
        return bool(self.lookup_choices) or self.value() is not None

    def chosen_by(self, cell: Any) -> Iterable[str]:
        """The choices that a value of the column belongs to."""
        return [str(cell)]

    def counted(self, sample: Sample) -> Mapping[str, int]:
        return sample.counts(self)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """`number` is None where it isn't asked for, or where there may be some beyond the sample."""
        sample = changelist.sample_for(self) if changelist.add_facets else None
        numbers = self.counted(sample) if sample else {}
        unseen = 0 if sample and sample.is_whole else None
        for value, words in [(None, _("All")), *self.lookup_choices]:
            chosen = {self.parameter_name: value} if value else {}
            yield {
                "selected": self.value() == (str(value) if value else None),
                "query_string": changelist.get_query_string(chosen, [self.parameter_name]),
                "display": words,
                "key": f"{self.parameter_name}={value}" if value else "",
                "number": numbers.get(str(value), unseen) if value else None,
            }


class ByThumb(Choice):
    title, parameter_name, column = lazy("thumb"), "thumb", "value"
    VALUES = {"up": 1, "down": -1, "withdrawn": None}

    def offered(self, request: HttpRequest) -> Choices:
        return [
            ("down", _("thumbs down")),
            ("up", _("thumbs up")),
            ("withdrawn", _("withdrawn")),
        ]

    def wanted(self, value: str) -> dict[str, Any]:
        return {"value": self.VALUES[value]}

    def chosen_by(self, cell: Any) -> Iterable[str]:
        return [name for name, value in self.VALUES.items() if value == cell]


class ByReason(Choice):
    title, parameter_name = lazy("reason"), "reason"

    def offered(self, request: HttpRequest) -> Choices:
        return [(reason.slug, words_of(reason)) for reason in Reason.objects.order_by(*ORDER)]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        """By the reason's id, of which an index knows the newest ratings."""
        reason = Reason.objects.get(slug=value)
        given = Rating.reasons.through.objects.filter(reason=reason)
        return ratings.filter(pk__in=given.values("rating"))

    def counted(self, sample: Sample) -> Mapping[str, int]:
        return sample.reasons()


class ByComment(Choice):
    title, parameter_name, column = lazy("comment"), "comment", "has_comment"

    def offered(self, request: HttpRequest) -> Choices:
        return [("yes", _("with a comment")), ("no", _("without"))]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.exclude(comment="") if value == "yes" else ratings.filter(comment="")

    def chosen_by(self, cell: Any) -> Iterable[str]:
        return ["yes" if cell else "no"]


class ByAssistant(Choice):
    title, parameter_name, column = lazy("assistant"), "assistant", "assistant__slug"

    def offered(self, request: HttpRequest) -> Choices:
        return list(Assistant.objects.values_list("slug", "name"))

    def wanted(self, value: str) -> dict[str, Any]:
        return {"assistant": Assistant.objects.get(slug=value)}


class ByVersion(Choice):
    title, parameter_name, column = lazy("prompt version"), "version", "version_id"

    def offered(self, request: HttpRequest) -> Choices:
        """Of the assistant that is chosen; of all, as long as these aren't too many to read."""
        versions = PromptVersion.objects.select_related("assistant").defer("instructions")
        assistant, chosen = request.GET.get("assistant"), self.value() or ""
        if assistant:
            versions = versions.filter(assistant__slug=assistant)
        offered = list(versions[: MANY + 1])
        if len(offered) > MANY and not assistant:
            offered = []
        if chosen.isdecimal() and chosen not in {str(version.pk) for version in offered}:
            offered += versions.filter(pk=chosen)
        return [(str(version.pk), str(version)) for version in offered]

    def wanted(self, value: str) -> dict[str, Any]:
        return {"version": int(value)}


class ByModel(Choice):
    title, parameter_name, column = lazy("model"), "model", "model"

    def offered(self, request: HttpRequest) -> Choices:
        """What prompt versions name: an answer's model is the one of its version."""
        models = PromptVersion.objects.order_by("model").values_list("model", flat=True)
        return [(model, model) for model in models.distinct()]

    def wanted(self, value: str) -> dict[str, Any]:
        return {"model": value}


class ByDelivery(Choice):
    title, parameter_name = lazy("delivery to Helicone"), "delivery"
    prefix, column = "delivery__", "delivery__state"

    def offered(self, request: HttpRequest) -> Choices:
        return Delivery.State.choices

    def wanted(self, value: str) -> dict[str, Any]:
        return {"state": value}


class ByPerson(Choice):
    """Guests or not; or one person by id, which their rated answers link to."""

    title, parameter_name, column = lazy("person"), "person", "by_guest"

    def offered(self, request: HttpRequest) -> Choices:
        offered = [("guest", _("guests")), ("signed-up", _("signed up"))]
        if (chosen := self.value() or "").isdecimal() and len(chosen) < 19:
            viewer = current_reviewer(request)
            people = User.objects.filter(pk=int(chosen))
            offered += [(chosen, one.name_for(viewer)) for one in people]
        return offered

    def wanted(self, value: str) -> dict[str, Any]:
        return {"user": int(value)} if value.isdecimal() else {"by_guest": value == "guest"}

    def chosen_by(self, cell: Any) -> Iterable[str]:
        return ["guest" if cell else "signed-up"]


def words_of(reason: Reason) -> str:
    side = _("up") if reason.value == 1 else _("down")
    return f"{side}: {reason}" + (_(" (retired)") if reason.is_retired else "")
