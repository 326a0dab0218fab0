"""Monitoring: /readyz and Prometheus metrics of the delivery to Helicone."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from feedback.models.outbox.summary import Summary


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Open to who sends METRICS_TOKEN as a bearer; without a token set, it doesn't exist."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 while the database answers and ratings reach Helicone in time, else 503 and why.

    It says nothing that a stranger could use. A site that is not ready still serves people: use
    /healthz to decide on restarts, this one to be told.
    """
    try:
        words = complaint(Summary.now())
    except DatabaseError:
        words = "The database doesn't answer."
    status = 503 if words else 200
    return HttpResponse(f"{words or 'ready'}\n", status=status, content_type="text/plain")


def complaint(summary: Summary) -> str:
    if not settings.HELICONE_API_KEY:
        return ""  # nobody expects ratings to arrive
    if summary.refusal:
        return "Helicone refuses the key or the address: ratings are kept, not delivered."
    if summary.lag.total_seconds() > settings.DELIVERY_LATE_SECONDS:
        return "Ratings have been waiting for Helicone for too long."
    return ""


class DeliveryCollector:
    """Counted in the database at each scrape, so that any process tells the same."""

    def collect(self) -> Iterator[Metric]:
        summary = Summary.now()
        by_state = GaugeMetricFamily(
            "rapport_deliveries", "Ratings by the state of their delivery.", labels=["state"]
        )
        for state in summary.states:
            by_state.add_metric([state.value], summary.count(state))
        yield by_state
        yield GaugeMetricFamily(
            "rapport_delivery_lag_seconds",
            "How long the longest waiting rating has been waiting for Helicone to show it.",
            summary.lag.total_seconds(),
        )
        yield GaugeMetricFamily(
            "rapport_deliveries_settled_per_minute",
            "Ratings settled within the last minute.",
            summary.per_minute,
        )
        yield GaugeMetricFamily(
            "rapport_delivery_paused",
            "1 while Helicone refuses the key or the address, else 0.",
            bool(summary.refusal),
        )
        yield GaugeMetricFamily(
            "rapport_delivery_late_after_seconds",
            "The lag from which on the site says that it isn't ready.",
            settings.DELIVERY_LATE_SECONDS,
        )


def exposition() -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(DeliveryCollector())
    return generate_latest(registry)
