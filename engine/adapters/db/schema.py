"""The schema and its migrations: where a database stands, and how it is brought up to date."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.tables import METADATA
from engine.domain.errors import SetupError

_HERE = Path(__file__).resolve()
_INSTALLED, _CHECKOUT = _HERE.with_name("migrations"), _HERE.parents[3] / "migrations"
_MIGRATIONS = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
"""Beside this file in an installed package (see setup.py), at the top of a checkout."""


def upgrade(url: str) -> None:
    """Bring the database to the newest schema, from wherever it stands; a repeat changes nothing.

    Raises:
        SetupError: D102 if the database does not answer, D103 if the migrations are not installed.
    """
    engine = connect(url)
    try:
        upgrade_engine(engine)
    finally:
        engine.dispose()


def upgrade_engine(engine: Engine) -> None:
    """As `upgrade`, for an engine that is there already. All in one transaction."""
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite" and not inspect(connection).get_table_names():
            _create_at_once(connection)
        else:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None for an empty one."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision there is."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise SetupError(
            "the folder migrations/ holds no migration", help="reinstall sincerely", code="D103"
        )
    return revision


def is_current(engine: Engine) -> bool:
    """Whether the database has the schema that this version works with."""
    return current(engine) == head()


def require_current(engine: Engine) -> None:
    """Pass if the schema is the one that this version works with.

    Raises:
        SetupError: D101 if the database is empty, behind or ahead.
    """
    stands = current(engine)
    if stands != head():
        where = "empty" if stands is None else f"at schema {stands}"
        raise SetupError(
            f"the database is {where}, and this version needs {head()}",
            help="run `sincerely db upgrade`",
            code="D101",
        )


def _create_at_once(connection: Connection) -> None:
    """A new SQLite file, without walking through history (a test proves that it is the same)."""
    METADATA.create_all(connection)
    script = ScriptDirectory.from_config(_config())
    MigrationContext.configure(connection).stamp(script, "head")


def _config() -> Config:
    if not (_MIGRATIONS / "env.py").is_file():
        raise SetupError(
            f"the database migrations are not installed: there is no {_MIGRATIONS}",
            help="install Sincerely from its repository, whose folder migrations/ holds them",
            code="D103",
        )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
