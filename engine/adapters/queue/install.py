"""The queue's tables: made by `db upgrade` in a schema of their own.

The schema's comment says which version of Procrastinate made them. Another version makes them anew
rather than walking through migrations: jobs are hints, and the next tick asks for what is to do.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.queue.jobs import SCHEMA

_STANDS = f"SELECT obj_description(to_regnamespace('{SCHEMA}'), 'pg_namespace')"
_FUNCTIONS = f"""
    SELECT CAST(oid AS regprocedure) FROM pg_proc WHERE pronamespace = to_regnamespace('{SCHEMA}')"""


def installed() -> str | None:
    """The version of Procrastinate that is installed; None where none is."""
    try:
        return f"procrastinate {version('procrastinate')}"
    except PackageNotFoundError:
        return None


def stands(connection: Connection) -> str | None:
    """The version that made the queue of this database; None where there is none."""
    found: str | None = connection.execute(sql(_STANDS)).scalar()
    return found


def install(engine: Engine) -> str | None:
    """Make the queue for the installed version, in one transaction; answer which, if it is new.

    Its functions find their own tables from any connection, so that a job can be asked for within a
    transaction that knows nothing of the queue.
    """
    wanted = installed()
    with engine.begin() as connection:
        if wanted is None or stands(connection) == wanted:
            return None
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        connection.exec_driver_sql(f"SET LOCAL search_path = {SCHEMA}")
        tables = files("procrastinate.sql").joinpath("schema.sql").read_text()
        connection.exec_driver_sql(tables, execution_options={"no_parameters": True})
        for function in connection.exec_driver_sql(_FUNCTIONS).scalars().all():
            connection.exec_driver_sql(
                f"ALTER FUNCTION {function} SET search_path = {SCHEMA}, pg_temp"
            )
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS '{wanted}'")
    return wanted
