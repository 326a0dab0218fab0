"""What kind of failure a team finds, in its own words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

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


class CategoryQuerySet(models.QuerySet["Category"]):
    def offered(self) -> CategoryQuerySet:
        return self.filter(is_retired=False)

    def create_defaults(self) -> None:
        self.bulk_create(
            Category(slug=slug, label=label, position=position)
            for position, (slug, label) in enumerate(DEFAULT_CATEGORIES)
        )


class Category(models.Model):
    """Retired ones are offered no more, and stay readable where they were given."""

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
        """In the reader's language, as long as nobody has put it in other words."""
        return gettext(self.label) if (self.slug, self.label) in DEFAULT_CATEGORIES else self.label
