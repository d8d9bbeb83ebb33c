"""The ticks of the living loop: what the daemon does, and how often.

Each tick asks first what is in force, so `apply`, `pause` and `resume` act within one tick.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING

from engine.adapters.db import switches
from engine.adapters.db.base_rates import learn_base_rates
from engine.adapters.db.clock import Clock
from engine.adapters.db.connect import reading
from engine.adapters.db.due import database_clock, next_due
from engine.adapters.db.experiments import DatabaseExperiments
from engine.adapters.db.learning import learn_thresholds
from engine.adapters.db.living import DatabaseLives, DatabaseOutbox
from engine.adapters.db.outbox import next_ready
from engine.adapters.db.tracked import DatabaseTracked
from engine.adapters.db.waiting import DatabaseWaiting
from engine.adapters.queue.jobs import Jobs
from engine.application.advance_due import advance_due
from engine.application.decide_experiments import decide_experiments
from engine.application.hand_off import HandOff
from engine.application.lane import Lane
from engine.application.letters import Letters
from engine.application.ports.queue import Job
from engine.application.share_out import sending, share_out
from engine.bootstrap import mailer_of, templates_of, ways_out_of
from engine.daemon.claims import give_back
from engine.daemon.scheduler import Stopping, Tick
from engine.in_force import Applied, InForce
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.application.ports.mailer import Mailer

log = logging.getLogger("sincerely.daemon")

Work = Callable[[datetime, Stopping], int]

ADVANCE_EVERY = timedelta(seconds=1)
SEND_EVERY = timedelta(seconds=1)
CLOCKS_AGREE = timedelta(seconds=30)
"""A machine whose clock differs by more from the database's claims no work (R10.3)."""
LEARN_EVERY = timedelta(hours=1)
DECIDE_EVERY = timedelta(hours=1)
SHARE_EVERY = timedelta(seconds=1)
SWEEP_EVERY = timedelta(minutes=1)


