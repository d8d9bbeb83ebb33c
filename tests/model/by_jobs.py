"""The stage of the real store once more, where nobody does anything but the jobs of the queue.

The clock shares out what is due by the code that workers have, ingest asks in its own transaction, and
the jobs lie in the real queue. They are taken out of it in process, so that each can go on step by step.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import text

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.stored import micros
from engine.adapters.db.waiting import DatabaseWaiting
from engine.adapters.queue.jobs import SCHEMA, Jobs
from engine.application import share_out
from engine.application.ports.queue import Job, Kind
from engine.domain.facts import Rulebook
from tests.model.hands import Hand
from tests.model.in_store import InStore, InStoreMachine

_TAKE = f"""
    DELETE FROM {SCHEMA}.procrastinate_jobs WHERE id = (
        SELECT id FROM {SCHEMA}.procrastinate_jobs WHERE task_name = :kind ORDER BY id LIMIT 1)
    RETURNING args"""

_LEFT = """
    SELECT person_id FROM due WHERE due_at <= :now
    UNION ALL SELECT send_id FROM outbox WHERE status = 'queued' AND ready_at <= :now"""


class ByJobsMachine(InStoreMachine):
    """What may happen in the town, who takes a job, and who takes a step next."""

    def open_stage(self, rules: Rulebook, now: datetime) -> InStore:
        with writing(self.engine) as connection:
            for table in ("jobs", "workers"):
                connection.execute(text(f"DELETE FROM {SCHEMA}.procrastinate_{table}"))
            # A worker was seen just now, so jobs are asked for.
            connection.execute(text(f"INSERT INTO {SCHEMA}.procrastinate_workers DEFAULT VALUES"))
        return super().open_stage(rules, now)

    @rule(most=st.sampled_from((1, 1_000)))
    def the_clock_shares_out(self, most: int) -> None:
        """Into jobs of so many people or messages: of one each, or of all of them."""
        self._share(most)

    @rule(kind=st.sampled_from(("decide", "send")))
    def a_job_is_lost(self, kind: Kind) -> None:
        self._taken(kind)

    def next_job(self, kind: Kind) -> Job | None:
        """The oldest that waits; if none does, the clock looks."""
        job = self._taken(kind)
        if job is None:
            self._share(1_000)
            job = self._taken(kind)
        return job

    def _taken(self, kind: Kind) -> Job | None:
        with writing(self.engine) as connection:
            args = connection.execute(text(_TAKE), {"kind": kind}).scalar()
        return Job(kind, args["first"], args["width"]) if args else None

    def teardown(self) -> None:
        """Whatever was lost or left is asked for again, until nothing is left to do."""
        super().teardown()
        if not hasattr(self, "stage"):
            return
        self.time_passes(timedelta(hours=1))  # what somebody held and left is free again
        for _ in range(100):
            while job := self._taken("decide") or self._taken("send"):
                self._finish(job)
            if not self._share(1) + self._share(1_000):
                break
        with reading(self.engine) as connection:
            left = connection.execute(text(_LEFT), {"now": micros(self.stage.now)}).all()
        assert self.rules.paused or not left, f"it was not done: {left}"

    def _finish(self, job: Job) -> None:
        self.hired += 1
        owner, work = f"last-{self.hired}", self._work if job.kind == "decide" else self._send
        Hand(lambda pause: work(pause, owner, job)).finish()

    def _share(self, most: int) -> int:
        waiting, queue = DatabaseWaiting(self.engine), Jobs(self.engine)
        now, paused = self.stage.now, self.rules.paused
        with patch.multiple(share_out, PEOPLE=most, MESSAGES=most):
            return share_out.share_out(waiting, queue, now, paused=paused)
