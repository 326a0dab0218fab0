"""Summary of all deliveries, for the operators' page, the console and the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min

from feedback.models.outbox.circuit import HeliconeCircuit
from feedback.models.outbox.delivery import Delivery
from feedback.models.outbox.state_machine import State


@dataclass(frozen=True)
class Summary:
    """Numbers of the outbox at one time.
    oldest_due: since when the longest waiting rating has been due; per_minute: settled within the
    last minute; refusal: why the circuit is open, or empty."""

    counts: Mapping[str, int]
    oldest_due: datetime | None
    per_minute: int
    circuit: HeliconeCircuit
    at: datetime

    @classmethod
    def now(cls) -> Summary:
        circuit = HeliconeCircuit.objects.current()
        counts = Delivery.objects.order_by().values_list("state").annotate(Count("pk"))
        settled = Delivery.objects.filter(state=State.SETTLED)
        return cls(
            dict(counts),
            waiting_since(),
            settled.filter(settled_at__gt=circuit.read_at - timedelta(minutes=1)).count(),
            circuit,
            circuit.read_at,
        )

    @property
    def states(self) -> list[State]:
        return list(State)

    def count(self, state: str) -> int:
        return self.counts.get(state, 0)

    @property
    def refusal(self) -> str:
        return self.circuit.refusal if self.circuit.is_refused else ""

    @property
    def lag(self) -> timedelta:
        """Time for which the longest waiting rating has not been shown by Helicone."""
        return self.at - self.oldest_due if self.oldest_due else timedelta()

    @staticmethod
    def last_errors() -> list[dict[str, Any]]:
        """The ten most frequent errors (`words`) of undelivered ratings, and their `number`."""
        failing = Delivery.objects.exclude(last_error="").order_by()
        errors = failing.values(words=F("last_error")).annotate(number=Count("pk"))
        return [dict(error) for error in errors.order_by("-number")[:10]]


def waiting_since() -> datetime | None:
    """Time of the oldest rating that Helicone doesn't show yet, or None.
    A rating in state `seen` doesn't count as waiting."""
    waiting = Delivery.objects.filter(state__in=[State.DUE, State.POSTED])
    oldest: datetime | None = waiting.aggregate(at=Min("wanted_at"))["at"]
    return oldest