class Living:
    """The living loop of one process on one database.

    `present` is the running clock; without one time stands still while a tick lasts.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        name: str,
        present: Callable[[], datetime] | None = None,
    ) -> None:
        self._present = present
        self._engine = engine
        self._settings = settings
        self._owner = f"{name}-{os.getpid()}-{token_hex(4)}"
        self._applied_for_turns = Applied(engine)
        self._applied_for_mail = Applied(engine)
        self._lives = DatabaseLives(engine)
        self._outbox = DatabaseOutbox(engine)
        self._experiments = DatabaseExperiments(engine)
        self._waiting = DatabaseWaiting(engine)
        self._jobs = Jobs(engine)
        self._clock = Clock(engine)
        self._turns_in_hand = False
        self._lane = Lane()
        self._hand_off: tuple[InForce, HandOff] | None = None
        self._mailer: tuple[str, Mailer] | None = None

    def ticks(self) -> tuple[Tick, ...]:
        """Everything that is to do, in the order in which `run --once` takes it."""
        return (
            *self.house(),
            Tick("advance", ADVANCE_EVERY, self.advance),
            Tick("send", SEND_EVERY, self.send),
        )

    def house(self) -> tuple[Tick, ...]:
        """What one process does for all: whichever is the clock."""
        return (
            Tick("learn", LEARN_EVERY, self._by_the_clock(self._learn)),
            Tick("decide", DECIDE_EVERY, self._by_the_clock(self._decide)),
        )

    def sharing(self) -> tuple[Tick, ...]:
        """What the clock does for workers, where the database can have any."""
        if self._engine.dialect.name != "postgresql":
            return ()
        return (
            Tick("share", SHARE_EVERY, self._share),
            Tick("sweep", SWEEP_EVERY, self._by_the_clock(self._sweep)),
        )

    def next_due(self, now: datetime) -> datetime | None:
        """The next instant after `now` at which there is something to do."""
        with reading(self._engine) as connection:
            found = {next_due(connection, now), next_ready(connection, now), self._lane.opens_at}
        return min((at for at in found if at is not None and at > now), default=None)

    def close(self) -> bool:
        """Let go of the provider and give back what is in hand. False if the database is away: then
        claims run out by themselves within minutes."""
        if self._mailer is not None:
            self._mailer[1].close()
        return give_back(
            partial(self._lives.release, self._owner),
            partial(self._outbox.release, self._owner),
            self._clock.release,
        )

    def _learn(self, now: datetime, stopping: Stopping) -> int:
        force = self._applied_for_turns.at(now)
        if force is None:
            return 0
        learned = learn_base_rates(self._engine, force.rules, now)
        return learned + learn_thresholds(self._engine, force.rules, now)

    def _decide(self, now: datetime, stopping: Stopping) -> int:
        force = self._applied_for_turns.at(now)
        if force is None:
            return 0
        return decide_experiments(self._experiments, force.rules, now, stopping)

    def _by_the_clock(self, work: Work) -> Work:
        """Work that only the clock does. Whoever does not keep the time cannot be it (R10.3)."""

        def only(now: datetime, stopping: Stopping) -> int:
            if self._settings.at is not None:
                return work(now, stopping)
            if not self.keeps_time(now):
                self._clock.release()
                return 0
            return work(now, stopping) if self._clock.is_ours() else 0

        return only

    def _share(self, now: datetime, stopping: Stopping) -> int:
        if not (self._waiting.anybody(now) or self._waiting.anything(now)):
            return 0
        return self._by_the_clock(self._share_out)(now, stopping)

    def _share_out(self, now: datetime, stopping: Stopping) -> int:
        with reading(self._engine) as connection:
            paused, _ = switches.paused(connection)
        return share_out(self._waiting, self._jobs, now, paused=paused)

    def _sweep(self, now: datetime, stopping: Stopping) -> int:
        self._jobs.defer([Job("send")])
        return self._jobs.sweep()

    def keeps_time(self, now: datetime) -> bool:
        """Whether this machine's clock agrees with the database's (R10.3). A virtual one need not."""
        if self._settings.at is not None:
            return True
        with reading(self._engine) as connection:
            clock = database_clock(connection)
        if clock is None or abs(clock - now) <= CLOCKS_AGREE:
            return True
        log.error(
            "clock is off", extra={"action": "wait", "seconds": (now - clock).total_seconds()}
        )
        return False

    def advance(
        self, now: datetime, stopping: Stopping, shards: Collection[int] | None = None
    ) -> int:
        """Let who is due take their turn, of these shards only where they are given."""
        if not (self._turns_in_hand or self._waiting.anybody(now)):
            return 0
        force = self._applied_for_turns.at(now)
        if force is None or not self.keeps_time(now):
            return 0
        if self._turns_in_hand:
            self._lives.release(self._owner)
        self._turns_in_hand = True
        in_force = partial(self._applied_for_turns.still, force)
        done = advance_due(
            self._lives, force.rules, now, self._owner, stopping, shards, self._present, in_force
        )
        self._turns_in_hand = False
        return done

    def ask_for_senders(self, now: datetime) -> int:
        """Ask workers to hand off what is ready, without waiting for the clock's next tick."""
        return self._jobs.defer(sending(self._waiting.messages(now)))

    def send(self, now: datetime, stopping: Stopping) -> int:
        """Hand off what is ready."""
        if not (self._lane.in_hand or self._waiting.anything(now)):
            return 0
        force = self._applied_for_mail.at(now)
        if force is None or not self.keeps_time(now):
            return 0
        if self._hand_off is None or self._hand_off[0] is not force:
            self._hand_off = force, self._hand_off_by(force)
        return self._hand_off[1].send_due(now, self._owner, stopping)

    def _hand_off_by(self, force: InForce) -> HandOff:
        if self._mailer is None or self._mailer[0] != force.hash:
            if self._mailer is not None:
                self._mailer[1].close()
            mailer = mailer_of(force.project, self._settings, force.pictures)
            self._mailer = force.hash, mailer
        letters = Letters(
            force.project,
            force.rules,
            templates_of(force.project, force.pictures),
            ways_out_of(force.project, self._settings),
            DatabaseTracked(self._engine),
        )
        return HandOff(
            self._outbox,
            self._lives,
            letters,
            self._mailer[1],
            self._lane,
            self._present,
            force.project.config.delivery.paces,
            partial(self._applied_for_mail.still, force),
        )
