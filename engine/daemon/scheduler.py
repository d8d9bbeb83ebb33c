"""The daemon's clockwork: a few APScheduler ticks, and a clean way to stop.

Nothing per person lives here: due work is in tables. A tick that is late runs once
(`coalesce`) and never beside itself (`max_instances=1`). SIGTERM and SIGINT let the running batch
finish; whoever is killed harder leaves leases that run out.

Trouble that ends without us (a database that restarts, a full disk) is waited out: said once with its
cause, tried again after 1, 2, 4 … and at most 60 seconds, and said once more when it is over. Whatever
needs somebody stops the daemon.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event as Flag
from time import monotonic
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine.adapters.db.connect import passes

log = logging.getLogger("sincerely.daemon")

LONGEST_WAIT = 60.0
"""Seconds between two tries while trouble lasts."""

Stopping = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Tick:
    """Work done every so often. `work` takes the present and a function that says whether to stop
    between two batches; it returns how much it did."""

    name: str
    every: timedelta
    work: Callable[[datetime, Stopping], int]


@dataclass(slots=True)
class _Trouble:
    """What a tick waits out: how often it failed in a row, and until when (monotonic) it rests."""

    failures: int = 0
    rests_until: float = 0.0
    cause: str = ""


class Daemon:
    """Runs ticks until told to stop."""

    def __init__(
        self,
        ticks: Sequence[Tick],
        clock: Callable[[], datetime],
        on_failure: Callable[[str, BaseException, datetime], None] | None = None,
        felt: Callable[[str, float, bool], None] = lambda tick, seconds, failed: None,
    ) -> None:
        """`on_failure` hears of a tick that failed, by its name, before the daemon stops; `felt` of
        every tick, how many seconds it took and whether it failed."""
        self._ticks = ticks
        self._clock = clock
        self._on_failure = on_failure
        self._felt = felt
        self._stop = Flag()
        self._failed: BaseException | None = None
        self._troubles = {tick.name: _Trouble() for tick in ticks}

    def stop(self, *_: int | FrameType | None) -> None:
        """Ask it to stop after the batches in hand; a signal handler too."""
        self._stop.set()

    def stopping(self) -> bool:
        """Whether it has been asked to stop."""
        return self._stop.is_set()

    def wait(self, length: timedelta) -> None:
        """Wait so long, or until it is asked to stop."""
        self._stop.wait(length.total_seconds())

    def run(self, until: datetime | None = None) -> None:
        """Tick until `stop` is called, a signal comes, or `until` is reached.

        Raises:
            BaseException: what a tick raised and waiting does not mend, after the others have
                stopped; a daemon that cannot do its work must not look alive.
        """
        before = {s: signal.signal(s, self.stop) for s in (signal.SIGTERM, signal.SIGINT)}
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(self._ticks))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for tick in self._ticks:
            scheduler.add_job(
                self._guarded,
                "interval",
                args=[tick],
                id=tick.name,
                seconds=tick.every.total_seconds(),
                next_run_time=self._clock(),
            )
        scheduler.start()
        try:
            self._stop.wait(_seconds_until(until, self._clock()))
            self._stop.set()
        finally:
            scheduler.shutdown(wait=True)
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._failed is not None:
            raise self._failed

    def _guarded(self, tick: Tick) -> None:
        trouble = self._troubles[tick.name]
        if self._stop.is_set() or monotonic() < trouble.rests_until:
            return
        begun = monotonic()
        try:
            done = tick.work(self._clock(), self._stop.is_set)
        except BaseException as error:
            self._felt(tick.name, monotonic() - begun, True)
            if isinstance(error, Exception) and passes(error):
                _wait_out(trouble, tick, error)
                return
            log.error("tick failed", extra={"action": tick.name, "error": type(error).__name__})
            self._failed = error
            self._stop.set()
            if self._on_failure is not None:
                self._on_failure(tick.name, error, self._clock())
            return
        self._felt(tick.name, monotonic() - begun, False)
        if trouble.failures:
            log.info("tick goes on", extra={"action": tick.name, "failures": trouble.failures})
            self._troubles[tick.name] = _Trouble()
        if done:
            log.info("tick", extra={"action": tick.name, "done": done})


def _wait_out(trouble: _Trouble, tick: Tick, error: Exception) -> None:
    """Rest twice as long as before, and say why, once a cause."""
    trouble.failures += 1
    trouble.rests_until = monotonic() + min(2.0 ** (trouble.failures - 1), LONGEST_WAIT)
    cause = cause_of(error)
    if cause != trouble.cause:
        trouble.cause = cause
        log.error("tick waits", extra={"action": tick.name, "because": cause})


def cause_of(error: Exception) -> str:
    """What passing trouble says of itself: its first line, for the next ones may hold the statement or
    a row of somebody's."""
    return str(error).partition("\n")[0]


def run_once(ticks: Sequence[Tick], now: datetime) -> int:
    """Run every tick in turn until none finds anything more to do at `now`; says how much it was."""
    total = 0
    while True:
        done = sum(tick.work(now, _never) for tick in ticks)
        total += done
        if not done:
            return total


def run_through(
    ticks: Sequence[Tick],
    start: datetime,
    until: datetime,
    next_due: Callable[[datetime], datetime | None],
) -> int:
    """Run with a virtual clock that jumps from one due instant to the next, up to `until`.

    `next_due` answers the next one after a given instant.
    """
    total, now = 0, start
    while True:
        total += run_once(ticks, now)
        due = next_due(now)
        if due is None or due > until:
            return total
        now = due


def _never() -> bool:
    return False


def _seconds_until(until: datetime | None, now: datetime) -> float | None:
    return None if until is None else max(0.0, (until - now).total_seconds())
