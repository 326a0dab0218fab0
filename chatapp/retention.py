"""What people deleted, gone for good some days later; temporary chats, some hours later. A loop of the server, and a command.

It goes from here. What Helicone was sent, questions, answers and thumbs under ids that name nobody,
stays there as long as that organisation's retention keeps it: its API deletes nothing.
"""

import asyncio
import contextlib
import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from chatapp.concurrency import run_in_db_thread
from chatapp.images.storage import delete_orphans
from chatapp.models import Conversation

log = logging.getLogger(__name__)
BATCH = 100
ROUND = 3600.0  # seconds


def due() -> Q:
    now = timezone.now()
    deleted = Q(deleted_at__lt=now - timedelta(days=settings.DELETED_KEEP_DAYS))
    left = Q(is_temporary=True, updated_at__lt=now - timedelta(hours=settings.TEMPORARY_HOURS))
    return deleted | left


def purge() -> int:
    """Delete what is due, with its messages and ratings. Returns how many conversations it was.

    In small transactions: whoever chats meanwhile doesn't wait for all of it.
    """
    purged = 0
    while batch := list(Conversation.objects.filter(due()).values_list("pk", flat=True)[:BATCH]):
        # Asked again with the condition: one taken back since then stays.
        _rows, kinds = Conversation.objects.filter(due(), pk__in=batch).delete()
        purged += kinds.get("chatapp.Conversation", 0)
    return purged


async def run(stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            if purged := await run_in_db_thread(purge):
                log.info("%d deleted conversations were purged.", purged)
            await run_in_db_thread(delete_orphans)
        except DatabaseError as error:
            log.warning("Deleted conversations could not be purged: %s", error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), ROUND)
