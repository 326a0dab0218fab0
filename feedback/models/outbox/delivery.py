"""The outbox: one delivery per rating, claimed by workers under a lease."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import Message, Origin
from feedback.chat.prepared import Insert, Update, given
from feedback.models.outbox.circuit import HeliconeCircuit
from feedback.models.outbox.desired_state import MAX_AGE, DesiredState, EndStep, SendStep
from feedback.models.outbox.outcome import Job, Outcome
from feedback.models.outbox.state_machine import LATE, QUIET, Call, DeliveryState, State
from feedback.models.rating import Rating

# Sent after the commit that makes a delivery due, so that a worker in this process needn't poll.
became_due = Signal()


class SentReview(Protocol):
    """What a review tells Helicone."""

    @property
    def score(self) -> int: ...
    @property
    def properties(self) -> Mapping[str, str]: ...


def lease() -> timedelta:
    """Duration of a claim: a call may wait for two timeouts and last for a third."""
    return timedelta(seconds=3 * settings.HELICONE_TIMEOUT)


# What makes a delivery due from the start.
DUE = {
    "state": State.DUE,
    "call": models.Case(
        models.When(ingested_at=None, then=models.Value(Call.READ)),
        default=models.Value(Call.SEND),
    ),
    "due_at": Now(),
    "wanted_at": Now(),
    "revision": models.F("revision") + 1,
    "attempts": 0,
    "last_error": "",
    "settled_at": None,
}


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def make_due(self, rating: Rating) -> None:
        """Make the rating's newest revision due, whatever state its delivery is in.
        Called in the transaction that saves the rating."""
        if not RESET.run(rating=rating.pk):
            ADD.run(Delivery(rating=rating))
        Delivery.objects.keep_here()
        transaction.on_commit(lambda: became_due.send(Delivery))

    def reset(self) -> int:
        """Make these deliveries due from the start, whatever their state. Returns their number."""
        due = self.update(**DUE)
        Delivery.objects.keep_here()
        return due

    def keep_here(self) -> None:
        """Without Helicone, end the due deliveries of answers that it never knew: no worker runs,
        and they would seem to wait."""
        if settings.HELICONE == "off":
            unknown = self.filter(state=State.DUE, rating__message__helicone_id=None)
            unknown.update(state=State.NOWHERE, call="")

    def make_reviews_due(self, reviews: Collection[int]) -> None:
        """Make the deliveries of changed reviews due, where reviews are sent at all.
        Called in the transaction that changes them. An answer for which Helicone takes no rating
        any more takes no review either."""
        if not settings.HELICONE_SEND_REVIEWS or not reviews:
            return
        recent = self.filter(rating__message__created_at__gt=timezone.now() - MAX_AGE)
        given_up = [State.FAILED, State.NOWHERE]
        recent.filter(rating__review__in=reviews).exclude(state__in=given_up).reset()
        transaction.on_commit(lambda: became_due.send(Delivery))

    def pending(self) -> DeliveryQuerySet:
        return self.exclude(call="")

    def known_request(self) -> UUID | None:
        """Id of a request that Helicone has shown, as a witness for queries; None without one."""
        seen = self.filter(settled_at__isnull=False, shown__isnull=False).of_site()
        newest = seen.order_by("-settled_at").values_list("rating__message__helicone_id", flat=True)
        return newest.first()

    def claimable(self, call: str, now: datetime) -> DeliveryQuerySet:
        """Due deliveries without a lease, the longest due first (index `deliveries_pending`)."""
        return self.filter(call=call, due_at__lte=now, held_until__lte=now).order_by("due_at")

    def claim(self, call: str, limit: int) -> list[Job]:
        """Lease up to `limit` deliveries whose next call is of this kind. Returns their jobs.
        What is about to be sent is stored with the claim, so that it is known even if the worker
        dies after sending."""
        now = HeliconeCircuit.objects.now()
        waiting = self.claimable(call, now)[:limit].count()
        if not waiting:
            return []
        allowed = HeliconeCircuit.objects.allow(call, waiting if call == Call.SEND else 1)
        limit = allowed if call == Call.SEND else limit * allowed
        if not limit:  # spares a transaction, which on SQLite would lock out all other writers
            return []
        with transaction.atomic():
            return self.claim_at(HeliconeCircuit.objects.now(), call, limit)

    def claim_at(self, now: datetime, call: str, limit: int) -> list[Job]:
        """Lease what is due at `now`, whatever the circuit says. Called in a transaction."""
        rows = list(self.claimable(call, now).select_for_update(skip_locked=True)[:limit])
        states = desired_states(rows)
        holder = uuid4()
        jobs = [job for row in rows if (job := row.claim_step(states[row.rating_id], holder, now))]
        # A claim to read changes only the lease: one UPDATE for all of them.
        if call == Call.READ:
            held = self.filter(pk__in=[job.pk for job in jobs])
            held.update(holder=holder, held_until=now + lease())
            rows = [row for row in rows if row.holder != holder]
        self.upsert(rows)
        return jobs

    def record(self, outcomes: list[Outcome]) -> None:
        """Apply outcomes to their rows, and to the circuit."""
        with transaction.atomic():
            self.record_at(HeliconeCircuit.objects.now(), outcomes)
        HeliconeCircuit.objects.record_outcomes(outcomes)

    def record_at(self, now: datetime, outcomes: list[Outcome]) -> None:
        """Apply outcomes of calls that ended before `now` to their rows. Called in a transaction.
        A row whose lease has passed to another worker, or that was deleted, is skipped: what may
        have been sent was stored with the claim."""
        held = self.filter(pk__in=[outcome.job.pk for outcome in outcomes])
        rows = {row.pk: row for row in held.order_by("pk").select_for_update()}
        recorded = []
        for outcome in outcomes:
            row = rows.get(outcome.job.pk)
            if row and row.holder == outcome.job.holder:
                outcome.apply(row, now)
                recorded.append(row)
        self.upsert(recorded)

    def upsert(self, rows: list[Delivery]) -> None:
        """Save locked rows in a few statements.
        An upsert is many times faster than `bulk_update`, and inserts nothing, since every row is
        locked."""
        self.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=STORED, batch_size=500
        )

    def revive(self) -> int:
        """Reset the deliveries whose answer got its Helicone id late, or whose site runs on its
        answers' Helicone again. Returns their number."""
        with_id = self.filter(state=State.NOWHERE, rating__message__helicone_id__isnull=False)
        return with_id.of_site().reset()

    def of_site(self) -> DeliveryQuerySet:
        """Deliveries of answers that the Helicone of this site, real or sandbox, can know."""
        return self.filter(rating__origin=Origin.of_site())


