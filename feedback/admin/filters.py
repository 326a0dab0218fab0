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
from feedback.admin.asked import person_of
from feedback.admin.counts import Sample
from feedback.models import Delivery, Rating, Reason

Choices = Iterable[tuple[str, Any]]
Ratings = QuerySet[Rating]
# As many prompt versions as can be offered before an assistant is chosen.
MANY = 30
ORDER = ("value", "position", "label")


class Choice(admin.SimpleListFilter):
    """One of `lookups`; a value that isn't among them finds nothing, rather than everything.

    `column` is what the numbers beside the choices are counted by.
    """

    parameter_name: str
    template = "admin/feedback/rating/filter.html"
    column = ""

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: Ratings) -> Ratings:
        value = self.value()
        if value is None:
            return queryset
        if value not in {str(choice) for choice, _words in self.lookup_choices}:
            return queryset.none()
        return self.narrow(queryset, value)

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

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("down", _("thumbs down")),
            ("up", _("thumbs up")),
            ("withdrawn", _("withdrawn")),
        ]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(value=self.VALUES[value])

    def chosen_by(self, cell: Any) -> Iterable[str]:
        return [name for name, value in self.VALUES.items() if value == cell]


class ByReason(Choice):
    title, parameter_name = lazy("reason"), "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
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

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("yes", _("with a comment")), ("no", _("without"))]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.exclude(comment="") if value == "yes" else ratings.filter(comment="")

    def chosen_by(self, cell: Any) -> Iterable[str]:
        return ["yes" if cell else "no"]


class ByAssistant(Choice):
    title, parameter_name, column = lazy("assistant"), "assistant", "assistant__slug"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(Assistant.objects.values_list("slug", "name"))

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(assistant=Assistant.objects.get(slug=value))


class ByVersion(Choice):
    title, parameter_name, column = lazy("prompt version"), "version", "version_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
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

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(version=int(value))


class ByModel(Choice):
    title, parameter_name, column = lazy("model"), "model", "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """What prompt versions name: an answer's model is the one of its version."""
        models = PromptVersion.objects.order_by("model").values_list("model", flat=True)
        return [(model, model) for model in models.distinct()]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(model=value)


class ByDelivery(Choice):
    title, parameter_name = lazy("delivery to Helicone"), "delivery"
    column = "delivery__state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return Delivery.State.choices

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(delivery__state=value)


class ByPerson(Choice):
    """Guests or not; or one person by id, which their rated answers link to."""

    title, parameter_name, column = lazy("person"), "person", "by_guest"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        offered = [("guest", _("guests")), ("signed-up", _("signed up"))]
        if (chosen := self.value() or "").isdecimal() and len(chosen) < 19:
            viewer = person_of(request)
            people = User.objects.filter(pk=int(chosen))
            offered += [(chosen, one.name_for(viewer)) for one in people]
        return offered

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        if value.isdecimal():
            return ratings.filter(user=int(value))
        return ratings.filter(by_guest=value == "guest")

    def chosen_by(self, cell: Any) -> Iterable[str]:
        return ["guest" if cell else "signed-up"]


def words_of(reason: Reason) -> str:
    side = _("up") if reason.value == 1 else _("down")
    return f"{side}: {reason}" + (_(" (retired)") if reason.is_retired else "")
