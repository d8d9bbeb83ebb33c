"""What is measured of a running engine, for a monitor that asks every few seconds.

Nothing here reads a whole history: what waits is small or has an index, and decisions are counted on
from where the look before ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import inbox, marks, stats, switches
from engine.adapters.db.alerts import open_alerts
from engine.adapters.db.circuits import DatabaseCircuits
from engine.adapters.db.connect import reading
from engine.adapters.db.people import document
from engine.adapters.db.stored import micros
from engine.domain.breaker import Returned

TICKS = "ticks "
"""How the marks begin by which daemons and workers tell of their ticks; the rest is the process."""
SEEN_LATELY = timedelta(minutes=3)
_A_DAY = timedelta(days=1)
_WRITTEN_BY_THEN = timedelta(minutes=1)
"""Lines of the trace get their numbers before their transaction ends; in a minute it has."""


@dataclass(frozen=True, slots=True)
class Gauges:
    """One look. `messages` are those that are on their way, by status and by why they wait; `events`
    what was told of mails in the last 24 hours; `decisions` and their reasons since the first look;
    `ticks` what every process tells of its ticks."""

    overdue: int
    lag_seconds: float
    paused: bool
    messages: Mapping[tuple[str, str], int]
    decisions: Mapping[tuple[str, str], int]
    events: Mapping[str, int]
    returned: Returned
    inbox_waiting: Mapping[str, int]
    inbox_kept: Mapping[str, int]
    alerts: int
    daemon_seen: datetime | None
    ticks: Mapping[str, Mapping[str, Mapping[str, float]]]


class DatabaseGauges:
    """Looks at one database, again and again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._decisions: Counter[tuple[str, str]] = Counter()
        self._counted_to: int | None = None

    def look(self, now: datetime) -> Gauges:
        """All there is to measure at `now`."""
        with reading(self._engine) as connection:
            waiting = inbox.glance(connection)
            paused, paused_journeys = switches.paused(connection)
            since = stats.overdue_since(connection, now, paused=paused, skip=paused_journeys)
            self._count_decisions(connection, now)
            overdue = connection.execute(
                sql("SELECT count(*) FROM due WHERE due_at <= :now"), {"now": micros(now)}
            ).scalar_one()
            return Gauges(
                overdue=overdue,
                lag_seconds=0.0 if since is None else (now - since).total_seconds(),
                paused=paused,
                messages=_on_their_way(connection),
                decisions=dict(self._decisions),
                events=_mail_events(connection, now),
                returned=DatabaseCircuits(self._engine).in_all(now - _A_DAY, now),
                inbox_waiting=waiting.waiting,
                inbox_kept=waiting.kept,
                alerts=len(open_alerts(connection)),
                daemon_seen=marks.marked_at(connection, marks.HEARTBEAT),
                ticks=_ticks(connection, now),
            )

    def _count_decisions(self, connection: Connection, now: datetime) -> None:
        last: int = connection.execute(sql("SELECT coalesce(max(seq), 0) FROM trace")).scalar_one()
        if self._counted_to is None:
            self._counted_to = last
        fresh: int | None = connection.execute(
            sql("SELECT min(seq) FROM trace WHERE seq > :first AND at > :settled"),
            {"first": self._counted_to, "settled": micros(now - _WRITTEN_BY_THEN)},
        ).scalar()
        until = last if fresh is None else fresh - 1
        found = connection.execute(
            sql(
                "SELECT what, coalesce(reason, ''), count(*) FROM trace"
                " WHERE seq > :first AND seq <= :until"
                " AND what IN ('queued', 'postponed', 'dropped', 'ghost', 'handed_over')"
                " GROUP BY 1, 2"
            ),
            {"first": self._counted_to, "until": until},
        )
        for what, reason, number in found:
            self._decisions[what, reason] += number
        self._counted_to = max(until, self._counted_to)


def daemon_seen(connection: Connection, now: datetime) -> tuple[datetime | None, bool]:
    """When a daemon or worker was seen last, and whether that is lately."""
    seen = marks.marked_at(connection, marks.HEARTBEAT)
    return seen, seen is not None and now - seen <= SEEN_LATELY


def _on_their_way(connection: Connection) -> dict[tuple[str, str], int]:
    """Each of these statuses has an index of its own."""
    found = connection.execute(
        sql(
            "SELECT status, coalesce(reason, ''), count(*) FROM outbox WHERE status = 'queued'"
            " GROUP BY 1, 2 UNION ALL"
            " SELECT status, '', count(*) FROM outbox WHERE status = 'sending' GROUP BY 1 UNION ALL"
            " SELECT status, coalesce(reason, ''), count(*) FROM outbox"
            " WHERE status = 'needs_attention' GROUP BY 1, 2"
        )
    )
    return {(status, reason): number for status, reason, number in found}


def _mail_events(connection: Connection, now: datetime) -> dict[str, int]:
    found = connection.execute(
        sql(
            "SELECT name, count(*) FROM event WHERE name IN ('mail.sent', 'mail.delivered',"
            " 'mail.bounced', 'mail.complained', 'mail.opened', 'mail.clicked', 'mail.replied')"
            " AND at > :since GROUP BY name"
        ),
        {"since": micros(now - _A_DAY)},
    )
    return {name: number for name, number in found}


def _ticks(connection: Connection, now: datetime) -> dict[str, dict[str, dict[str, float]]]:
    found = connection.execute(
        sql("SELECT name, said FROM mark WHERE name LIKE :ticks AND at > :since ORDER BY name"),
        {"ticks": f"{TICKS}%", "since": micros(now - SEEN_LATELY)},
    )
    return {name.removeprefix(TICKS): document(said) or {} for name, said in found}