class Delivery(DeliveryState):
    """Delivery of one rating to Helicone; the rating defines its desired state."""

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
            # Summary: the longest waiting, and the number settled lately
            models.Index(fields=["state", "wanted_at"], name="deliveries_waiting"),
            models.Index(fields=["state", "settled_at"], name="deliveries_by_state"),
            # The list of rated answers by state
            models.Index(fields=["state", "rating"], name="deliveries_in_the_list"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    def claim_step(self, desired: DesiredState, holder: UUID, now: datetime) -> Job | None:
        """Lease the row and return the next job; None if no call of this kind is next."""
        step = self.step(desired, now)
        if isinstance(step, EndStep):
            self.release(now)  # whoever lost its lease isn't believed
            self.end(step, now)
            return None
        if isinstance(step, SendStep) != (self.call == Call.SEND):
            self.call = Call.SEND if isinstance(step, SendStep) else Call.READ
            return None
        if isinstance(step, SendStep):
            self.hold(holder, now + lease() + LATE + QUIET)
            self.record_sending(step, now + lease() + LATE)
        else:
            self.hold(holder, now + lease())
        return Job(self.pk, holder, self.revision, desired, step, now)


ADD = Insert(lambda: Delivery)
RESET = Update(lambda: Delivery.objects.filter(rating=given(Rating, "id", "rating")), **DUE)
STORED = [field.name for field in DeliveryState._meta.local_fields]


def desired_states(rows: Iterable[Delivery]) -> Mapping[int, DesiredState]:
    """Desired states of the locked rows' ratings, by the rating's id.
    A query of its own: joined to the locking one, PostgreSQL could pair a delivery's newest version
    with an earlier version of its rating."""
    ratings = Rating.objects.filter(pk__in=[row.rating_id for row in rows])
    ratings = ratings.select_related("message").only(
        *("value", "comment", "correction"),
        *("message__helicone_id", "message__created_at", "message__origin"),
    )
    if settings.HELICONE_SEND_REASONS:
        ratings = ratings.prefetch_related("reasons")
    if settings.HELICONE_SEND_REVIEWS:
        ratings = ratings.prefetch_related("review__category")
    return {rating.pk: desired_state(rating) for rating in ratings}


def desired_state(rating: Rating) -> DesiredState:
    message = rating.message
    wanted, review = (rating.value, properties_of(rating)), review_of(rating)
    return DesiredState(
        message.helicone_id,
        message.created_at,
        *wanted,
        foreign=foreign_reason(message),
        review=review.score if review else None,
    )


def review_of(rating: Rating) -> SentReview | None:
    """What the rating's review tells Helicone; None where reviews aren't sent."""
    review: SentReview | None = getattr(rating, "review", None)
    return review if settings.HELICONE_SEND_REVIEWS else None


def foreign_reason(message: Message) -> str:
    """Why the Helicone of this site can't know an answer, or empty: the sandbox's answers are never
    sent to Helicone, nor Helicone's to the sandbox, and those of a demo to none."""
    if message.origin == Origin.of_site():
        return ""
    if message.origin == Origin.REAL:
        return str(_("The site runs on the sandbox: it is delivered once the keys are set again."))
    if message.origin == Origin.SANDBOX:
        return str(_("The answer came from the sandbox: Helicone doesn't know it."))
    return str(_("The answer is demo data: Helicone doesn't know it."))


def properties_of(rating: Rating) -> dict[str, str]:
    """Reasons, comment and correction as Helicone properties, with HELICONE_SEND_REASONS, since
    they can be personal; and the review's, with HELICONE_SEND_REVIEWS."""
    review = review_of(rating)
    reviewed = review.properties if review else {}
    if not settings.HELICONE_SEND_REASONS:
        return dict(reviewed)
    properties: dict[str, Any] = {
        **reviewed,
        "rating-reasons": ",".join(sorted(reason.slug for reason in rating.reasons.all())),
        "rating-comment": rating.comment,
        "rating-correction": rating.correction,
    }
    return properties
