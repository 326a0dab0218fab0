"""Update of the rollup: recount changed conversations and add the differences.

The unit is a conversation: its share of the daily counts is stored (`CountedConversation`), so that
a change costs a recount of its conversation only, and counting twice is harmless. One process
counts at a time, under a lock for which no chat or rating waits.
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

# Changes per transaction: the large batch if more than FAR_BEHIND wait, since reading whole tables
# is faster then.
BATCH, FAR_BEHIND, LARGE_BATCH = 500, 5000, 20_000
LOCK_TIMEOUT = 2000  # ms to wait for another process that is counting

# PostgreSQL would read whole tables for small batches too.
BY_INDEX = "; ".join(
    f"SET LOCAL {name} = off" for name in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
)


def update_rollup(seconds: float) -> bool:
    """Apply pending changes to the rollup, for about this many seconds.
    Returns whether all changes that were committed when this was called are applied."""
    until = time.monotonic() + seconds
    try:
        while not is_current():
            with exclusive_snapshot():
                nothing_left = recount_batch()
            if nothing_left:
                break
            if time.monotonic() > until:
                return False
    except OperationalError:  # another process is counting and holds the lock
        return False
    return True


def is_current() -> bool:
    in_zone = TallyState.objects.filter(zone=settings.TIME_ZONE).exists()
    return in_zone and not PendingRecount.objects.exists()


def is_far_behind() -> bool:
    """Whether an update would take minutes, as after a migration or an import."""
    return PendingRecount.objects.all()[FAR_BEHIND:].exists()


@contextmanager
def exclusive_snapshot() -> Iterator[None]:
    """Transaction with a snapshot, exclusive among counting processes.
    The lock is taken before the snapshot, which therefore includes the previous holder's changes."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                if outermost:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT}; SET LOCAL jit = off")
                cursor.execute("LOCK TABLE feedback_tallystate IN EXCLUSIVE MODE")
        yield


def recount_batch() -> bool:
    """Apply one batch of pending changes. Returns whether it was the last of the snapshot."""
    if not TallyState.objects.filter(zone=settings.TIME_ZONE).exists():
        rollup.recount_all(connection)
    on_postgresql = connection.vendor == "postgresql"
    size = LARGE_BATCH if on_postgresql and is_far_behind() else BATCH
    if on_postgresql and size == BATCH:
        with connection.cursor() as cursor:
            cursor.execute(BY_INDEX)
    pending = list(PendingRecount.objects.order_by("pk")[:size])
    pks = sorted(conversations(pending))
    for first in range(0, len(pks), size):
        recount(pks[first : first + size])
    PendingRecount.objects.filter(pk__in=[row.pk for row in pending]).delete()
    return len(pending) < size


def conversations(pending: Iterable[PendingRecount]) -> set[UUID]:
    """Ids of the conversations that the changes refer to now.
    A reference to a deleted row finds none; the deletion has an entry of its own."""
    answers = Message.objects.order_by().values_list("conversation", flat=True)
    owned = Conversation.objects.order_by().values_list("pk", flat=True)
    found: set[UUID] = ids(pending, "conversation_id")
    found |= set(answers.filter(pk__in=ids(pending, "message_id")))
    found |= set(answers.filter(ratings__in=ids(pending, "rating_id")))
    found |= set(owned.filter(user__in=ids(pending, "user_id")))
    return found


def ids(pending: Iterable[PendingRecount], name: str) -> set[Any]:
    return {getattr(row, name) for row in pending} - {None}
