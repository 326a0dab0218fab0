"""Assistants and the immutable versions of their prompts."""

import hashlib
import json
import random
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatapp.models.request_parameters import unknown_parameters
from chatapp.prepared import Select, given

DEFAULT_INSTRUCTIONS = (
    "You are a helpful assistant. Answer plainly and to the point. "
    "Use Markdown where it makes an answer easier to read. Say so when you don't know."
)


class AssistantQuerySet(models.QuerySet["Assistant"]):
    def offered(self) -> "AssistantQuerySet":
        return self.filter(is_active=True)

    def first_offered(self) -> "Assistant | None":
        return FIRST.first()

    def create_default(self) -> "Assistant":
        assistant = self.create(name="Assistant", slug="assistant", sees_images=True)
        PromptVersion.objects.using(self.db).create(
            assistant=assistant,
            number=1,
            model=settings.DEFAULT_MODEL,
            instructions=DEFAULT_INSTRUCTIONS,
        )
        return assistant


class Assistant(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    description = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)
    sees_images = models.BooleanField(
        _("sees images"),
        default=False,
        help_text=_("Only where the model of each of its versions with traffic does."),
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = AssistantQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse to offer an assistant that can't answer."""
        if self.is_active and not (self.pk and self.has_traffic()):
            raise ValidationError(
                _(
                    "An assistant can be offered once one of its prompt versions has traffic. Save"
                    " it without “offered” first, then add a version."
                )
            )

    def has_traffic(self, but: "PromptVersion | None" = None) -> bool:
        """Whether a version, other than `but`, answers new conversations."""
        others = self.versions.exclude(pk=but.pk) if but and but.pk else self.versions
        return others.filter(weight__gt=0).exists()

    def choose_version(self, previous: "PromptVersion | None" = None) -> "PromptVersion":
        """The prompt version of the next answer: `previous` while it has traffic, else a weighted
        random choice, so that versions are compared on a randomised split.

        Raises PromptVersion.DoesNotExist if no version has traffic.
        """
        if previous and previous.assistant_id == self.pk and previous.weight:
            return previous
        versions = WITH_TRAFFIC.all(assistant=self.pk)
        if not versions:
            raise PromptVersion.DoesNotExist(f"No prompt version of {self.name} has traffic.")
        return random.choices(versions, [v.weight for v in versions])[0]  # noqa: S311 - a traffic split


class PromptVersion(models.Model):
    """Instructions, model and parameters, immutable once saved.

    Ratings are evaluated per version, so a changed version would falsify them. Only its traffic
    weight and its note may change.
    """

    MUTABLE: ClassVar[frozenset[str]] = frozenset({"weight", "note"})

    assistant = models.ForeignKey(Assistant, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(editable=False)
    model = models.CharField(max_length=100)
    instructions = models.TextField(blank=True)
    parameters = models.JSONField(
        default=dict,
        blank=True,
        encoder=DjangoJSONEncoder,
        help_text=_('Sent along with each request, such as {"temperature": 0.2}.'),
    )
    weight = models.PositiveIntegerField(
        default=1, help_text=_("Its share of new conversations, relative to the others. 0 is none.")
    )
    note = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["assistant", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["assistant", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.assistant} v{self.number}"

    def fingerprint(self) -> str:
        """SHA-256, in hex, of all that influences an answer."""
        content = [self.model, self.instructions, self.parameters]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def clean(self) -> None:
        if not isinstance(self.parameters, dict):
            raise ValidationError({"parameters": _("Parameters are a JSON object.")})
        if not self.pk and (problems := unknown_parameters(self.parameters)):
            raise ValidationError({"parameters": problems})
        if self.pk and not self.weight and self.is_last_with_traffic():
            sentence = _("The assistant is offered, and no other version of it has traffic.")
            raise ValidationError({"weight": sentence})
        if self.pk and self.fingerprint() != self.digest:
            raise ValidationError(_("A saved version never changes. Make a new one."))

    def is_last_with_traffic(self) -> bool:
        return self.assistant.is_active and not self.assistant.has_traffic(but=self)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if self._state.adding:
            if not self.number:
                latest = self.assistant.versions.aggregate(n=models.Max("number"))["n"]
                self.number = (latest or 0) + 1
            self.digest = self.fingerprint()
        else:
            update_fields = frozenset(update_fields or self.MUTABLE)
            if not update_fields <= self.MUTABLE or self.fingerprint() != self.digest:
                raise ValidationError(_("A saved version never changes. Make a new one."))
        super().save(*args, update_fields=update_fields, **kwargs)


FIRST = Select(lambda: Assistant.objects.offered()[:1])
WITH_TRAFFIC = Select(
    lambda: PromptVersion.objects.filter(
        assistant=given(PromptVersion, "assistant"), weight__gt=0
    ).order_by("-number")
)
