"""What a server does every second for all the answers it writes, in a few queries."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from chatapp.models import Message

# An answer that was accepted and that nobody began within so many seconds is anybody's.
ABANDONED_AFTER = 2


class HeartbeatResult(NamedTuple):
    to_stop: set[UUID]  # their person asked for it
    gone: set[UUID]  # deleted while they were being written
    given_up: list[UUID]  # of processes that fell silent, this one's among them if it was slow


def save_progress(growing: Mapping[UUID, Mapping[str, Any]]) -> HeartbeatResult:
    """Store how far these answers are, in one transaction, and give up those of silent processes."""
    mine = Message.objects.filter(pk__in=growing).claimed()
    alive = {}
    if growing:
        with transaction.atomic():
            for pk, fields in growing.items():
                mine.filter(pk=pk).update(
                    heartbeat_at=Now(), status=Message.Status.STREAMING, error="", **fields
                )
            alive = dict(mine.values_list("pk", "stop_requested"))
    given_up = Message.objects.abandoned().mark_abandoned()
    to_stop = {pk for pk, wanted in alive.items() if wanted}
    return HeartbeatResult(to_stop, growing.keys() - alive.keys(), given_up)


def unclaimed_answers() -> list[UUID]:
    """Answers that were accepted, and that nobody began to write."""
    left = timezone.now() - timedelta(seconds=ABANDONED_AFTER)
    waiting = Message.objects.filter(status=Message.Status.QUEUED, created_at__lt=left)
    return list(waiting.values_list("pk", flat=True)[:100])
