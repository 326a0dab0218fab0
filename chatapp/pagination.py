"""Pagination: the conversation list by day and cursor, and a long thread a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chatapp.models import Conversation, Message, User
from chatapp.models.conversation import ConversationQuerySet
from chatapp.models.message_tree import path_to, with_versions

PAGE = 40  # conversations
PINNED = 100
THREAD_PAGE = 40  # messages


class Place(NamedTuple):
    """Where a page ends: the last conversation on it."""

    moment: datetime
    pk: UUID

    def __str__(self) -> str:
        return f"{self.moment.isoformat()}~{self.pk}"


@dataclass(frozen=True)
class Group:
    """Conversations under one heading, which the page before has shown already if it `continues`."""

    label: str
    conversations: list[Conversation]
    continues: bool = False


@dataclass(frozen=True)
class Listing:
    """A page of a list; `after` is where the next one starts, empty if there is none."""

    groups: list[Group]
    after: str = ""


def sidebar(person: User | None) -> Listing:
    """What is pinned, then the newest. Two queries."""
    own = Conversation.objects.of(person).listed()
    pinned = list(own.pinned()[:PINNED])
    page = listing(own.filter(pinned_at=None))
    groups = [Group(_("Pinned"), pinned)] if pinned else []
    return Listing(groups + page.groups, page.after)


def listing(conversations: ConversationQuerySet, after: Place | None = None) -> Listing:
    """A page of these, newest first. One query."""
    if after:
        conversations = conversations.before(*after)
    rows = list(conversations[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    shown = label_of(localdate(after.moment)) if after else ""
    groups = [
        Group(label, list(group), continues=label == shown)
        for label, group in groupby(rows, lambda each: label_of(localdate(each.updated_at)))
    ]
    return Listing(groups, str(Place(rows[-1].updated_at, rows[-1].pk)) if more else "")


def place_from(text: str) -> Place | None:
    """What str() of a Place gave; None for anything else."""
    moment, _sign, pk = text.partition("~")
    try:
        place = Place(datetime.fromisoformat(moment), UUID(pk))
        localdate(place.moment)  # the ends of time have no day in every time zone
    except (ValueError, OverflowError):
        return None
    return place


def label_of(day: date) -> str:
    ago = localdate() - day
    if ago <= timedelta(0):
        return _("Today")
    if ago == timedelta(1):
        return _("Yesterday")
    if ago <= timedelta(7):
        return _("Previous 7 days")
    return date_format(day, "YEAR_MONTH_FORMAT")


@dataclass(frozen=True)
class Stretch:
    """A page of a thread: its end, or what leads to a message further up.

    Which messages there are and how they hang together is asked for all of them, what they say only
    for those that are shown: two queries, however long the conversation is.

    Messages in a row as the person sees them; whether others come before and after them.
    """

    messages: list[Message]
    has_earlier: bool = False
    has_later: bool = False


class MessageNode(NamedTuple):
    """A message in the tree."""

    pk: UUID
    parent_id: UUID | None
    has_something: bool


def newest(conversation: Conversation, down_from: UUID | None = None) -> Stretch:
    """The last THREAD_PAGE messages; more, if it takes more to have `down_from` among them."""
    outline = outline_of(conversation)
    ids = path_through(outline, conversation)
    first = min(
        max(len(ids) - THREAD_PAGE, 0), ids.index(down_from) if down_from in ids else len(ids)
    )
    return load(conversation, outline, ids, first, len(ids))


def above(conversation: Conversation, message: UUID) -> Stretch:
    """The THREAD_PAGE messages before that one; the end, if it is not to be seen any more."""
    outline = outline_of(conversation)
    ids = path_through(outline, conversation)
    end = ids.index(message) if message in ids else len(ids)
    return load(conversation, outline, ids, max(end - THREAD_PAGE, 0), end)


def outline_of(conversation: Conversation) -> dict[UUID, MessageNode]:
    said = ~Q(text="") | ~Q(images=[]) | Q(status__in=Message.RUNNING)
    rows = conversation.messages.order_by("created_at").values_list(
        "pk", "parent_id", ExpressionWrapper(said, BooleanField())
    )
    return {row[0]: MessageNode(*row) for row in rows}


def path_through(outline: dict[UUID, MessageNode], conversation: Conversation) -> list[UUID]:
    return [node.pk for node in path_to(outline, conversation.head_id)]


def load(
    conversation: Conversation,
    outline: dict[UUID, MessageNode],
    ids: list[UUID],
    first: int,
    end: int,
) -> Stretch:
    by_id = conversation.messages.in_bulk(ids[first:end])
    messages = [by_id[pk] for pk in ids[first:end]]
    for message, versions in with_versions(messages, outline.values()):
        message.versions = versions
    return Stretch(messages, has_earlier=first > 0, has_later=end < len(ids))
