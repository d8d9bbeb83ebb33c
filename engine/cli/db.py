"""`sincerely db upgrade` and `db current`: the migrations."""

from __future__ import annotations

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, say


@click.group()
def db() -> None:
    """The database: bring its schema up to date, or see where it stands."""


@db.command()
@pass_call
def upgrade(call: Call) -> None:
    """Bring the database to the newest schema. A repeat changes nothing."""
    from engine.adapters.db import connect, schema

    output = call.wants("text", "json")
    url = call.settings().database_url()
    engine = connect.connect(url)
    try:
        before = schema.current(engine)
        schema.upgrade_engine(engine)
    finally:
        engine.dispose()
    after = schema.head()
    if output == "json":
        document({"before": before, "after": after})
    elif before == after:
        say(f"The database is up to date already (schema {after}).")
    else:
        say(f"The database is at schema {after} now; before it was {before or 'empty'}.")


@db.command()
@pass_call
def current(call: Call) -> int:
    """Where the database stands. Exit code 1 if it needs `db upgrade`."""
    from engine.adapters.db import connect, schema

    output = call.wants("text", "json")
    engine = connect.connect(call.settings().database_url())
    try:
        stands = schema.current(engine)
    finally:
        engine.dispose()
    newest = schema.head()
    if output == "json":
        document({"current": stands, "newest": newest})
    elif stands == newest:
        say(f"The database is up to date (schema {newest}).")
    else:
        say(f"The database is {stands or 'empty'}; this version needs {newest}.")
        say("Run `sincerely db upgrade`.")
    return 0 if stands == newest else 1
