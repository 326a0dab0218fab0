"""The delivery in numbers, as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from feedback.models.outbox.summary import Summary


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
