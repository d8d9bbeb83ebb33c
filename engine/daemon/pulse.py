"""What a daemon or a worker tells of its ticks, for whoever measures it: how often each ran, how long it
took, how often it failed. It is kept as a mark in the database, where `serve` reads it."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from engine.adapters.db import marks
from engine.adapters.db.connect import writing
from engine.adapters.db.gauges import TICKS
from engine.daemon.claims import give_back
from engine.daemon.scheduler import Stopping, Tick

if TYPE_CHECKING:
    from sqlalchemy import Engine

TOLD_EVERY = timedelta(seconds=15)
_DEAD_AFTER = timedelta(hours=1)
"""A process that was killed tells nothing more, and takes nothing back."""


class Pulse:
    """The ticks of one process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._name = f"{TICKS}{socket.gethostname()}-{os.getpid()}"
        self._felt: dict[str, dict[str, float]] = {}
        self._lock = Lock()
        self._told = False

    def felt(self, tick: str, seconds: float, failed: bool) -> None:
        """A tick has run; each runs in a thread of its own."""
        with self._lock:
            so_far = self._felt.setdefault(
                tick, {"runs": 0, "failures": 0, "seconds": 0.0, "last": 0.0}
            )
            so_far["runs"] += 1
            so_far["failures"] += failed
            so_far["seconds"] = round(so_far["seconds"] + seconds, 6)
            so_far["last"] = round(seconds, 6)

    def tick(self) -> Tick:
        """The tick that tells."""
        return Tick("pulse", TOLD_EVERY, self._tell)

    def close(self) -> None:
        """Nothing more comes of this process."""
        if self._told:
            give_back(self._forget)

    def _tell(self, now: datetime, stopping: Stopping) -> int:
        with self._lock:
            said = {tick: dict(figures) for tick, figures in self._felt.items()}
        with writing(self._engine, durable=False) as connection:
            marks.mark(connection, self._name, now, said)
            marks.forget_old(connection, TICKS, now - _DEAD_AFTER)
        self._told = True
        return 0

    def _forget(self) -> None:
        with writing(self._engine) as connection:
            marks.forget(connection, self._name)
