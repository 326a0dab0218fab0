"""The list of a person's conversations: by day, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chatapp.models import Conversation, User
from chatapp.models.conversation import ConversationQuerySet

PAGE = 40
PINNED = 100


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
