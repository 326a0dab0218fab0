"""A conversation, and the tree of messages in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from chatapp import search
from chatapp.models.assistant import Assistant, PromptVersion
from chatapp.models.tree import Version, know_versions, newest_below, versions_of, walk

if TYPE_CHECKING:
    from chatapp.models.shared import SharedCopy
    from chatapp.models.user import User


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def of(self, person: User | None) -> ConversationQuerySet:
        """What this person may read: their own. Nobody reads nothing."""
        return self.kept().filter(user=person) if person else self.none()

    def deleted_by(self, person: User | None) -> ConversationQuerySet:
        """What this person may still take back: deleted, and not yet purged."""
        if not person:
            return self.none()
        return self.filter(user=person, deleted_at__isnull=False, is_temporary=False)

    def kept(self) -> ConversationQuerySet:
        return self.filter(deleted_at=None)

    def pinned(self) -> ConversationQuerySet:
        return self.filter(pinned_at__isnull=False).order_by("-pinned_at")

    def archived(self) -> ConversationQuerySet:
        return self.filter(archived_at__isnull=False, is_temporary=False)

    def listed(self) -> ConversationQuerySet:
        return self.filter(archived_at=None, is_temporary=False)

    def search(self, text: str) -> ConversationQuerySet:
        """Those whose title or one of whose messages has all these words, or words that begin so."""
        words = search.words_of(text)
        if not words:
            return self.none()
        titled = search.rows(Conversation, "title", words, self.db)
        inside = search.rows(Message, "text", words, self.db, wanted="conversation_id")
        found = models.Q(pk__in=titled) | models.Q(pk__in=inside)
        return self.filter(found, is_temporary=False)

    def before(self, moment: datetime, pk: UUID) -> ConversationQuerySet:
        """What comes after this one in a list that starts with the newest."""
        earlier = models.Q(updated_at__lt=moment) | models.Q(updated_at=moment, pk__lt=pk)
        # The first condition is one that an index knows; the second is exact.
        return self.filter(earlier, updated_at__lte=moment)

    def shown(self) -> ConversationQuerySet:
        """With all that a page says of a conversation besides its messages."""
        another = Assistant.objects.exclude(pk=models.OuterRef("assistant_id"))
        told_apart = self.annotate(is_one_of_several=models.Exists(another))
        return told_apart.select_related("user", "assistant")

    def start(self, person: User, assistant: Assistant, temporary: bool = False) -> Conversation:
        return self.create(user=person, assistant=assistant, is_temporary=temporary)


class TitledBy(models.TextChoices):
    FIRST_LINE = "first line", _("its first line")
    MODEL = "model", _("a model")
    PERSON = "person", _("its owner")


class Conversation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="conversations")
    assistant = models.ForeignKey(Assistant, models.PROTECT, related_name="conversations")
    title = models.CharField(max_length=200, blank=True)
    titled_by = models.CharField(
        max_length=10, choices=TitledBy, default=TitledBy.FIRST_LINE, editable=False
    )
    head = models.ForeignKey(
        "Message", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(default=timezone.now)
    pinned_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    # In no list, found by no search, read by no staff, never rated; purged some hours later.
    is_temporary = models.BooleanField(default=False, editable=False)
    # Hidden from everybody from then on, and purged some days later.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["user", "-updated_at"], name="conversations_of_a_person")]

    def __str__(self) -> str:
        return self.title or str(_("New conversation"))

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("conversation", args=[self.pk])

    @property
    def shared_copy(self) -> SharedCopy | None:
        """The copy that others can read, if there is one."""
        return self.shared_copies.live().first()

    @cached_property
    def is_one_of_several(self) -> bool:
        """Whether there is another assistant to tell this one apart from."""
        return Assistant.objects.exclude(pk=self.assistant_id).exists()

    @property
    def awaits_title(self) -> bool:
        unnamed = self.titled_by == TitledBy.FIRST_LINE and not self.is_temporary
        return bool(settings.TITLE_MODEL) and unnamed

    def rename(self, title: str) -> None:
        """By its owner: no model names it from then on."""
        self.title, self.titled_by = title, TitledBy.PERSON
        self.save(update_fields=["title", "titled_by"])

    def name(self, title: str) -> bool:
        """By a model. False, and nothing changes, where somebody was faster."""
        unnamed = Conversation.objects.filter(pk=self.pk, titled_by=TitledBy.FIRST_LINE)
        return bool(unnamed.update(title=title, titled_by=TitledBy.MODEL))

    def pin(self, wanted: bool = True) -> None:
        self.pinned_at = timezone.now() if wanted else None
        self.save(update_fields=["pinned_at"])

    def archive(self, wanted: bool = True) -> None:
        """Out of the list, and found by search all the same. What is archived isn't pinned."""
        self.archived_at, self.pinned_at = timezone.now() if wanted else None, None
        self.save(update_fields=["archived_at", "pinned_at"])

    def discard(self) -> None:
        """Deleted, as far as anybody can see; `restore` takes it back until it is purged."""
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])

    def restore(self) -> None:
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])

    def path(self) -> list[Message]:
        """The messages from the first to the head, as the person sees them. One query."""
        by_id = {message.pk: message for message in self.messages.all()}
        path = walk(by_id, self.head_id)
        know_versions(path, by_id.values())
        return path

    def show(self, message: Message) -> None:
        """Turn to this version of what was said, and to what was said last below it."""
        messages = self.messages.order_by("created_at").values_list("pk", "parent_id")
        self.head_id = newest_below(messages, message.pk)
        self.save(update_fields=["head"])

    def ask(self, text: str, instead_of: Message | None = None) -> Message:
        """Add the question and an answer yet to be generated, at the head or beside the question
        that it replaces. Returns the answer."""
        with transaction.atomic():
            question = self.messages.create(
                parent_id=instead_of.parent_id if instead_of else self.head_id,
                role=Message.Role.USER,
                text=text,
                status=Message.Status.COMPLETE,
            )
            if not self.title:
                self.title = title_from(text)
            return self._answer(question)

    def answer(self, question: Message) -> Message:
        """An empty answer to a question, stamped with what will answer it, as the new head."""
        with transaction.atomic():
            return self._answer(question)

    def _answer(self, question: Message) -> Message:
        version = self.assistant.choose_version(self._previous_version() if self.head_id else None)
        answer = self.messages.create(
            parent=question,
            role=Message.Role.ASSISTANT,
            prompt_version=version,
            model=version.model,
            parameters=version.parameters,
            request_id=uuid4(),
        )
        self.head = answer
        self.updated_at = timezone.now()
        self.save(update_fields=["head", "title", "updated_at"])
        return answer

    def _previous_version(self) -> PromptVersion | None:
        versions = PromptVersion.objects.filter(messages__conversation=self)
        return versions.order_by("-messages__created_at").first()


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

    def give_up(self) -> list[UUID]:
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
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    role = models.CharField(max_length=10, choices=Role)
    text = models.TextField(blank=True)
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
            )
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
        return bool(self.text) or self.is_running

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
        return walk(by_id, self.pk)

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


def title_from(text: str) -> str:
    """The first line of the first question, cut at a word."""
    line = text.strip().splitlines()[0].lstrip("#>*- ").strip()
    if len(line) <= 60:
        return line
    return line[:60].rsplit(" ", 1)[0] + "…"
