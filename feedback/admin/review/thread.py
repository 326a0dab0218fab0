"""A rated answer inside its conversation: what led to it, what followed, what else was answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from chatapp.models import Message
from chatapp.models.message_tree import path_to


@dataclass(frozen=True)
class Thread:
    """earlier: before the question; later: what the person sees after the answer; others: other
    answers to the same question."""

    earlier: list[Message]
    question: Message | None
    answer: Message
    later: list[Message]
    others: list[Message]


def thread_of(answer: Message) -> Thread:
    """Two queries: the shape of the whole conversation, then only the texts that are shown: of what
    neither is the answer nor led to it, none where the site's settings say so."""
    whole = settings.STAFF_ACCESS != "answer"
    shape = {m.pk: m for m in answer.conversation.messages.only("parent_id", "conversation_id")}
    path = [message.pk for message in path_to(shape, answer.pk)]
    seen = [message.pk for message in path_to(shape, answer.conversation.head_id)]
    later = seen[len(path) :] if whole and answer.pk in seen else []
    others = [
        message.pk
        for message in shape.values()
        if whole and message.parent_id == answer.parent_id and message.pk != answer.pk
    ]
    texts = Message.objects.in_bulk([*path, *later, *others])
    led = [texts[pk] for pk in path[:-1]]
    return Thread(
        earlier=led[:-1],
        question=led[-1] if led else None,
        answer=answer,
        later=[texts[pk] for pk in later],
        others=[texts[pk] for pk in others],
    )
