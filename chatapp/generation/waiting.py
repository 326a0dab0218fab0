"""Sending of the message that waits for an answer, in the transaction that ends the answer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import override

from chatapp.error_messages import NO_ASSISTANT
from chatapp.limits.quotas import images_error, quota_error
from chatapp.models import Conversation, Message, PromptVersion, User, WaitingMessage
from chatapp.prepared import Rows, Select, given

# Locks the owner of a conversation.
OWNER = Rows(
    lambda: (
        User.objects.filter(
            pk__in=Conversation.objects.filter(pk=given(Conversation, "id", "conversation")).values(
                "user"
            )
        )
        .select_for_update()
        .values_list("pk")
    )
)
WAITING = Select(
    lambda: WaitingMessage.objects.filter(answer=given(WaitingMessage, "answer")).order_by()
)


def save_and_send(answer: Message, **fields: Any) -> Message | None:
    """Save the end of an answer and, if it is complete, send the message that waits for it.
    Returns the answer of that message, queued; None if none was sent.

    Holds the user's lock, as every submission: what is to wait comes before this end or after it.
    """
    with transaction.atomic():
        OWNER.first(conversation=answer.conversation_id)
        if not answer.save_result(**fields) or answer.status != Message.Status.COMPLETE:
            return None
        waiting = WAITING.first(answer=answer.pk)
        return send(waiting) if waiting else None


def send(waiting: WaitingMessage) -> Message | None:
    """Ask the waiting message; returns its queued answer. None if it was rejected and so returned,
    or if the conversation was deleted."""
    undeleted = Conversation.objects.not_deleted().select_for_update()
    conversation = undeleted.filter(messages=waiting.answer_id).first()
    if conversation is None:
        return None
    with override(waiting.language or None):
        waiting.problem = rejection(conversation, waiting)
        if not waiting.problem:
            try:
                with transaction.atomic():
                    return ask(conversation, waiting)
            except PromptVersion.DoesNotExist:
                waiting.problem = str(NO_ASSISTANT)
    waiting.save(update_fields=["problem"])
    return None


def rejection(conversation: Conversation, waiting: WaitingMessage) -> str:
    """Why the message can't be sent now, as a sentence; empty if it can."""
    user = conversation.user
    images = images_error(user, conversation.assistant, len(waiting.images))
    return quota_error(user) or (images[1] if images else "")


def ask(conversation: Conversation, waiting: WaitingMessage) -> Message:
    # It replies to its answer, whichever version of the conversation is shown meanwhile.
    conversation.head_id = waiting.answer_id
    queued = conversation.ask(waiting.text, images=waiting.images, idempotency_key=waiting.pk)
    waiting.delete()
    return queued
