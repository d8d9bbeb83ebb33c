"""A worker: hands that take jobs from the queue, beside the ticks of whoever is the clock.

Any worker may be the clock, so workers need no daemon beside them; a daemon among workers is one more
pair of hands. What keeps them apart are the leases in our own tables, never the state of a job.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Thread

from sqlalchemy import Engine

from engine.adapters.db.connect import passes
from engine.adapters.db.stored import SHARDS
from engine.adapters.queue.hands import Hands
from engine.application.ports.queue import Job, Kind
from engine.daemon.house import House
from engine.daemon.living import Living
from engine.daemon.scheduler import Daemon, Tick, cause_of

log = logging.getLogger("sincerely.worker")

_UNTIL_THE_CLOCK_IS_SET = timedelta(seconds=5)
_LISTEN_AGAIN = timedelta(seconds=2)


class Worker:
    """Takes jobs of these kinds, until told to stop."""

    def __init__(
        self,
        engine: Engine,
        living: Living,
        house: House,
        kinds: Sequence[Kind],
        clock: Callable[[], datetime],
        beside: Sequence[Tick] = (),
        felt: Callable[[str, float, bool], None] = lambda tick, seconds, failed: None,
    ) -> None:
        """`beside` are ticks of other rooms that run here, too; `felt` hears of every tick."""
        self._living = living
        self._clock = clock
        self._hands = Hands(engine.url, kinds, self._do)
        ticks = (*beside, *living.house(), *living.sharing(), *house.ticks())
        self._daemon = Daemon(ticks, clock, house.failed, felt)
        self._failed: BaseException | None = None

    def run(self) -> None:
        """Work until a signal comes; jobs in hand are finished. A database that is away is waited for.

        Raises:
            BaseException: what else a job or a tick raised, after everything else has stopped.
        """
        taking = Thread(target=self._take, name="hands")
        taking.start()
        try:
            self._daemon.run()
        finally:
            self._hands.stop()
            taking.join()
        if self._failed is not None:
            raise self._failed

    def _take(self) -> None:
        try:
            while lost := self._hands.work():
                log.error("queue lost", extra={"action": "wait", "because": lost.strip()})
                self._daemon.wait(_LISTEN_AGAIN)
                if self._daemon.stopping():
                    return
        except BaseException as error:
            self._fail(error)

    def _do(self, job: Job) -> None:
        try:
            done = self._look(job)
        except Exception as error:
            if not passes(error):
                self._fail(error)
                return
            log.error("job waits", extra={"action": job.name, "because": cause_of(error)})
            self._daemon.wait(_LISTEN_AGAIN)  # the clock asks for another one like it
            return
        if done:
            log.info("job", extra={"action": job.name, "done": done})

    def _look(self, job: Job) -> int:
        """One job done. A worker whose clock is off keeps it in hand and waits: the next tick asks for
        another such job, which somebody else takes (R10.3)."""
        while not self._living.keeps_time(self._clock()) and not self._daemon.stopping():
            self._daemon.wait(_UNTIL_THE_CLOCK_IS_SET)
        now, stopping = self._clock(), self._daemon.stopping
        if job.kind == "send":
            return self._living.send(now, stopping)
        everybody = job.width == SHARDS
        shards = None if everybody else range(job.first, job.first + job.width)
        done = self._living.advance(now, stopping, shards)
        if done:
            self._living.ask_for_senders(self._clock())
        return done

    def _fail(self, error: BaseException) -> None:
        log.error("job failed", extra={"action": "stop", "error": type(error).__name__})
        self._failed = self._failed or error
        self._daemon.stop()
