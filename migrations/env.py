"""Alembic's environment. `sincerely db upgrade` hands in a connection; `alembic` itself is for making
a new revision:

    alembic -c migrations/alembic.ini -x url=sqlite:///new.db revision --autogenerate -m "what changes"
"""

import sqlalchemy as sa
from alembic import context
from sqlmodel import AutoString

from engine.adapters.db.connect import connect
from engine.adapters.db.tables import METADATA


def plainly(kind, thing, _context):
    """Types as a migration should say them: without SQLModel, JSON by its own short words."""
    if kind == "type" and isinstance(thing, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(thing, sa.JSON):
        return "DOCUMENT"
    return False


def migrate(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_item=plainly,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = context.get_x_argument(as_dictionary=True).get("url", "sqlite:///sincerely.db")
    engine = connect(url)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()
