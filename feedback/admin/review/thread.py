"""Conversation around a rated answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from chatapp.models import Message
from chatapp.models.message_tree import path_to


@dataclass(frozen=True)
class Thread:
    """Messages on one page. earlier: before the question; later: what the user sees after the
    answer; others: other answers to the same question."""

    earlier: list[Message]
    question: Message | None
    answer: Message
    later: list[Message]
    others: list[Message]


def thread_of(answer: Message) -> Thread:
    """Return the thread, with two queries: the message tree, then the texts that are shown. With
    STAFF_ACCESS=answer these are the answer and what led to it, nothing else."""
    is_whole = settings.STAFF_ACCESS != "answer"
    tree = {m.pk: m for m in answer.conversation.messages.only("parent_id", "conversation_id")}
    path = [message.pk for message in path_to(tree, answer.pk)]
    visible = [message.pk for message in path_to(tree, answer.conversation.head_id)]
    later = visible[len(path) :] if is_whole and answer.pk in visible else []
    others = [
        message.pk
        for message in tree.values()
        if is_whole and message.parent_id == answer.parent_id and message.pk != answer.pk
    ]
    texts = Message.objects.in_bulk([*path, *later, *others])
    ancestors = [texts[pk] for pk in path[:-1]]
    return Thread(
        earlier=ancestors[:-1],
        question=ancestors[-1] if ancestors else None,
        answer=answer,
        later=[texts[pk] for pk in later],
        others=[texts[pk] for pk in others],
    )
