"""The filters beside the rated answers. Each is one word in the address, which can be shared.

None of them joins a table that would list a rating twice, and none asks the ratings what there
is to choose from: that stays fast however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from chatapp.models import Assistant, PromptVersion
from feedback.models import Delivery, Rating, Reason

Choices = Iterable[tuple[str, Any]]
Ratings = QuerySet[Rating]
# As many prompt versions as can be offered before an assistant is chosen.
MANY = 30
ORDER = ("value", "position", "label")


class Choice(admin.SimpleListFilter):
    """One of `lookups`; a value that isn't among them finds nothing, rather than everything."""

    parameter_name: str

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


class ByThumb(Choice):
    title, parameter_name = lazy("thumb"), "thumb"
    VALUES = {"up": Q(value=1), "down": Q(value=-1), "withdrawn": Q(value=None)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("down", _("thumbs down")),
            ("up", _("thumbs up")),
            ("withdrawn", _("withdrawn")),
        ]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(self.VALUES[value])


class ByReason(Choice):
    title, parameter_name = lazy("reason"), "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(reason.slug, words_of(reason)) for reason in Reason.objects.order_by(*ORDER)]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        given = Rating.reasons.through.objects.filter(rating_id=OuterRef("pk"), reason__slug=value)
        return ratings.filter(Exists(given))


class ByComment(Choice):
    title, parameter_name = lazy("comment"), "comment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("yes", _("with a comment")), ("no", _("without"))]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.exclude(comment="") if value == "yes" else ratings.filter(comment="")


class ByAssistant(Choice):
    title, parameter_name = lazy("assistant"), "assistant"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(Assistant.objects.values_list("slug", "name"))

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        """By the versions' ids, of which a database knows how frequent they are."""
        versions = PromptVersion.objects.filter(assistant__slug=value)
        return ratings.filter(
            message__prompt_version__in=list(versions.values_list("pk", flat=True))
        )


class ByVersion(Choice):
    title, parameter_name = lazy("prompt version"), "version"

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
        return ratings.filter(message__prompt_version=int(value))


class ByModel(Choice):
    title, parameter_name = lazy("model"), "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """What prompt versions name: an answer's model is the one of its version."""
        models = PromptVersion.objects.order_by("model").values_list("model", flat=True)
        return [(model, model) for model in models.distinct()]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(message__model=value)


class ByDelivery(Choice):
    title, parameter_name = lazy("delivery to Helicone"), "delivery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return Delivery.State.choices

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(delivery__state=value)


class ByPerson(Choice):
    title, parameter_name = lazy("person"), "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("guest", _("guests")), ("signed-up", _("signed up"))]

    def narrow(self, ratings: Ratings, value: str) -> Ratings:
        return ratings.filter(user__is_guest=value == "guest")


def words_of(reason: Reason) -> str:
    side = _("up") if reason.value == 1 else _("down")
    return f"{side}: {reason.label}" + (_(" (retired)") if reason.is_retired else "")
