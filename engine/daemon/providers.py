"""The ticks about what providers tell: opens and clicks are judged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.adapters.db.touches import DatabaseTouches
from engine.application.judge_touches import judge_touches
from engine.bootstrap import intake_of
from engine.daemon.scheduler import Stopping, Tick

if TYPE_CHECKING:
    from sqlalchemy import Engine

JUDGE_EVERY = timedelta(seconds=10)


class Providers:
    """What one process does about the providers of one database; any number of processes may."""

    def __init__(self, engine: Engine) -> None:
        self._touches = DatabaseTouches(engine)
        self._intake = intake_of(engine)

    def ticks(self) -> tuple[Tick, ...]:
        """The ticks."""
        return (Tick("judge", JUDGE_EVERY, self._judge),)

    def _judge(self, now: datetime, stopping: Stopping) -> int:
        return judge_touches(self._touches, self._intake, now, stopping)
