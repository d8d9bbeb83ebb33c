"""Several processes that share the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine


def require_queue(engine: Engine) -> None:
    """Pass if workers can take jobs from this database.

    Raises:
        SetupError: D122 if the library is not installed, D123 if the queue was made for another version
            of it, or not at all.
    """
    from engine.adapters.db.connect import reading
    from engine.adapters.queue.install import installed, stands
    from engine.domain.errors import SetupError

    wanted = installed()
    if wanted is None:
        raise SetupError(
            "workers take their jobs from Procrastinate, which is not installed",
            help="pip install 'sincerely[workers]', then run `sincerely db upgrade`",
            code="D122",
        )
    with reading(engine) as connection:
        there = stands(connection)
    if there != wanted:
        raise SetupError(
            f"the queue of this database is {there or 'not there yet'}, and {wanted} is installed",
            help="run `sincerely db upgrade` while no worker runs",
            code="D123",
        )


def make_queue(engine: Engine) -> str | None:
    """Make the queue for workers, where PostgreSQL and the library are there; answer which, if it is new.

    Raises:
        SetupError: D124, if the role may not make a schema.
    """
    from sqlalchemy.exc import ProgrammingError

    from engine.adapters.queue.install import install
    from engine.domain.errors import SetupError

    if engine.dialect.name != "postgresql":
        return None
    try:
        return install(engine)
    except ProgrammingError as error:
        if "permission denied" not in str(error.orig):
            raise
        raise SetupError(
            f"the queue for workers could not be made: {error.orig}",
            help="GRANT CREATE ON DATABASE … to the role, then run `sincerely db upgrade` again",
            code="D124",
        ) from error
