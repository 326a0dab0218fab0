"""Heartbeat of all running answers of a process, each second: a few queries for all of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from chatapp.models import Message, WaitingMessage

# A queued answer that no process has claimed after so many seconds may be claimed by any.
UNCLAIMED_SECONDS = 2


class HeartbeatResult(NamedTuple):
    to_stop: set[UUID]  # requested by the user
    deleted: set[UUID]  # while they were being generated
    waiting: dict[UUID, str]  # id of the message that waits for each answer; empty if none does
    abandoned: list[UUID]  # without a heartbeat for too long; may include this process's own


def save_progress(unsaved: Mapping[UUID, Mapping[str, Any]]) -> HeartbeatResult:
    """Save partial answers in one transaction, and mark answers of dead processes abandoned."""
    own = Message.objects.filter(pk__in=unsaved).claimed()
    alive: dict[UUID, bool] = {}
    waiting: dict[UUID, str] = {}
    if unsaved:
        with transaction.atomic():
            for pk, fields in unsaved.items():
                own.filter(pk=pk).update(
                    heartbeat_at=Now(), status=Message.Status.STREAMING, error="", **fields
                )
            alive = dict(own.values_list("pk", "stop_requested"))
        ids = WaitingMessage.objects.filter(answer__in=unsaved).values_list("answer", "pk")
        waiting = dict.fromkeys(unsaved, "") | {answer: str(pk) for answer, pk in ids}
    abandoned = Message.objects.abandoned().mark_abandoned()
    to_stop = {pk for pk, wanted in alive.items() if wanted}
    return HeartbeatResult(to_stop, unsaved.keys() - alive.keys(), waiting, abandoned)


def unclaimed_answers() -> list[UUID]:
    """Ids of queued answers that no process has claimed, 100 at most."""
    limit = timezone.now() - timedelta(seconds=UNCLAIMED_SECONDS)
    waiting = Message.objects.filter(status=Message.Status.QUEUED, created_at__lt=limit)
    return list(waiting.values_list("pk", flat=True)[:100])
