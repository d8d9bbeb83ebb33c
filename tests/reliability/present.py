"""A present of its own for daemons and workers that run all the time: it runs, and jumps when told to.

It takes the place of this machine's clock and of the database's, which agree. Ticks are many a second,
so that a walk of days takes seconds.
"""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

_AHEAD = struct.Struct("d")
OFTEN = timedelta(milliseconds=50)


class Present:
    """How far ahead of the machine's clock all processes of a nursery live, in shared memory.

    It never stands: two claims at one instant are told apart by nothing.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _AHEAD.size)

    def jump(self, to: datetime) -> None:
        """Let it be this instant now."""
        _AHEAD.pack_into(self._memory, 0, (to - datetime.now(UTC)).total_seconds())

    def now(self) -> datetime:
        (ahead,) = _AHEAD.unpack_from(self._memory)
        return datetime.now(UTC) + timedelta(seconds=ahead)

    def put_in(self) -> None:
        """Let this process live in it."""
        from apscheduler.schedulers.background import BackgroundScheduler

        from engine.adapters import system_clock
        from engine.daemon import house, living, scheduler

        class AtOnce(BackgroundScheduler):  # type: ignore[misc]
            """Its ticks keep the machine's time, and begin now."""

            def add_job(self, *arguments: Any, **named: Any) -> Any:
                return super().add_job(*arguments, **named | {"next_run_time": datetime.now(UTC)})

        def database_clock(_connection: object) -> datetime:
            return self.now()

        system_clock.now = self.now
        living.database_clock = house.database_clock = database_clock
        living.CLOCKS_AGREE = (
            timedelta.max
        )  # a jump between two looks at the clock is none of a clock
        living.ADVANCE_EVERY = living.SEND_EVERY = living.SHARE_EVERY = OFTEN
        scheduler.BackgroundScheduler = AtOnce
