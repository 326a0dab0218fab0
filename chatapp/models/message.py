"""A message: what a person asked, or an answer with all that shaped it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from chatapp import search
from chatapp.models.assistant import PromptVersion
from chatapp.models.message_tree import Version, path_to, versions_of
from chatapp.models.user import User


class MessageQuerySet(models.QuerySet["Message"]):
    def readable_by(self, person: User | None) -> MessageQuerySet:
        if not person:
            return self.none()
        return self.filter(conversation__user=person, conversation__deleted_at=None)

    def answers(self) -> MessageQuerySet:
        return self.filter(role=Message.Role.ASSISTANT)

    def search(self, text: str) -> MessageQuerySet:
        """Those that have all these words, or words that begin so."""
        words = search.words_of(text)
        if not words:
            return self.none()
        return self.filter(pk__in=search.rows(Message, "text", words, self.db))

    def running(self) -> MessageQuerySet:
        return self.filter(status__in=Message.RUNNING)

    def claimed(self) -> MessageQuerySet:
        """Being written, or given up while it was."""
        given_up = models.Q(status=Message.Status.INTERRUPTED, error=Message.ABANDONED)
        return self.filter(models.Q(status=Message.Status.STREAMING) | given_up)

    def mark_abandoned(self) -> list[UUID]:
        """Mark those among these that are abandoned; returns which."""
        silent = list(self.abandoned().values_list("pk", flat=True))
        if silent:
            mark = {"status": Message.Status.INTERRUPTED, "error": Message.ABANDONED}
            Message.objects.filter(pk__in=silent).abandoned().update(**mark)
        return silent

    def abandoned(self) -> MessageQuerySet:
        """Being written by name only: nothing was heard for longer than a heartbeat allows."""
        limit = Now() - timedelta(seconds=Message.SILENCE_SECONDS)
        return self.filter(status=Message.Status.STREAMING, heartbeat_at__lt=limit)


class Message(models.Model):
    """What a person asked or an assistant answered. An answer carries all that shaped it."""

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
    # Whoever writes an answer is heard from every second, and given up after so many.
    SILENCE_SECONDS = 10
    ABANDONED = "abandoned"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    conversation = models.ForeignKey("Conversation", models.CASCADE, related_name="messages")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    role = models.CharField(max_length=10, choices=Role)
    text = models.TextField(blank=True)
    # Each a file of the conversation's folder, its size in pixels, and what it shows: see
    # chatapp.images.storage. Here, so that showing a message asks for nothing more.
    images = models.JSONField(default=list, blank=True, editable=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    # What made this answer
    prompt_version = models.ForeignKey(
        PromptVersion, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    model = models.CharField(max_length=100, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
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
    duration_ms = models.PositiveIntegerField(_("duration, ms"), null=True, blank=True)
    error = models.CharField(
        max_length=30, blank=True, help_text=_("What went wrong, as one of the known failures.")
    )
    error_detail = models.TextField(blank=True, help_text=_("What the provider said, for staff."))
    retry_after = models.PositiveIntegerField(null=True, blank=True, help_text=_("Seconds."))

    # Who is writing it
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
    def has_something(self) -> bool:
        """Not an answer that ended with nothing in it."""
        return bool(self.text or self.images) or self.is_running

    @cached_property
    def versions(self) -> list[UUID]:
        """The ids of what was said in this place, oldest first; see `versions_of`. A query, but
        for what comes out of `Conversation.path`."""
        same_place = Message.objects.filter(
            conversation_id=self.conversation_id, parent_id=self.parent_id
        )
        return versions_of(self, same_place.order_by("created_at"))

    @property
    def version(self) -> Version:
        return Version.among(self.versions, self.pk)

    @property
    def is_rateable(self) -> bool:
        """Whether there is something to judge: a finished answer, or what came before it broke off.

        A rating is there to be read with its conversation: a temporary one has nothing to read.
        """
        there = self.is_answer and self.status in self.RATEABLE and bool(self.text)
        return there and not self.conversation.is_temporary

    @property
    def is_retryable(self) -> bool:
        """Whether its question may be answered anew: nothing or not all came, and nothing follows."""
        broken = self.status in (self.Status.FAILED, self.Status.INTERRUPTED)
        empty = self.status == self.Status.STOPPED and not self.text
        return self.is_answer and (broken or empty) and self.conversation.head_id == self.pk

    @property
    def is_continuable(self) -> bool:
        """Whether the provider cut it off by length, and nothing follows."""
        cut = self.status == self.Status.COMPLETE and self.error == "length"
        return self.is_answer and cut and self.conversation.head_id == self.pk

    def path(self) -> list[Message]:
        """From the first message of the conversation to this one, itself included."""
        by_id = {message.pk: message for message in self.conversation.messages.all()}
        return path_to(by_id, self.pk)

    def claim(self) -> bool:
        """Take a queued answer to generate it. True for exactly one caller, ever."""
        claimed = Message.objects.filter(pk=self.pk, status=self.Status.QUEUED).update(
            status=self.Status.STREAMING, heartbeat_at=Now()
        )
        return bool(claimed)

    def keep(self, **fields: Any) -> bool:
        """Store what the one who claimed it knows. False if the answer was deleted meanwhile.

        Given up as abandoned is no end: only the claimer writes an answer, so if it turns out to
        live (its database was gone for a while, say), what it has is the truth.
        """
        kept = Message.objects.filter(pk=self.pk).claimed().update(heartbeat_at=Now(), **fields)
        for name, value in fields.items():
            setattr(self, name, value)
        return bool(kept)
