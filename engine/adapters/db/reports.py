"""A journey's figures, counted by the database in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db.connect import on_postgresql
from engine.adapters.db.stored import micros
from engine.application.report import Figures, Group

_EVER = 2**62
_DECIDED = "('postponed', 'dropped', 'ghost', 'queued', 'handed_over')"
_ANSWERS = (
    "('mail.deferred', 'mail.delivered', 'mail.dropped', 'mail.bounced', 'mail.complained',"
    " 'mail.opened', 'mail.clicked', 'mail.replied')"
)


def figures(
    connection: Connection, journey: str, since: datetime | None, until: datetime | None
) -> Figures:
    """Count one journey in `[since, until)`; None leaves a side open."""
    bound = {
        "journey": journey,
        "since": -_EVER if since is None else micros(since),
        "until": _EVER if until is None else micros(until),
    }

    def rows(statement: str) -> Iterable[Any]:
        return connection.execute(sql(statement), bound)

    ends: dict[str, int] = {}
    inside = 0
    for because, live, number in rows(_RUNS):
        if live:
            inside += number
        else:
            ends[because or "finished"] = ends.get(because or "finished", 0) + number
    rejected: dict[str, int] = {}
    for because, number in rows(_REJECTED):
        why = because.partition(";")[0]  # what follows is of one person
        rejected[why] = rejected.get(why, 0) + number
    groups = {bool(held): Group(people, reached) for held, people, reached in rows(_GROUPS)}
    late: int = connection.execute(
        sql(f"SELECT coalesce(sum({_of(connection, 'detail', 'sent_after_exit')}), 0)" + _LATE),
        bound,
    ).scalar_one()
    of_event = _text(connection, "properties", "journey")
    return Figures(
        entered=inside + sum(ends.values()),
        inside=inside,
        ends=ends,
        rejected=rejected,
        mailed=groups.get(False, Group()),
        held=groups.get(True, Group()),
        messages={
            (step, status, reason): number for step, status, reason, number in rows(_MESSAGES)
        },
        decisions={(step, what, reason): number for step, what, reason, number in rows(_DECISIONS)},
        answers={
            (step, name): number
            for step, name, number in rows(
                f"SELECT {_text(connection, 'properties', 'step')} AS step, name,"
                f" count(DISTINCT coalesce({_text(connection, 'properties', 'send_id')}, id)) FROM event"
                f" WHERE name IN {_ANSWERS} AND at >= :since AND at < :until"
                f" AND {of_event} = :journey GROUP BY 1, 2 ORDER BY 1, 2"
            )
        },
        sent_after_exit=int(late),
    )


_ENTERED = "FROM run WHERE journey = :journey AND entered_at >= :since AND entered_at < :until"
_TRACED = "FROM trace WHERE journey = :journey AND at >= :since AND at < :until"
_RUNS = f"SELECT because, ended_at IS NULL, count(*) {_ENTERED} GROUP BY 1, 2 ORDER BY 3 DESC, 1"
_GROUPS = f"""
    SELECT held_out, count(*), sum(reached) FROM (
        SELECT held_out, CASE WHEN goal_at IS NULL THEN 0 ELSE 1 END AS reached,
            row_number() OVER (PARTITION BY person_id ORDER BY entered_at, id) AS number {_ENTERED}
    ) AS first WHERE number = 1 GROUP BY held_out"""
"""Everybody who was assigned counts once, by their first run: chance drew people, not runs."""
_MESSAGES = """
    SELECT step, status, coalesce(reason, ''), count(*) FROM outbox
    WHERE journey = :journey AND queued_at >= :since AND queued_at < :until
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
_DECISIONS = f"""
    SELECT coalesce(step, ''), what, coalesce(reason, because), count(*) {_TRACED}
        AND what IN {_DECIDED} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
_REJECTED = (
    f"SELECT because, count(*) {_TRACED} AND what = 'rejected' GROUP BY 1 ORDER BY 2 DESC, 1"
)
_LATE = f" {_TRACED} AND what IN ('left', 'goal')"


def _text(connection: Connection, column: str, name: str) -> str:
    if on_postgresql(connection):
        return f"{column} ->> '{name}'"
    return f"json_extract({column}, '$.{name}')"


def _of(connection: Connection, column: str, name: str) -> str:
    return f"CAST({_text(connection, column, name)} AS integer)"
