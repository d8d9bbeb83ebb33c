"""The one door to the database: SQLite by default, PostgreSQL by another URL."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from engine.domain.errors import SetupError

_PASSWORD = re.compile("(?<=:)(?!//).*(?=@)")
"""All from the first colon but that of `://` to the last `@`, for URLs that cannot be read."""
_WRITES = "sincerely_writes"
_DURABLE = "sincerely_durable"
_SQLITE_PASSES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_POSTGRES_PASSES = frozenset({"08", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE: connection, roll-back (deadlocks), resources (disk full), locks, an operator's
or the server's own stop, and errors of the system."""
_POSTGRES_OPTIONS = "-c timezone=UTC -c jit=off -c random_page_cost=1.1"
"""Pages cost the same in any order on the disks of today; told otherwise, PostgreSQL reads a whole table
of people where it should look a thousand of them up."""
_SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout = 30000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 16384",
    "PRAGMA cache_size = -32768",
    "PRAGMA temp_store = MEMORY",
)


def connect(url: str) -> Engine:
    """An engine for `sqlite:///PATH` or `postgresql://USER@HOST/NAME`. Opens no connection yet.

    Its errors name no values: they are people's.

    Raises:
        SetupError: D102, if the URL names no database that Sincerely runs on.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise _not_a_database(url) from None
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            connect_args={"options": _POSTGRES_OPTIONS, "connect_timeout": 10},
            pool_pre_ping=True,
            hide_parameters=True,
        )
    if parsed.drivername in ("sqlite", "sqlite+pysqlite") and not parsed.host:
        return _sqlite(str(parsed))
    raise _not_a_database(url)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: one consistent look on SQLite, one statement each elsewhere."""
    with _reached(engine), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, *, durable: bool = True) -> Iterator[Connection]:
    """A transaction that writes: committed at the end, rolled back by any exception.

    SQLite takes its write lock at once. `durable` says that a power cut must not undo it (outbox,
    slots, consent); ingest may do without, since senders repeat and a crash of the process alone
    loses nothing. PostgreSQL always is durable.
    """
    with _reached(engine), engine.connect() as connection:
        connection = connection.execution_options(**{_WRITES: True, _DURABLE: durable})
        with connection.begin():
            yield connection


def passes(error: Exception) -> bool:
    """Whether this is trouble of the database that ends without us, so that waiting is right: a server
    that is away or restarts, a disk or a memory that is full, a lock that somebody holds too long.

    A table or a column that is missing is none: SQLite calls it operational, too.
    """
    if isinstance(error, SetupError):
        return isinstance(error.__cause__, OperationalError)
    if not isinstance(error, DBAPIError):
        return False
    said: Any = error.orig
    if isinstance(said, sqlite3.Error):
        return getattr(said, "sqlite_errorcode", 0) & 0xFF in _SQLITE_PASSES
    if error.connection_invalidated:
        return True
    state: str = getattr(said, "sqlstate", None) or ""
    return isinstance(error, OperationalError) and (not state or state[:2] in _POSTGRES_PASSES)


def on_postgresql(connection: Connection) -> bool:
    """Whether this is PostgreSQL; otherwise it is SQLite."""
    return connection.dialect.name == "postgresql"


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:" and not Path(path).parent.is_dir():
        raise SetupError(
            f"the folder of the database file {path} does not exist",
            help="make the folder, or change database: in config.yaml",
            code="D102",
        )
    engine = create_engine(url, connect_args={"isolation_level": None}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        level = "FULL" if options.get(_DURABLE, True) else "NORMAL"
        connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")

    return engine


@contextmanager
def _reached(engine: Engine) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if not error.connection_invalidated and error.statement is None:
            raise SetupError(
                f"the database {engine.url.render_as_string()} does not answer: {error.orig}",
                help="check database: in config.yaml and that the server is up",
                code="D102",
            ) from error
        raise
    except DatabaseError as error:
        if type(error) is DatabaseError and isinstance(error.orig, sqlite3.DatabaseError):
            raise SetupError(
                f"the file {engine.url.database} cannot be read: {error.orig}",
                help="look whether it is the right file; if it is damaged, go back to a backup",
                code="D102",
            ) from error
        raise


def _not_a_database(url: str) -> SetupError:
    shown = _PASSWORD.sub("***", url)
    return SetupError(
        f"{shown!r} is no database that Sincerely runs on",
        help="write sqlite:///data/sincerely.db or postgresql://user@host/name in config.yaml",
        code="D102",
    )
