"""`/metrics`: what is measured, in the text format of Prometheus. It names no person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from engine.adapters.db.connect import passes
from engine.adapters.db.gauges import Gauges

_FRESH_FOR = timedelta(seconds=10)
"""However many monitors ask, the database is asked no more often than this."""
_SECONDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)


@dataclass(frozen=True, slots=True)
class _Look:
    at: datetime
    gauges: Gauges | None


class Metrics:
    """The figures of one process that serves, and of the engine as its database knows it. `look` raises
    what a database raises that is away."""

    def __init__(self, look: Callable[[datetime], Gauges], now: Callable[[], datetime]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._registry.register(_Engine(look, now))
        self._requests = Counter(
            "sincerely_http_requests",
            "Requests by the pattern of their address and the code of the answer.",
            ["route", "code"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "sincerely_http_request_seconds",
            "How long requests took.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )

    def heard(self, route: str, code: int, seconds: float) -> None:
        """A request was answered; code 0 is one whose client went away before."""
        self._requests.labels(route, str(code or "gone")).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All of it. Asks the database: call it in a thread."""
        return generate_latest(self._registry)


class _Engine(Collector):
    def __init__(self, look: Callable[[datetime], Gauges], now: Callable[[], datetime]) -> None:
        self._look = look
        self._now = now
        self._last: _Look | None = None
        self._looking = Lock()

    def collect(self) -> Iterator[Metric]:
        """The figures, at most ten seconds old."""
        with self._looking:
            now = self._now()
            if self._last is None or now - self._last.at >= _FRESH_FOR:
                self._last = _Look(now, self._asked(now))
            gauges = self._last.gauges
        yield _gauge("database_up", "Whether the database answers.", gauges is not None)
        if gauges is not None:
            yield from _families(gauges, now)

    def _asked(self, now: datetime) -> Gauges | None:
        try:
            return self._look(now)
        except Exception as error:
            if passes(error):
                return None
            raise

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: registering must not ask the database."""
        yield from ()


def _families(found: Gauges, now: datetime) -> Iterator[Metric]:
    yield _gauge("due", "People whose turn is due now.", found.overdue)
    yield _gauge("lag_seconds", "How long the longest has waited.", found.lag_seconds)
    yield _gauge("paused", "Whether everything is paused.", found.paused)
    yield _gauge("alerts_open", "Alerts that the operator was told of.", found.alerts)
    seen = -1.0 if found.daemon_seen is None else (now - found.daemon_seen).total_seconds()
    yield _gauge(
        "daemon_seen_seconds", "Since a daemon or worker was seen; -1 if none ever was.", seen
    )
    waiting = GaugeMetricFamily(
        "sincerely_messages", "Messages on their way.", labels=["status", "reason"]
    )
    for (status, reason), number in found.messages.items():
        waiting.add_metric([status, reason], number)
    yield waiting
    decided = CounterMetricFamily(
        "sincerely_decisions",
        "What was decided of messages, and why, since this process began.",
        labels=["what", "reason"],
    )
    for (what, reason), number in found.decisions.items():
        decided.add_metric([what, reason], number)
    yield decided
    told = GaugeMetricFamily(
        "sincerely_mail_events", "What was told of mails in the last 24 hours.", labels=["event"]
    )
    for name, number in found.events.items():
        told.add_metric([name.removeprefix("mail.")], number)
    yield told
    back, sent = found.returned, found.returned.sent
    yield _gauge("bounce_ratio", "Hard bounces of 24 hours to mails sent.", _of(back.hard, sent))
    yield _gauge("complaint_ratio", "Complaints, likewise.", _of(back.complaints, sent))
    yield _gauge("blocked_ratio", "Refused by providers, likewise.", _of(back.blocked, sent))
    for name, kinds in (("waiting", found.inbox_waiting), ("kept", found.inbox_kept)):
        inbox = GaugeMetricFamily(
            f"sincerely_inbox_{name}", f"Deliveries that came in: {name}.", labels=["kind"]
        )
        for kind, number in kinds.items():
            inbox.add_metric([kind], number)
        yield inbox
    yield from _tick_families(found)


def _tick_families(found: Gauges) -> Iterator[Metric]:
    labels = ["process", "tick"]
    families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {
        "runs": CounterMetricFamily("sincerely_tick_runs", "How often.", labels=labels),
        "failures": CounterMetricFamily("sincerely_tick_failures", "How often not.", labels=labels),
        "seconds": CounterMetricFamily("sincerely_tick_seconds", "How long in all.", labels=labels),
        "last": GaugeMetricFamily("sincerely_tick_last_seconds", "The last.", labels=labels),
    }
    for process, ticks in found.ticks.items():
        for tick, figures in ticks.items():
            for name, family in families.items():
                family.add_metric([process, tick], figures[name])
    yield from families.values()


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(f"sincerely_{name}", help, value=float(value))


def _of(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
