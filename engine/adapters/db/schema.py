"""The schema and its migrations: where a database stands, and how it is brought up to date.

Every command asks where the database stands, so that is asked without Alembic, which takes a moment to
load: migrations are one line of numbered files, and the newest revision is the highest number.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy import text as sql

from engine.adapters.db import address_key, tables
from engine.adapters.db.connect import connect, reading, writing
from engine.domain.errors import SetupError

if TYPE_CHECKING:
    from alembic.config import Config

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
    from alembic import command

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
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(sql("SELECT version_num FROM alembic_version"))
        return revision


def head() -> str:
    """The newest revision there is."""
    numbers = [path.name.partition("_")[0] for path in _MIGRATIONS.glob("versions/[0-9]*_*.py")]
    if not numbers:
        raise _not_installed()
    return max(numbers)


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
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    tables.METADATA.create_all(connection)
    address_key.make_key(connection)
    script = ScriptDirectory.from_config(_config())
    MigrationContext.configure(connection).stamp(script, "head")


def _config() -> Config:
    from alembic.config import Config

    if not (_MIGRATIONS / "env.py").is_file():
        raise _not_installed()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _not_installed() -> SetupError:
    return SetupError(
        f"the database migrations are not installed: {_MIGRATIONS} holds none",
        help="install Sincerely from its repository, whose folder migrations/ holds them",
        code="D103",
    )
