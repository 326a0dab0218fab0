"""Outboxes of one rating for the state machine: a row by itself, and the real tables."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from chatapp.models import Assistant, Conversation, Message, User
from feedback.models import Delivery, Rating
from feedback.models.outbox.desired_state import DesiredState
from feedback.models.outbox.outcome import Job, Outcome
from feedback.models.outbox.state_machine import Call, State


class Outbox(Protocol):
    row: Delivery

    def click(self, value: int | None, now: datetime) -> None: ...

    def claim(self, now: datetime) -> list[Job]: ...

    def record(self, outcome: Outcome, now: datetime) -> None: ...


class OneRow:
    """A row without a database. What the queries of the outbox do is done here."""

    def __init__(self, request_id: UUID | None, asked_at: datetime, now: datetime) -> None:
        self.request_id, self.asked_at = request_id, asked_at
        self.value: int | None = 1
        self.review: int | None = None
        self.row = Delivery(due_at=now, held_until=now)
        self.holders = 0

    def click(self, value: int | None, now: datetime) -> None:
        self.value = value
        self.become_due(now)

    def become_due(self, now: datetime) -> None:
        self.row.state, self.row.due_at = State.DUE, now
        self.row.call = Call.SEND if self.row.ingested_at else Call.READ
        self.row.revision += 1
        self.row.attempts, self.row.settled_at = 0, None

    def claim(self, now: datetime) -> list[Job]:
        if not self.row.call or max(self.row.due_at, self.row.held_until) > now:
            return []
        self.holders += 1
        desired = DesiredState(self.request_id, self.asked_at, self.value, review=self.review)
        job = self.row.claim_step(desired, UUID(int=self.holders), now)
        return [job] if job else []

    def record(self, outcome: Outcome, now: datetime) -> None:
        if self.row.holder == outcome.job.holder:
            outcome.apply(self.row, now)


class Tables:
    """The outbox itself, with a clock that the test turns; only the circuit is left out."""

    def __init__(self, request_id: UUID | None, asked_at: datetime, now: datetime) -> None:
        Rating.objects.all().delete()
        alice = User.objects.get_or_create(username="alice")[0]
        assistant = Assistant.objects.first() or Assistant.objects.create_default()
        talk = Conversation.objects.filter(user=alice).first()
        talk = talk or Conversation.objects.start(alice, assistant)
        answer = Message.objects.create(
            conversation=talk,
            role="assistant",
            status="complete",
            helicone_id=request_id,
            created_at=asked_at,
        )
        self.rating = Rating.objects.create(message=answer, user=alice, value=1)
        self.row = Delivery.objects.create(rating=self.rating, due_at=now, held_until=now)

    def click(self, value: int | None, now: datetime) -> None:
        self.rating.value = value
        self.rating.save(update_fields=["value"])
        Delivery.objects.make_due(self.rating)
        self.row.refresh_from_db()

    def claim(self, now: datetime) -> list[Job]:
        jobs = Delivery.objects.claim_at(now, self.row.call, 1)
        self.row.refresh_from_db()
        return jobs

    def record(self, outcome: Outcome, now: datetime) -> None:
        Delivery.objects.record_at(now, [outcome])
        self.row.refresh_from_db()
