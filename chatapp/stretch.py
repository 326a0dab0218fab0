"""The part of a conversation that a page shows: its end, or what leads to a message further up.

Which messages there are and how they hang together is asked for all of them, what they say only for
those that are shown: two queries, however long the conversation is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

from chatapp.models import Conversation, Message
from chatapp.models.message_tree import know_versions, walk

PAGE = 40  # messages


@dataclass(frozen=True)
class Stretch:
    """Messages in a row as the person sees them; whether others come before and after them."""

    messages: list[Message]
    has_earlier: bool = False
    has_later: bool = False


class Place(NamedTuple):
    """A message in the tree."""

    pk: UUID
    parent_id: UUID | None
    has_something: bool


def newest(conversation: Conversation, down_from: UUID | None = None) -> Stretch:
    """The last PAGE messages; more, if it takes more to have `down_from` among them."""
    outline = outline_of(conversation)
    ids = path_through(outline, conversation)
    first = min(max(len(ids) - PAGE, 0), ids.index(down_from) if down_from in ids else len(ids))
    return load(conversation, outline, ids, first, len(ids))


def above(conversation: Conversation, message: UUID) -> Stretch:
    """The PAGE messages before that one; the end, if it is not to be seen any more."""
    outline = outline_of(conversation)
    ids = path_through(outline, conversation)
    end = ids.index(message) if message in ids else len(ids)
    return load(conversation, outline, ids, max(end - PAGE, 0), end)


def outline_of(conversation: Conversation) -> dict[UUID, Place]:
    said = ~Q(text="") | ~Q(images=[]) | Q(status__in=Message.RUNNING)
    rows = conversation.messages.order_by("created_at").values_list(
        "pk", "parent_id", ExpressionWrapper(said, BooleanField())
    )
    return {row[0]: Place(*row) for row in rows}


def path_through(outline: dict[UUID, Place], conversation: Conversation) -> list[UUID]:
    return [place.pk for place in walk(outline, conversation.head_id)]


def load(
    conversation: Conversation, outline: dict[UUID, Place], ids: list[UUID], first: int, end: int
) -> Stretch:
    by_id = conversation.messages.in_bulk(ids[first:end])
    messages = [by_id[pk] for pk in ids[first:end]]
    know_versions(messages, outline.values())
    return Stretch(messages, has_earlier=first > 0, has_later=end < len(ids))
