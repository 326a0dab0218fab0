"""Labels that a team edits: reasons of a thumb and failure categories."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from feedback.chat.prepared import Select, given

DEFAULT_REASONS = {
    -1: [
        ("wrong", gettext_noop("Factually wrong")),
        ("ignored", gettext_noop("Ignored my instructions")),
        ("incomplete", gettext_noop("Incomplete")),
        ("too-long", gettext_noop("Too long")),
        ("style", gettext_noop("Style or tone")),
        ("refused", gettext_noop("Refused without cause")),
        ("unsafe", gettext_noop("Unsafe")),
        ("other-down", gettext_noop("Something else")),
    ],
    1: [
        ("accurate", gettext_noop("Accurate")),
        ("followed", gettext_noop("Followed instructions")),
        ("clear", gettext_noop("Clear")),
        ("thorough", gettext_noop("Thorough")),
        ("creative", gettext_noop("Creative")),
        ("other-up", gettext_noop("Something else")),
    ],
}
ORIGINAL = {pair for reasons in DEFAULT_REASONS.values() for pair in reasons}
DEFAULT_CATEGORIES = [
    ("facts", gettext_noop("Facts")),
    ("reasoning", gettext_noop("Reasoning")),
    ("instructions", gettext_noop("Instructions not followed")),
    ("style", gettext_noop("Style or tone")),
    ("refusal", gettext_noop("Refusal without cause")),
    ("safety", gettext_noop("Safety")),
    ("prompt", gettext_noop("Our prompt is at fault")),
    ("other", gettext_noop("Something else")),
]


class Value(models.IntegerChoices):
    UP = 1, _("thumbs up")
    DOWN = -1, _("thumbs down")


class ReasonQuerySet(models.QuerySet["Reason"]):
    def offered(self, value: int) -> ReasonQuerySet:
        return self.filter(value=value, is_retired=False)

    def of(self, value: int) -> list[Reason]:
        """All reasons of a thumb, retired ones too, in their order."""
        return OF_A_THUMB.all(value=value)

    def create_defaults(self) -> None:
        self.bulk_create(
            Reason(value=value, slug=slug, label=label, position=position)
            for value, reasons in DEFAULT_REASONS.items()
            for position, (slug, label) in enumerate(reasons)
        )


class Reason(models.Model):
    """A reason for a thumb, as worded by the team. Retired reasons stay on old ratings."""

    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=60)
    value = models.SmallIntegerField(_("asked after"), choices=Value)
    position = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        ordering = ["-value", "position", "label"]

    def __str__(self) -> str:
        """The label, translated unless the team has reworded it."""
        return gettext(self.label) if (self.slug, self.label) in ORIGINAL else self.label


class CategoryQuerySet(models.QuerySet["Category"]):
    def offered(self) -> CategoryQuerySet:
        return self.filter(is_retired=False)

    def create_defaults(self) -> None:
        self.bulk_create(
            Category(slug=slug, label=label, position=position)
            for position, (slug, label) in enumerate(DEFAULT_CATEGORIES)
        )


class Category(models.Model):
    """A failure category of reviews. Retired ones aren't offered, but stay on old reviews."""

    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("failure category")
        verbose_name_plural = _("failure categories")
        ordering = ["position", "label"]

    def __str__(self) -> str:
        """The label, translated unless the team has reworded it."""
        return gettext(self.label) if (self.slug, self.label) in DEFAULT_CATEGORIES else self.label


OF_A_THUMB = Select(lambda: Reason.objects.filter(value=given(Reason, "value")))
