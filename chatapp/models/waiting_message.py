"""WaitingMessage: the next message of a conversation, written while an answer runs."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils import timezone

from chatapp.models.conversation import Conversation
from chatapp.models.message import Message


class WaitingMessageQuerySet(models.QuerySet["WaitingMessage"]):
    def of(self, conversation: Conversation) -> WaitingMessageQuerySet:
        """Those of one conversation with their answers: at most one waits, others returned."""
        own = self.filter(answer__conversation=conversation)
        return own.select_related("answer").order_by("created_at")


class WaitingMessage(models.Model):
    """A message that is sent once its `answer` is complete. It returned if the answer ended
    otherwise or the message was rejected; it stays until its user takes it back.

    Its id becomes the question's. `language` is for the `problem`, a sentence for the user.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    answer = models.OneToOneField(Message, models.CASCADE, related_name="waiting_message")
    text = models.TextField(blank=True)
    images = models.JSONField(default=list, blank=True, editable=False)  # as in Message
    language = models.CharField(max_length=20, blank=True)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = WaitingMessageQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_waiting(self) -> bool:
        return self.answer.is_running and not self.problem
