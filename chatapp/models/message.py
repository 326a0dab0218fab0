"""Message: a user's question, or an answer with all that produced it."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from chatapp import search
from chatapp.models.assistant import PromptVersion
from chatapp.models.column_values import fitting_values
from chatapp.models.message_tree import Version, path_to, versions_of
from chatapp.models.user import User
from chatapp.prepared import Select, Update, given

log = logging.getLogger(__name__)


class Origin(models.TextChoices):
    """Where an answer came from. Helicone knows only the real ones."""

    REAL = "real", _("real")
    SANDBOX = "sandbox", _("sandbox")
    DEMO = "demo", _("demo")

    @classmethod
    def of_site(cls) -> Origin:
        """Origin of the answers that this process generates."""
        return cls.SANDBOX if settings.SANDBOX else cls.REAL

    @classmethod
    def counted(cls) -> tuple[Origin, ...]:
        """Origins that count and are reviewed unless another is asked for: the sandbox's only while
        the site runs on it."""
        return tuple(each for each in cls if each != cls.SANDBOX or settings.SANDBOX)


class MessageQuerySet(models.QuerySet["Message"]):
    def readable_by(self, user: User | None) -> MessageQuerySet:
        if not user:
            return self.none()
        return self.filter(conversation__user=user, conversation__deleted_at=None)

    def answers(self) -> MessageQuerySet:
        return self.filter(role=Message.Role.ASSISTANT)

    def search(self, text: str) -> MessageQuerySet:
        """Messages with all words, or words that begin with them."""
        words = search.words_of(text)
        if not words:
            return self.none()
        return self.filter(pk__in=search.rows(Message, "text", words, self.db))

    def running(self) -> MessageQuerySet:
        return self.filter(status__in=Message.RUNNING)

    def claimed(self) -> MessageQuerySet:
        """Answers that are being generated, or were marked abandoned during it."""
        abandoned = models.Q(status=Message.Status.INTERRUPTED, error=Message.ABANDONED)
        return self.filter(models.Q(status=Message.Status.STREAMING) | abandoned)

    def mark_abandoned(self) -> list[UUID]:
        """Mark abandoned answers as interrupted; returns their ids."""
        ids = list(self.abandoned().values_list("pk", flat=True))
        if ids:
            mark = {"status": Message.Status.INTERRUPTED, "error": Message.ABANDONED}
            Message.objects.filter(pk__in=ids).abandoned().update(**mark)
        return ids

    def abandoned(self) -> MessageQuerySet:
        """Answers in status streaming whose heartbeat is older than SILENCE_SECONDS."""
        limit = Now() - timedelta(seconds=Message.SILENCE_SECONDS)
        return self.filter(status=Message.Status.STREAMING, heartbeat_at__lt=limit)


class Message(models.Model):
    """A user's question or an assistant's answer, with the answer's prompt version and metrics."""

    class Role(models.TextChoices):
        USER = "user", _("person")
        ASSISTANT = "assistant", _("assistant")

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        STREAMING = "streaming", _("being written")
        COMPLETE = "complete", _("complete")
        STOPPED = "stopped", _("stopped")
        INTERRUPTED = "interrupted", _("interrupted")
        FAILED = "failed", _("failed")

    RUNNING = (Status.QUEUED, Status.STREAMING)
    RATEABLE = (Status.COMPLETE, Status.STOPPED, Status.INTERRUPTED)
    # Running answers have a heartbeat every second; without one for so long they are abandoned.
    SILENCE_SECONDS = 10
    ABANDONED = "abandoned"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    conversation = models.ForeignKey("Conversation", models.CASCADE, related_name="messages")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    role = models.CharField(max_length=10, choices=Role)
    text = models.TextField(blank=True)
    # The model's reasoning before its answer: neither searched nor rated nor sent back to a model.
    thinking = models.TextField(_("thinking"), blank=True, default="", db_default="")
    # File name, size in pixels and alt text of each: see chatapp.images.storage. In the message's
    # row, so that rendering a message needs no query.
    images = models.JSONField(default=list, blank=True, editable=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    # What made this answer
    prompt_version = models.ForeignKey(
        PromptVersion, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    model = models.CharField(max_length=100, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    origin = models.CharField(
        _("origin"),
        max_length=10,
        choices=Origin,
        default=Origin.REAL,
        db_default=Origin.REAL,
        editable=False,
        help_text=_("Where an answer came from: the provider, the sandbox or demo data."),
    )
    request_id = models.UUIDField(
        null=True, blank=True, help_text=_("The id that we asked Helicone to use.")
    )
    helicone_id = models.UUIDField(
        _("helicone-id"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("The id that Helicone's response named. Ratings go to this one."),
    )

    left_out = models.PositiveIntegerField(
        default=0, help_text=_("How many of the oldest messages did not fit into the context.")
    )

    # How it went
    finish_reason = models.CharField(max_length=30, blank=True)
    prompt_tokens = models.PositiveIntegerField(null=True, blank=True)
    completion_tokens = models.PositiveIntegerField(null=True, blank=True)
    first_token_ms = models.PositiveIntegerField(
        _("time to first token, ms"), null=True, blank=True
    )
    thinking_ms = models.PositiveIntegerField(_("time of thinking, ms"), null=True, blank=True)
    duration_ms = models.PositiveIntegerField(_("duration, ms"), null=True, blank=True)
    error = models.CharField(
        max_length=30, blank=True, help_text=_("What went wrong, as one of the known failures.")
    )
    error_detail = models.TextField(blank=True, help_text=_("What the provider said, for staff."))
    retry_after = models.PositiveIntegerField(null=True, blank=True, help_text=_("Seconds."))

    # State of the generation
    heartbeat_at = models.DateTimeField(default=timezone.now)
    stop_requested = models.BooleanField(default=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        indexes = [
            # abandoned(): the few answers that are running
            models.Index(
                fields=["heartbeat_at"],
                name="messages_running",
                condition=models.Q(status__in=["queued", "streaming"]),
            ),
            # Answers that could be rated, counted without reading their texts
            models.Index(
                fields=["created_at", "prompt_version", "conversation", "id"],
                name="messages_shown",
                condition=~models.Q(text="")
                & models.Q(role="assistant", status__in=["complete", "stopped", "interrupted"]),
            ),
            # The few answers of the sandbox or a demo, on a site with keys
            models.Index(
                fields=["origin"], name="messages_not_real", condition=~models.Q(origin="real")
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_answer(self) -> bool:
        return self.role == self.Role.ASSISTANT

    @property
    def is_running(self) -> bool:
        return self.status in self.RUNNING

    @property
    def is_thinking(self) -> bool:
        """Whether the answer is running and has no text yet."""
        return self.is_running and not self.text

    @property
    def has_content(self) -> bool:
        """False for an answer that ended without text."""
        return bool(self.text or self.images) or self.is_running

    @cached_property
    def versions(self) -> list[UUID]:
        """Ids of the versions of this message, oldest first; see `versions_of`. A query, except
        for messages from `Conversation.path`."""
        parent = {"parent": self.parent_id} if self.parent_id else {}
        siblings = SIBLINGS if parent else FIRST_QUESTIONS
        return versions_of(self, siblings.all(conversation=self.conversation_id, **parent))

    @property
    def version(self) -> Version:
        return Version.among(self.versions, self.pk)

    @property
    def is_rateable(self) -> bool:
        """Whether the answer has ended with some text, complete or not.

        Answers of temporary conversations can't be rated, since reviewers couldn't read them.
        """
        has_text = self.is_answer and self.status in self.RATEABLE and bool(self.text)
        return has_text and not self.conversation.is_temporary

    @property
    def is_retryable(self) -> bool:
        """Whether it is the last message, and a failed, interrupted or empty answer."""
        is_broken = self.status in (self.Status.FAILED, self.Status.INTERRUPTED)
        is_empty = self.status == self.Status.STOPPED and not self.text
        return self.is_answer and (is_broken or is_empty) and self.conversation.head_id == self.pk

    @property
    def is_continuable(self) -> bool:
        """Whether it is the last message, and an answer that the provider cut by length."""
        is_cut = self.status == self.Status.COMPLETE and self.error == "length"
        return self.is_answer and is_cut and self.conversation.head_id == self.pk

    def path(self) -> list[Message]:
        """The messages from the first of the conversation to this one, inclusive, without loading
        their thinking."""
        messages = OF_CONVERSATION.all(conversation=self.conversation_id)
        by_id = {message.pk: message for message in messages}
        return path_to(by_id, self.pk)

    def claim(self) -> bool:
        """Claim a queued answer for generation. True for exactly one caller, whose process decides
        the origin: the answer may have been queued before the site got its keys."""
        return bool(CLAIM.run(id=self.pk, origin=Origin.of_site()))

    def save_result(self, **fields: Any) -> bool:
        """Save fields of the generation that claimed it. False if the answer was deleted meanwhile.

        Overwrites an abandoned answer: only its claimer writes it, so if that is still alive (after
        an outage of its database, say), its result is the valid one. Values that their columns
        can't hold are left out: whatever the provider sent, the rest of the answer is saved.
        """
        fields, left_out = fitting_values(Message, fields)
        if left_out:
            log.warning("Answer %s: saved without %s", self.pk, ", ".join(left_out))
        saved = save_claimed(tuple(fields)).run(id=self.pk, **fields)
        for name, value in fields.items():
            setattr(self, name, value)
        return bool(saved)


def of_conversation() -> MessageQuerySet:
    return Message.objects.filter(conversation=given(Message, "conversation"))


@cache
def save_claimed(fields: tuple[str, ...]) -> Update:
    """Statement that saves these fields of an answer, if it is claimed."""
    own = given(Message, "id")
    return Update(lambda: Message.objects.filter(pk=own).claimed(), *fields, heartbeat_at=Now())


OF_CONVERSATION = Select(lambda: of_conversation().defer("thinking"))
SIBLINGS = Select(
    lambda: of_conversation().filter(parent=given(Message, "parent")).order_by("created_at")
)
FIRST_QUESTIONS = Select(lambda: of_conversation().filter(parent=None).order_by("created_at"))
CLAIM = Update(
    lambda: Message.objects.filter(pk=given(Message, "id"), status=Message.Status.QUEUED),
    "origin",
    status=Message.Status.STREAMING,
    heartbeat_at=Now(),
)
