"""Conversation: owner, title, state, and the visible path through its message tree."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from chatapp import search
from chatapp.known_urls import url_of
from chatapp.models.assistant import Assistant, PromptVersion
from chatapp.models.message import Message, Origin
from chatapp.models.message_tree import newest_below, path_to, with_versions, without_answers
from chatapp.models.user import User
from chatapp.prepared import Insert, Rows, Select, Update, given

# Sent with `conversation` when a question was edited or its answer is regenerated.
question_repeated = Signal()


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def owned_by(self, user: User | None) -> ConversationQuerySet:
        """The user's conversations that are not deleted; none without a user."""
        return self.not_deleted().filter(user=user) if user else self.none()

    def deleted_by(self, user: User | None) -> ConversationQuerySet:
        """The user's deleted conversations that can still be restored."""
        if not user:
            return self.none()
        return self.filter(user=user, deleted_at__isnull=False, is_temporary=False)

    def not_deleted(self) -> ConversationQuerySet:
        return self.filter(deleted_at=None)

    def pinned(self) -> ConversationQuerySet:
        return self.filter(pinned_at__isnull=False).order_by("-pinned_at")

    def archived(self) -> ConversationQuerySet:
        return self.filter(archived_at__isnull=False, is_temporary=False)

    def listed(self) -> ConversationQuerySet:
        return self.filter(archived_at=None, is_temporary=False)

    def search(self, text: str) -> ConversationQuerySet:
        """Conversations with all words, or words that begin with them, in the title or a message."""
        words = search.words_of(text)
        if not words:
            return self.none()
        title_matches = search.rows(Conversation, "title", words, self.db)
        message_matches = search.rows(Message, "text", words, self.db, select="conversation_id")
        found = models.Q(pk__in=title_matches) | models.Q(pk__in=message_matches)
        return self.filter(found, is_temporary=False)

    def before(self, moment: datetime, pk: UUID) -> ConversationQuerySet:
        """Conversations after this one in a list ordered from the newest."""
        older = models.Q(updated_at__lt=moment) | models.Q(updated_at=moment, pk__lt=pk)
        # The second condition is for the index; the first is exact.
        return self.filter(older, updated_at__lte=moment)

    def start(self, user: User, assistant: Assistant, temporary: bool = False) -> Conversation:
        conversation = Conversation(user=user, assistant=assistant, is_temporary=temporary)
        conversation.is_shared = False
        return ADD.run(conversation)


