"""The outbox: what Helicone should know of each rating, and what it has been seen to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from feedback.models.outbox.circuit import HeliconeCircuit
from feedback.models.outbox.desired_state import DesiredState, EndStep, SendStep
from feedback.models.outbox.outcome import Job, Outcome
from feedback.models.outbox.state_machine import LATE, QUIET, Call, DeliveryState, State
from feedback.models.rating import Rating

# Sent, once committed, when a rating is to be delivered: a worker in this process needn't poll.
became_due = Signal()


def lease() -> timedelta:
    """How long a claim holds: a call may wait two timeouts for its turn, and then take one."""
    return timedelta(seconds=3 * settings.HELICONE_TIMEOUT)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def make_due(self, rating: Rating) -> None:
        """The rating's newest revision is to be delivered, from whatever state it was in.
        Called in the transaction that saves the rating."""
        if not self.filter(rating=rating).again():
            self.create(rating=rating)
        transaction.on_commit(lambda: became_due.send(Delivery))

    def again(self) -> int:
        """Make these due from the start, whatever state they are in. How many there were."""
        known = models.When(ingested_at=None, then=models.Value(Call.READ))
        return self.update(
            state=State.DUE,
            call=models.Case(known, default=models.Value(Call.SEND)),
            due_at=Now(),
            wanted_at=Now(),
            revision=models.F("revision") + 1,
            attempts=0,
            last_error="",
            settled_at=None,
        )

    def pending(self) -> DeliveryQuerySet:
        return self.exclude(call="")

    def known_request(self) -> UUID | None:
        """A request that Helicone was seen to know: a witness for queries."""
        seen = self.filter(settled_at__isnull=False, shown__isnull=False)
        newest = seen.order_by("-settled_at").values_list("rating__message__helicone_id", flat=True)
        return newest.first()

    def claimable(self, call: str, now: datetime) -> DeliveryQuerySet:
        """Due and free, the longest due first. Served by the index `deliveries_pending`."""
        return self.filter(call=call, due_at__lte=now, held_until__lte=now).order_by("due_at")

    def claim(self, call: str, limit: int) -> list[Job]:
        """Take up to `limit` deliveries whose next call is of this kind, and nobody else may.

        What is about to be sent is stored with the claim, so that a worker that dies after
        sending leaves behind what it may have sent.
        """
        now = HeliconeCircuit.objects.now()
        waiting = self.claimable(call, now)[:limit].count()
        if not waiting:
            return []
        allowed = HeliconeCircuit.objects.allow(call, waiting if call == Call.SEND else 1)
        return self._claim(call, allowed if call == Call.SEND else limit * allowed)

    def _claim(self, call: str, limit: int) -> list[Job]:
        if not limit:  # spares a transaction, which on SQLite would lock out all other writers
            return []
        with transaction.atomic():
            now = HeliconeCircuit.objects.now()
            rows = list(self.claimable(call, now).select_for_update(skip_locked=True)[:limit])
            wishes = desired_states(rows)
            holder = uuid4()
            jobs = [job for row in rows if (job := row.take(wishes[row.rating_id], holder, now))]
            # Claims to read change nothing but the lease, all alike.
            if call == Call.READ:
                held = self.filter(pk__in=[job.pk for job in jobs])
                held.update(holder=holder, held_until=now + lease())
                rows = [row for row in rows if row.holder != holder]
            self.store(rows)
        return jobs

    def record(self, outcomes: list[Outcome]) -> None:
        """Tell the rows what their calls brought. A row that somebody else took over since, or
        that is gone, isn't told: what it needs to know was stored with the claim."""
        with transaction.atomic():
            held = self.filter(pk__in=[outcome.job.pk for outcome in outcomes])
            rows = {row.pk: row for row in held.order_by("pk").select_for_update()}
            now = HeliconeCircuit.objects.now()
            told = []
            for outcome in outcomes:
                row = rows.get(outcome.job.pk)
                if row and row.holder == outcome.job.holder:
                    outcome.apply(row, now)
                    told.append(row)
            self.store(told)
        HeliconeCircuit.objects.learn(outcomes)

    def store(self, rows: list[Delivery]) -> None:
        """Write locked rows, all in a few statements: an upsert is many times faster than
        `bulk_update`, and nothing can be inserted where every row is locked."""
        self.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=STORED, batch_size=500
        )

    def revive(self) -> int:
        """Make those due whose answer has got its Helicone id after all."""
        return self.filter(state=State.NOWHERE, rating__message__helicone_id__isnull=False).again()


class Delivery(DeliveryState):
    """One rating's way to Helicone. The rating is the truth, this row follows it."""

    State = State

    rating = models.OneToOneField(Rating, models.CASCADE, related_name="delivery")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("deliveries")
        indexes = [
            # claimable()
            models.Index(
                fields=["call", "due_at"],
                name="deliveries_pending",
                condition=~models.Q(call=""),
            ),
            # Summary: the longest waiting, and how many were settled lately
            models.Index(fields=["state", "wanted_at"], name="deliveries_waiting"),
            models.Index(fields=["state", "settled_at"], name="deliveries_by_state"),
            # The list of rated answers by state
            models.Index(fields=["state", "rating"], name="deliveries_in_the_list"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    def take(self, wish: DesiredState, holder: UUID, now: datetime) -> Job | None:
        """The job to do next, held; None where there is nothing to call for, or another kind."""
        step = self.step(wish, now)
        if isinstance(step, EndStep):
            self.end(step, now)
            return None
        if isinstance(step, SendStep) != (self.call == Call.SEND):
            self.call = Call.SEND if isinstance(step, SendStep) else Call.READ
            return None
        if isinstance(step, SendStep):
            self.hold(holder, now + lease() + LATE + QUIET)
            self.intend(step, now + lease() + LATE)
        else:
            self.hold(holder, now + lease())
        return Job(self.pk, holder, self.revision, wish, step, now)


STORED = [field.name for field in DeliveryState._meta.local_fields if field.name != "revision"]


def desired_states(rows: Iterable[Delivery]) -> Mapping[int, DesiredState]:
    """What the locked rows' ratings want now, by rating.

    A second query on purpose: joined to the locking one, PostgreSQL could pair a delivery's newest
    version with the version its rating had before.
    """
    ratings = Rating.objects.filter(pk__in=[row.rating_id for row in rows])
    ratings = ratings.select_related("message").only(
        "value", "comment", "correction", "message__helicone_id", "message__created_at"
    )
    if settings.HELICONE_SEND_REASONS:
        ratings = ratings.prefetch_related("reasons")
    return {rating.pk: desired_state(rating) for rating in ratings}


def desired_state(rating: Rating) -> DesiredState:
    message = rating.message
    return DesiredState(
        message.helicone_id, message.created_at, rating.value, properties_of(rating)
    )


def properties_of(rating: Rating) -> dict[str, str]:
    """Why, where the settings say that it may leave the house; they can be personal."""
    if not settings.HELICONE_SEND_REASONS:
        return {}
    said: dict[str, Any] = {
        "rating-reasons": ",".join(sorted(reason.slug for reason in rating.reasons.all())),
        "rating-comment": rating.comment,
        "rating-correction": rating.correction,
    }
    return said
