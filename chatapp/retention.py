"""Hourly purge of deleted and temporary conversations, and of what is listed of ended sessions.

Only local data is purged. Questions, answers and ratings at Helicone, under opaque ids, stay there
for that organisation's retention time: its API has no deletion.
"""

import asyncio
import contextlib
import logging
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from chatapp.concurrency import run_in_db_thread
from chatapp.images.storage import delete_orphans
from chatapp.models import Conversation
from chatapp.search import sqlite

log = logging.getLogger(__name__)
BATCH = 100
INTERVAL_SECONDS = 3600.0  # seconds


def is_due() -> Q:
    now = timezone.now()
    deleted = Q(deleted_at__lt=now - timedelta(days=settings.DELETED_KEEP_DAYS))
    abandoned = Q(is_temporary=True, updated_at__lt=now - timedelta(hours=settings.TEMPORARY_HOURS))
    return deleted | abandoned


def purge() -> int:
    """Delete due conversations with their messages and ratings; returns their number.

    In small transactions, so that locks are short.
    """
    purged = 0
    while batch := list(Conversation.objects.filter(is_due()).values_list("pk", flat=True)[:BATCH]):
        # The condition is repeated: a conversation restored since the query stays.
        _rows, kinds = Conversation.objects.filter(is_due(), pk__in=batch).delete()
        purged += kinds.get("chatapp.Conversation", 0)
    if purged:
        sqlite.erase_deleted(connection)
    return purged


def purge_sessions() -> None:
    """Delete what is listed of sessions that have ended."""
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    UserSession.objects.filter(~Exists(alive)).delete()


async def run(stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            if purged := await run_in_db_thread(purge):
                log.info("%d deleted conversations were purged.", purged)
            await run_in_db_thread(delete_orphans)
            await run_in_db_thread(purge_sessions)
        except DatabaseError as error:
            log.warning("Deleted conversations could not be purged: %s", error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), INTERVAL_SECONDS)
