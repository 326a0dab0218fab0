"""A conversation: whose it is, what it is called, and the way through its tree of messages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from chatapp import search
from chatapp.models.assistant import Assistant, PromptVersion
from chatapp.models.message import Message
from chatapp.models.message_tree import attach_versions, newest_below, path_to

if TYPE_CHECKING:
    from chatapp.models.shared_copy import SharedCopy
    from chatapp.models.user import User


# Sent with `conversation` when a question was put otherwise, or is to be answered once more.
question_repeated = Signal()


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
        indexes = [
            models.Index(fields=["user", "-updated_at"], name="conversations_of_a_person"),
            # feedback.insights.queries: the few whose answers count nowhere
            models.Index(
                fields=["id"],
                name="conversations_not_counted",
                condition=models.Q(is_temporary=True) | models.Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("New conversation"))

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("conversation", args=[self.pk])

    @cached_property
    def is_shared(self) -> bool:
        return self.shared_copies.live().exists()

    @property
    def shared_copy(self) -> SharedCopy | None:
        """The copy that others can read, if there is one."""
        return self.shared_copies.live().first() if self.is_shared else None

    @cached_property
    def is_one_of_several(self) -> bool:
        """Whether there is another assistant to tell this one apart from."""
        return Assistant.objects.exclude(pk=self.assistant_id).exists()

    @property
    def needs_title(self) -> bool:
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
        path = path_to(by_id, self.head_id)
        attach_versions(path, by_id.values())
        return path

    def show(self, message: Message) -> None:
        """Turn to this version of what was said, and to what was said last below it."""
        messages = self.messages.order_by("created_at").values_list("pk", "parent_id")
        self.head_id = newest_below(messages, message.pk)
        self.save(update_fields=["head"])

    def ask(
        self,
        text: str,
        instead_of: Message | None = None,
        images: Sequence[dict[str, Any]] = (),
        idempotency_key: UUID | None = None,
    ) -> Message:
        """Add the question and an answer yet to be generated, at the head or beside the question
        that it replaces, whose images it keeps. `idempotency_key` becomes the question's id, unless
        something else has that id. Returns the answer."""
        with transaction.atomic():
            question = self._question(
                idempotency_key,
                parent_id=instead_of.parent_id if instead_of else self.head_id,
                role=Message.Role.USER,
                text=text,
                images=[*(instead_of.images if instead_of else []), *images],
                status=Message.Status.COMPLETE,
            )
            if not self.title:
                self.title = title_from(text or question.images[0]["alt"])
            answer = self._answer(question)
            if instead_of:
                question_repeated.send(Conversation, conversation=self)
            return answer

    def _question(self, idempotency_key: UUID | None, **said: Any) -> Message:
        if idempotency_key:
            with suppress(IntegrityError), transaction.atomic():
                return self.messages.create(pk=idempotency_key, **said)
        return self.messages.create(**said)

    def answer(self, question: Message) -> Message:
        """An empty answer to a question, stamped with what will answer it, as the new head."""
        with transaction.atomic():
            answer = self._answer(question)
            question_repeated.send(Conversation, conversation=self)
            return answer

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


def title_from(text: str) -> str:
    """The first line of the first question, cut at a word."""
    line = text.strip().splitlines()[0].lstrip("#>*- ").strip()
    if len(line) <= 60:
        return line
    return line[:60].rsplit(" ", 1)[0] + "…"
