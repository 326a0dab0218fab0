"""Monitoring: /readyz, and Prometheus metrics of this process and of the delivery."""

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

from feedback.chat import runtime
from feedback.models.outbox.summary import Summary


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Metrics, for requests with METRICS_TOKEN as bearer token; 404 without a token set."""
    token = settings.METRICS_TOKEN
    token_sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(token_sent.encode(), token.encode()):
        raise Http404
    return HttpResponse(
        runtime.exposition() + exposition(), content_type="text/plain; version=0.0.4; charset=utf-8"
    )


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 while the database answers and ratings reach Helicone in time, else 503 with the reason;
    without Helicone the 200 says that ratings stay here.
    The response is public and reveals no internals. A site that isn't ready still serves users: use
    /healthz for restarts, this one for alerts."""
    try:
        problem = complaint(Summary.now())
    except DatabaseError:
        problem = "The database doesn't answer."
    status = 503 if problem else 200
    text = f"{problem or 'ready'}\n"
    if settings.HELICONE == "off":
        text += "HELICONE is off: ratings stay here.\n"
    return HttpResponse(text, status=status, content_type="text/plain")


def complaint(summary: Summary) -> str:
    if settings.HELICONE == "off" or not settings.HELICONE_API_KEY:
        return ""  # nobody expects ratings to arrive
    if summary.refusal:
        return "Helicone refuses the key or the address: ratings are kept, not delivered."
    if summary.lag.total_seconds() > settings.DELIVERY_LATE_SECONDS:
        return "Ratings have been waiting for Helicone for too long."
    return ""


class DeliveryCollector:
    """Metrics counted in the database at each scrape, so that all processes report the same."""

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
