"""Jobs asked for, in plain SQL: in the transaction that made the work, or on their own.

Procrastinate's own `defer` raises where a like job waits already, which on PostgreSQL spoils the whole
transaction, so rows are inserted into its table as its function `procrastinate_defer_jobs` would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from json import dumps

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.application.ports.queue import Job

SCHEMA = "sincerely_queue"
_LATELY = "interval '1 minute'"
"""Workers say every ten seconds that they are there."""
_GONE = "interval '5 minutes'"
_DEFERRING = 0x51C_E2E3

_HANDS = f"FROM {SCHEMA}.procrastinate_workers WHERE last_heartbeat > now() - {_LATELY}"
_ALONE = f"pg_try_advisory_xact_lock({_DEFERRING}, hashtext(name))"
"""Whoever else is just asking for the same job is not waited for: the next tick sees to what is left."""
_DEFER = f"""
    INSERT INTO {SCHEMA}.procrastinate_jobs (queue_name, task_name, queueing_lock, args)
    SELECT kind, kind, name, CAST(args AS jsonb)
    FROM unnest(CAST(:kinds AS text[]), CAST(:names AS text[]), CAST(:args AS text[]))
        AS job (kind, name, args)
    WHERE EXISTS (SELECT 1 {_HANDS}) AND {_ALONE} ORDER BY name
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING"""
_SWEEP = f"""
    DELETE FROM {SCHEMA}.procrastinate_jobs WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN
        (SELECT id FROM {SCHEMA}.procrastinate_workers WHERE last_heartbeat < now() - {_GONE}))"""


@dataclass(frozen=True, slots=True)
class Glance:
    """How the queue stands. `hands` are those seen within the last minute: one for each queue that a
    worker takes jobs from."""

    hands: int
    jobs: dict[str, int]


class Jobs:
    """`application.ports.queue.Queue`, and the queue's housekeeping."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def defer(self, jobs: Sequence[Job]) -> int:
        """Ask for jobs; none where no worker has been seen lately."""
        with self._engine.begin() as connection:
            return defer(connection, jobs)

    def sweep(self) -> int:
        """Forget the jobs that killed workers had begun; answer how many.

        They stand in nobody's way: a job that is being done keeps no like job from being asked for. The
        workers themselves stay known until another one starts, for one that was only suspended goes on.
        """
        with self._engine.begin() as connection:
            if not is_there(connection):
                return 0
            return connection.execute(sql(_SWEEP)).rowcount


def defer(connection: Connection, jobs: Sequence[Job]) -> int:
    """Ask for jobs within the caller's transaction: they are there once it is committed.

    Call it last: the names it locks come after all other locks. Where there is no queue, or no worker
    has been seen lately, nobody is asked, for the daemons do the work themselves.
    """
    if not jobs or not is_there(connection):
        return 0
    return connection.execute(
        sql(_DEFER),
        {
            "kinds": [job.kind for job in jobs],
            "names": [job.name for job in jobs],
            "args": [dumps({"first": job.first, "width": job.width}) for job in jobs],
        },
    ).rowcount


def glance(connection: Connection) -> Glance | None:
    """How the queue stands; None where there is none."""
    if not is_there(connection):
        return None
    jobs = (
        f"SELECT queue_name, count(*) FROM {SCHEMA}.procrastinate_jobs WHERE status = 'todo'"
        " GROUP BY queue_name ORDER BY queue_name"
    )
    return Glance(
        hands=int(connection.execute(sql(f"SELECT count(*) {_HANDS}")).scalar_one()),
        jobs={name: count for name, count in connection.execute(sql(jobs))},
    )


def is_there(connection: Connection) -> bool:
    """Whether this database has the queue's tables."""
    if connection.dialect.name != "postgresql":
        return False
    found = connection.execute(
        sql(f"SELECT to_regclass('{SCHEMA}.procrastinate_jobs') IS NOT NULL")
    )
    return bool(found.scalar())
