"""The page of figures for Prometheus: numbers only, never a name or a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from db.health import Health


class _Figures(Collector):
    def __init__(self, health: Health, sent: Mapping[tuple[str, str], int], now: datetime) -> None:
        self._health = health
        self._sent = sent
        self._now = now

    def collect(self) -> Iterator[Metric]:
        for name, value in asdict(self._health).items():
            if isinstance(value, int):
                yield GaugeMetricFamily(f"congvu_{name}", name.replace("_", " "), value=value)
        ages = {"tick": self._health.ticked_at, "backup": self._health.backup_at}
        for name, moment in ages.items():
            if moment is not None:
                age = (self._now - moment).total_seconds()
                yield GaugeMetricFamily(f"congvu_{name}_age_seconds", f"since the last {name}", value=age)
        if self._health.oa_token_until is not None:
            left = (self._health.oa_token_until - self._now).total_seconds()
            name = "congvu_zalo_oa_token_seconds_left"
            yield GaugeMetricFamily(name, "until the token of the Official Account ends", value=left)
        counter = CounterMetricFamily(
            "congvu_deliveries", "outcomes of sending, by this process", labels=["channel", "outcome"]
        )
        for labels, count in sorted(self._sent.items()):
            counter.add_metric(labels, count)
        yield counter


def page(health: Health, sent: Mapping[tuple[str, str], int], now: datetime) -> bytes:
    """The figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Figures(health, sent, now))
    return generate_latest(registry)
