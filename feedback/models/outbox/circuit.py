"""Circuit breaker and rate limit of the calls to Helicone, shared by all workers."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.runtime import masked
from feedback.models.outbox.outcome import Outcome
from feedback.models.outbox.state_machine import Call

FIRST_PROBE = timedelta(seconds=30)
LONGEST_PROBE = timedelta(minutes=15)
# Token bucket: a tenth of the limit is the burst, nine tenths refill evenly over the window.
BURST = 0.1


def key_digest() -> str:
    """Digest of the Helicone key, SHA-256 in hex, to recognise a key without storing it."""
    secret = f"{settings.SECRET_KEY}:{settings.HELICONE_API_KEY}"
    return hashlib.sha256(secret.encode()).hexdigest()


class HeliconeCircuitQuerySet(models.QuerySet["HeliconeCircuit"]):
    def now(self) -> datetime:
        """Time of the database, the clock that all workers share."""
        return self.current().read_at

    def current(self, *, lock: bool = False) -> HeliconeCircuit:
        """The table's only row, created where missing, with `read_at`, the database's time."""
        rows = self.select_for_update() if lock else self
        return rows.annotate(clock=Now()).filter(pk=1).first() or self._first()

    def allow(self, call: str, wanted: int) -> int:
        """Reserve calls of this kind. Returns how many, up to `wanted`, may be made now."""
        circuit = self.current()
        if not circuit.is_refused and not settings.HELICONE_RATE_LIMIT:
            return 0 if circuit.quiet_until > circuit.read_at else wanted
        with transaction.atomic():
            circuit = self.current(lock=True)
            allowed = circuit.spend(call, wanted)
            circuit.save()
        return allowed

    def record_outcomes(self, outcomes: list[Outcome]) -> None:
        """Open, close or slow down the circuit by the outcomes of calls."""
        refused = next((o for o in outcomes if o.blames_circuit), None)
        slow = max((o.slow_down for o in outcomes if o.slow_down), default=None)
        if not refused and not slow and not self.current().is_refused:
            return
        with transaction.atomic():
            circuit = self.current(lock=True)
            if slow:
                circuit.quiet_until = max(circuit.quiet_until, circuit.read_at + slow)
            if refused:
                circuit.refuse(masked(str(refused.error)), refused.call)
            elif any(o.error is None and o.call == circuit.refused_call for o in outcomes):
                circuit.reopen()
            circuit.save()

    def resume(self) -> None:
        """Close the circuit by hand; the next call shows whether Helicone accepts it."""
        with transaction.atomic():
            self.current(lock=True).reopen().save()

    def _first(self) -> HeliconeCircuit:
        self.get_or_create(pk=1)
        return self.annotate(clock=Now()).get(pk=1)


class HeliconeCircuit(models.Model):
    """Circuit breaker: a key refused by Helicone pauses all calls instead of failing each rating.
    At increasing intervals one call of the refused kind is made as a probe. Another key than the
    refused one is tried at once."""

    refusal = models.TextField(blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_call = models.CharField(max_length=4, choices=Call, blank=True)
    refused_key = models.CharField(max_length=64, blank=True, editable=False)
    refusals = models.PositiveIntegerField(default=0)
    probing = models.BooleanField(default=False, editable=False)
    probe_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    quiet_until = models.DateTimeField(default=timezone.now)
    budget = models.FloatField(default=0, help_text=_("Calls that may be made at once."))
    counted_at = models.DateTimeField(default=timezone.now)

    objects = HeliconeCircuitQuerySet.as_manager()

    class Meta:
        db_table = "feedback_channel"

    def __str__(self) -> str:
        return self.refusal or str(_("open"))

    @property
    def read_at(self) -> datetime:
        """The database's time when this row was read, annotated by `current`."""
        clock: datetime = vars(self)["clock"]
        return clock

    @property
    def is_refused(self) -> bool:
        return bool(self.refused_at) and self.refused_key == key_digest()

    def spend(self, call: str, wanted: int) -> int:
        """Reserve calls as `allow` does, on a row that the caller has locked and saves."""
        if self.quiet_until > self.read_at:
            return 0
        if self.is_refused:
            wanted = min(wanted, 1) if self._probes(call) else 0
        return self._within_budget(wanted)

    def refuse(self, reason: str, call: str) -> None:
        """Open the circuit until `probe_at`, a delay doubled by each refused probe.
        Further refusals of calls already under way change nothing."""
        if self.is_refused and not self.probing:
            return
        if not self.is_refused:
            self.refused_at, self.refusals = self.read_at, 0
        self.refusal, self.refused_call, self.refused_key = reason, call, key_digest()
        self.probe_at = self.read_at + self._probe_delay()
        self.refusals += 1
        self.probing = False

    def reopen(self) -> Self:
        self.refusal, self.refused_call, self.refused_key = "", "", ""
        self.refused_at, self.probe_at, self.refusals, self.probing = None, None, 0, False
        return self

    def _probe_delay(self) -> timedelta:
        return min(FIRST_PROBE * (1 << min(self.refusals, 10)), LONGEST_PROBE)

    def _probes(self, call: str) -> bool:
        if call != self.refused_call or not self.probe_at or self.probe_at > self.read_at:
            return False
        # If this worker dies, another one probes after a quarter of the delay.
        self.probe_at, self.probing = self.read_at + self._probe_delay() / 4, True
        return True

    def _within_budget(self, wanted: int) -> int:
        limit = settings.HELICONE_RATE_LIMIT
        if not limit:
            return wanted
        most = max(limit * BURST, 1)
        flow = limit * (1 - BURST) / settings.HELICONE_RATE_WINDOW
        seconds = max((self.read_at - self.counted_at).total_seconds(), 0)
        self.budget = min(most, self.budget + flow * seconds)
        self.counted_at = self.read_at
        allowed = min(wanted, int(self.budget))
        self.budget -= allowed
        return allowed