class TitledBy(models.TextChoices):
    FIRST_LINE = "first line", _("its first line")
    MODEL = "model", _("a model")
    OWNER = "person", _("its owner")


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
    # Never listed, searched, read by staff or rated; purged some hours later.
    is_temporary = models.BooleanField(default=False, editable=False)
    # Hidden from everyone from then on; purged some days later.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-updated_at"], name="conversations_of_a_person"),
            # The few conversations that no statistics include
            models.Index(
                fields=["id"],
                name="conversations_not_counted",
                condition=models.Q(is_temporary=True) | models.Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("New conversation"))

    def get_absolute_url(self) -> str:
        return url_of("conversation", self.pk)

    @cached_property
    def is_shared(self) -> bool:
        return self.shared_copies.live().exists()

    @cached_property
    def has_other_assistants(self) -> bool:
        """Whether the site has other assistants than this conversation's."""
        return OTHER_ASSISTANT.first(id=self.assistant_id) is not None

    @property
    def needs_title(self) -> bool:
        untitled = self.titled_by == TitledBy.FIRST_LINE and not self.is_temporary
        return bool(settings.TITLE_MODEL) and untitled

    def rename(self, title: str) -> None:
        """Set the title by the owner; it is never generated from then on."""
        self.title, self.titled_by = title, TitledBy.OWNER
        self.save(update_fields=["title", "titled_by"])

    def set_generated_title(self, title: str) -> bool:
        """Set the title by a model. False, without a change, if it has another title already."""
        untitled = Conversation.objects.filter(pk=self.pk, titled_by=TitledBy.FIRST_LINE)
        return bool(untitled.update(title=title, titled_by=TitledBy.MODEL))

    def pin(self, enabled: bool = True) -> None:
        self.pinned_at = timezone.now() if enabled else None
        self.save(update_fields=["pinned_at"])

    def archive(self, enabled: bool = True) -> None:
        """Remove from the list, but not from search. An archived conversation isn't pinned."""
        self.archived_at, self.pinned_at = timezone.now() if enabled else None, None
        self.save(update_fields=["archived_at", "pinned_at"])

    def soft_delete(self) -> None:
        """Hide from everyone; `restore` reverts it until the conversation is purged."""
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])

    def restore(self) -> None:
        self.deleted_at = None
        self.save(update_fields=["deleted_at"])

    def path(self) -> list[Message]:
        """The visible messages, from the first to the head. One query."""
        by_id = {message.pk: message for message in self.messages.all()}
        path = path_to(by_id, self.head_id)
        for message, versions in with_versions(path, by_id.values()):
            message.versions = versions
        return path

    def select_version(self, message: Message) -> None:
        """Make the newest leaf below this version of a message the head."""
        messages = self.messages.order_by("created_at").values_list("pk", "parent_id")
        self.head_id = newest_below(messages, message.pk)
        self.save(update_fields=["head"])

    def ask(
        self,
        text: str,
        replaces: Message | None = None,
        images: Sequence[dict[str, Any]] = (),
        idempotency_key: UUID | None = None,
    ) -> Message:
        """Add a question and its queued answer, at the head or as a version of the question that it
        `replaces`, whose images it keeps. `idempotency_key` becomes the question's id, unless that
        id is taken. Returns the answer."""
        with transaction.atomic():
            question = self._question(
                idempotency_key,
                parent_id=replaces.parent_id if replaces else self.head_id,
                role=Message.Role.USER,
                text=text,
                images=[*(replaces.images if replaces else []), *images],
                status=Message.Status.COMPLETE,
            )
            if not self.title:
                self.title = title_from(text or question.images[0]["alt"])
            answer = self._answer(question)
            if replaces:
                question_repeated.send(Conversation, conversation=self)
            return answer

    def remove_answers(self, origin: Origin) -> None:
        """Delete the answers of an origin, with each question that has no other answer, and the
        conversation if no answer remains. What was said below them stays, below the nearest answer
        that does; shared copies are revoked, and a title that was the first line is made anew."""
        with transaction.atomic():
            if not Conversation.objects.select_for_update().filter(pk=self.pk).first():
                return  # deleted meanwhile
            answers = self.messages.answers()
            wanted = set(answers.filter(origin=origin).values_list("pk", flat=True))
            if not answers.exclude(pk__in=wanted).exists():
                self.delete()
                return
            gone, moved = without_answers(dict(self.messages.values_list("pk", "parent")), wanted)
            for pk, parent in moved.items():
                self.messages.filter(pk=pk).update(parent=parent)
            self.messages.filter(pk__in=gone).delete()
            self.shared_copies.revoke()
            self._repair_head_and_title()

    def _repair_head_and_title(self) -> None:
        self.refresh_from_db()
        remaining = self.messages.order_by("created_at")
        if self.head_id is None:
            self.head = remaining.last()
        question = remaining.filter(role=Message.Role.USER).exclude(text="").first()
        if question and self.titled_by == TitledBy.FIRST_LINE:
            self.title = title_from(question.text)
        self.save(update_fields=["head", "title"])

    def _question(self, idempotency_key: UUID | None, **fields: Any) -> Message:
        if idempotency_key:
            with suppress(IntegrityError), transaction.atomic():
                return self._add(pk=idempotency_key, **fields)
        return self._add(**fields)

    def _add(self, **fields: Any) -> Message:
        return ADD_MESSAGE.run(Message(conversation=self, **fields))

    def answer(self, question: Message) -> Message:
        """Add a queued answer to a question, with its prompt version, as the new head."""
        with transaction.atomic():
            answer = self._answer(question)
            question_repeated.send(Conversation, conversation=self)
            return answer

    def _answer(self, question: Message) -> Message:
        version = self.assistant.choose_version(self._previous_version() if self.head_id else None)
        answer = self._add(
            parent=question,
            role=Message.Role.ASSISTANT,
            prompt_version=version,
            model=version.model,
            parameters=version.parameters,
            origin=Origin.of_site(),
            request_id=uuid4(),
        )
        self.head = answer
        self.updated_at = timezone.now()
        GO_ON.run(id=self.pk, head=answer.pk, title=self.title, updated_at=self.updated_at)
        return answer

    def _previous_version(self) -> PromptVersion | None:
        return PREVIOUS_VERSION.first(conversation=self.pk)


def title_from(text: str) -> str:
    """The first line of a question, at most 60 characters, cut at a word."""
    line = text.strip().splitlines()[0].lstrip("#>*- ").strip()
    if len(line) <= 60:
        return line
    return line[:60].rsplit(" ", 1)[0] + "…"


ADD, ADD_MESSAGE = Insert(lambda: Conversation), Insert(lambda: Message)
GO_ON = Update(
    lambda: Conversation.objects.filter(pk=given(Conversation, "id")),
    *("head", "title", "updated_at"),
)
OTHER_ASSISTANT = Rows(
    lambda: Assistant.objects.exclude(pk=given(Assistant, "id")).order_by().values_list("pk")[:1]
)
PREVIOUS_VERSION = Select(
    lambda: PromptVersion.objects.filter(
        messages__conversation=given(Message, "conversation")
    ).order_by("-messages__created_at")[:1]
)
