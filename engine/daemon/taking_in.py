"""What came into the inbox is processed: a tick of the daemon, and a thread beside the web side, so that
either of them alone is enough."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

from engine.adapters.db.connect import passes
from engine.adapters.db.inbox import DatabaseInbox
from engine.application.take_in import Processor, drain
from engine.bootstrap import Workshop, processors_of
from engine.daemon.scheduler import LONGEST_WAIT, Stopping, Tick, cause_of
from engine.in_force import Applied, InForce
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger("sincerely.inbox")

TAKE_IN_EVERY = timedelta(seconds=1)


class TakingIn:
    """Processes the inbox of one database, by the project in force; before the first `apply` by the
    files of `workshop`. `present` is the running clock; without one time stands still while a tick
    lasts."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        workshop: Callable[[], Workshop],
        present: Callable[[], datetime] | None = None,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._workshop = workshop
        self._inbox = DatabaseInbox(engine)
        self._applied = Applied(engine)
        self._present = present
        self._began: datetime | None = None
        self._by: tuple[InForce | None, dict[str, Processor]] | None = None

    def tick(self) -> Tick:
        """The tick of the daemon."""
        return Tick("take in", TAKE_IN_EVERY, self.work)

    def work(self, now: datetime, stopping: Stopping) -> int:
        """Process what waits; answers how many deliveries that were."""
        self._began = now
        if not self._inbox.anything(now):
            return 0
        return drain(self._inbox, self._processors(now), self._clock, stopping)

    @contextmanager
    def beside(self, clock: Callable[[], datetime]) -> Iterator[None]:
        """While the block runs, a thread does the work. Trouble is said once a cause and waited out: the
        block goes on, and what waits is still there."""
        stop = Flag()
        thread = Thread(target=self._until, args=(stop, clock), name="take in")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _until(self, stop: Flag, clock: Callable[[], datetime]) -> None:
        rest, cause = TAKE_IN_EVERY.total_seconds(), ""
        while not stop.wait(rest):
            try:
                self.work(clock(), stop.is_set)
            except Exception as error:
                rest = min(2 * rest, LONGEST_WAIT)
                known = passes(error)
                said = cause_of(error) if known else type(error).__name__
                if said != cause:
                    cause = said
                    log.error(
                        "the inbox waits",
                        extra={"action": "take in", "because": said},
                        exc_info=None if known else error,
                    )
            else:
                rest, cause = TAKE_IN_EVERY.total_seconds(), ""

    def _clock(self) -> datetime:
        assert self._began is not None
        return self._began if self._present is None else self._present()

    def _processors(self, now: datetime) -> dict[str, Processor]:
        force = self._applied.at(now)
        if self._by is None or self._by[0] is not force:
            project = force.project if force else self._workshop().project
            rules = force.rules if force else project.rulebook
            self._by = (
                force,
                processors_of(self._engine, project, rules, self._settings, self._clock),
            )
        return self._by[1]
