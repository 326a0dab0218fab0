"""Pagination of the conversation list, by cursor, and of long threads."""

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
from chatapp.prepared import Select, given

PAGE_SIZE = 40  # conversations
MAX_PINNED = 100
THREAD_PAGE_SIZE = 40  # messages


def listed() -> ConversationQuerySet:
    return Conversation.objects.owned_by(given(User, "id", "user")).listed()


PINNED = Select(lambda: listed().pinned()[:MAX_PINNED])
RECENT = Select(lambda: listed().filter(pinned_at=None)[: PAGE_SIZE + 1])


class Cursor(NamedTuple):
    """The last conversation of a page, after which the next page starts."""

    moment: datetime
    pk: UUID

    def __str__(self) -> str:
        return f"{self.moment.isoformat()}~{self.pk}"


@dataclass(frozen=True)
class Group:
    """Conversations under one heading; `continues` if the previous page has the heading already."""

    label: str
    conversations: list[Conversation]
    continues: bool = False


@dataclass(frozen=True)
class ConversationPage:
    """A page of the list; `after` is the cursor of the next page, empty if there is none."""

    groups: list[Group]
    after: str = ""


def sidebar(user: User | None) -> ConversationPage:
    """The pinned conversations, then the first page of the others. Two queries."""
    pinned = PINNED.all(user=user.pk) if user else []
    page = page_of(RECENT.all(user=user.pk) if user else [])
    groups = [Group(_("Pinned"), pinned)] if pinned else []
    return ConversationPage(groups + page.groups, page.after)


def conversation_page(
    conversations: ConversationQuerySet, after: Cursor | None = None
) -> ConversationPage:
    """A page of conversations, newest first. One query."""
    if after:
        conversations = conversations.before(*after)
    return page_of(list(conversations[: PAGE_SIZE + 1]), after)


def page_of(rows: list[Conversation], after: Cursor | None = None) -> ConversationPage:
    """A page of the first PAGE_SIZE of these conversations."""
    has_more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    previous_label = day_label(localdate(after.moment)) if after else ""
    groups = [
        Group(label, list(group), continues=label == previous_label)
        for label, group in groupby(rows, lambda each: day_label(localdate(each.updated_at)))
    ]
    return ConversationPage(
        groups, str(Cursor(rows[-1].updated_at, rows[-1].pk)) if has_more else ""
    )


def parse_cursor(text: str) -> Cursor | None:
    """Parse a cursor's string; None if it is invalid."""
    moment, _sign, pk = text.partition("~")
    try:
        cursor = Cursor(datetime.fromisoformat(moment), UUID(pk))
        localdate(cursor.moment)  # the ends of time have no day in every time zone
    except (ValueError, OverflowError):
        return None
    return cursor


def day_label(day: date) -> str:
    age = localdate() - day
    if age <= timedelta(0):
        return _("Today")
    if age == timedelta(1):
        return _("Yesterday")
    if age <= timedelta(7):
        return _("Previous 7 days")
    return date_format(day, "YEAR_MONTH_FORMAT")


@dataclass(frozen=True)
class MessagePage:
    """Consecutive messages of the visible path, and whether others come before and after them.

    Two queries for any length: ids and parents of all messages, texts only of those on the page.
    """

    messages: list[Message]
    has_earlier: bool = False
    has_later: bool = False


class MessageNode(NamedTuple):
    """A message without its text, as a node of the message tree."""

    pk: UUID
    parent_id: UUID | None
    has_content: bool


def last_page(conversation: Conversation, including: UUID | None = None) -> MessagePage:
    """The last THREAD_PAGE_SIZE messages; more if needed to include message `including`."""
    outline = load_outline(conversation)
    ids = path_ids(outline, conversation)
    start = min(
        max(len(ids) - THREAD_PAGE_SIZE, 0), ids.index(including) if including in ids else len(ids)
    )
    return load_page(conversation, outline, ids, start, len(ids))


def page_before(conversation: Conversation, message: UUID) -> MessagePage:
    """The THREAD_PAGE_SIZE messages before `message`; the last ones if it is not on the path."""
    outline = load_outline(conversation)
    ids = path_ids(outline, conversation)
    end = ids.index(message) if message in ids else len(ids)
    return load_page(conversation, outline, ids, max(end - THREAD_PAGE_SIZE, 0), end)


def load_outline(conversation: Conversation) -> dict[UUID, MessageNode]:
    has_content = ~Q(text="") | ~Q(images=[]) | Q(status__in=Message.RUNNING)
    rows = conversation.messages.order_by("created_at").values_list(
        "pk", "parent_id", ExpressionWrapper(has_content, BooleanField())
    )
    return {row[0]: MessageNode(*row) for row in rows}


def path_ids(outline: dict[UUID, MessageNode], conversation: Conversation) -> list[UUID]:
    return [node.pk for node in path_to(outline, conversation.head_id)]


def load_page(
    conversation: Conversation,
    outline: dict[UUID, MessageNode],
    ids: list[UUID],
    start: int,
    end: int,
) -> MessagePage:
    by_id = conversation.messages.in_bulk(ids[start:end])
    messages = [by_id[pk] for pk in ids[start:end]]
    for message, versions in with_versions(messages, outline.values()):
        message.versions = versions
    return MessagePage(messages, has_earlier=start > 0, has_later=end < len(ids))
