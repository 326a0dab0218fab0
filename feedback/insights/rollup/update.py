"""Counts anew what changed, and puts the difference into the tallies.

A conversation is the unit: what it has in the tallies is remembered (`CountedConversation`), so that a
change costs what its conversation holds, however much was said that day, and counting twice does
no harm. Only who holds the lock counts; nobody who chats or rates ever waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction

from feedback.chat.models import Conversation, Message
from feedback.insights import rollup
from feedback.insights.rollup.conversation_counts import recount
from feedback.models import PendingRecount, TallyState

# Changes in one transaction: many where more wait than FAR, since reading whole tables pays then.
FEW, FAR, MANY = 500, 5000, 20_000
WAIT = 2000  # ms, for somebody else who is counting

# PostgreSQL thinks that few are worth it already.
BY_INDEX = "; ".join(
    f"SET LOCAL {name} = off" for name in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
)


def update_rollup(seconds: float) -> bool:
    """Whether all that was committed when this was called is in the tallies now.

    Begins nothing more once so much time has passed: what is left is for the next one.
    """
    until = time.monotonic() + seconds
    try:
        while not is_folded():
            with exclusive_snapshot():
                nothing_left = step()
            if nothing_left:
                break
            if time.monotonic() > until:
                return False
    except OperationalError:  # somebody else counts, and goes on counting
        return False
    return True


def is_folded() -> bool:
    in_zone = TallyState.objects.filter(zone=settings.TIME_ZONE).exists()
    return in_zone and not PendingRecount.objects.exists()


def is_far_behind() -> bool:
    """After a migration, say, or an import: it takes minutes."""
    return PendingRecount.objects.all()[FAR:].exists()


@contextmanager
def exclusive_snapshot() -> Iterator[None]:
    """One transaction that sees one moment, of one counter at a time; SQLite has no other kind.

    The lock comes before the moment: whoever waited sees what the one before has done.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                if outermost:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(f"SET LOCAL lock_timeout = {WAIT}; SET LOCAL jit = off")
                cursor.execute("LOCK TABLE feedback_tallystate IN EXCLUSIVE MODE")
        yield


def step() -> bool:
    """Whether that was all, as of the moment that the transaction sees."""
    if not TallyState.objects.filter(zone=settings.TIME_ZONE).exists():
        rollup.begin_anew(connection)
    on_postgresql = connection.vendor == "postgresql"
    size = MANY if on_postgresql and is_far_behind() else FEW
    if on_postgresql and size == FEW:
        with connection.cursor() as cursor:
            cursor.execute(BY_INDEX)
    touched = list(PendingRecount.objects.order_by("pk")[:size])
    talks = sorted(conversations(touched))
    for first in range(0, len(talks), size):
        recount(talks[first : first + size])
    PendingRecount.objects.filter(pk__in=[one.pk for one in touched]).delete()
    return len(touched) < size


def conversations(touched: Iterable[PendingRecount]) -> set[UUID]:
    """Where the changes lead to, as it is now; what leads nowhere has left a trace of its own."""
    answers = Message.objects.order_by().values_list("conversation", flat=True)
    theirs = Conversation.objects.order_by().values_list("pk", flat=True)
    found: set[UUID] = ids(touched, "conversation_id")
    found |= set(answers.filter(pk__in=ids(touched, "message_id")))
    found |= set(answers.filter(ratings__in=ids(touched, "rating_id")))
    found |= set(theirs.filter(user__in=ids(touched, "user_id")))
    return found


def ids(touched: Iterable[PendingRecount], name: str) -> set[Any]:
    return {getattr(one, name) for one in touched} - {None}
