"""Which of several processes is the clock: whoever holds one lock of the database."""

from __future__ import annotations

from threading import RLock

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

_CLOCK = 0x51C_E2E2


class Clock:
    """The lock by which one process at a time keeps the clock: shares work out, keeps house.

    It is held by a connection of its own, so it is free again the moment its process dies. Nothing that
    is done under it does harm if two do it: it saves work, it does not guard anything. SQLite has one
    process anyway.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._asking = RLock()

    def is_ours(self) -> bool:
        """Whether this process is the clock now; it becomes so if nobody else is. From any thread."""
        if self._engine.dialect.name != "postgresql":
            return True
        with self._asking:
            return self._is_held() or self._take()

    def release(self) -> None:
        """Let somebody else be the clock."""
        with self._asking:
            if self._connection is not None:
                self._connection.invalidate()
                self._connection.close()
                self._connection = None

    def _is_held(self) -> bool:
        if self._connection is not None:
            try:
                self._connection.execute(sql("SELECT 1"))
            except OperationalError:
                self.release()
            else:
                return True
        return False

    def _take(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(sql(f"SELECT pg_try_advisory_lock({_CLOCK})")).scalar():
            self._connection = connection
            return True
        connection.close()
        return False
