"""`sincerely db`: the migrations, a backup, and the key that addresses are hashed with."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import cell, document, say
from engine.domain.errors import UsageError


@click.group()
def db() -> None:
    """The database: bring its schema up to date, copy it while everything runs, or keep its key elsewhere."""


@db.command()
@pass_call
def upgrade(call: Call) -> None:
    """Bring the database to the newest schema. A repeat changes nothing.

    On PostgreSQL, where `sincerely[workers]` is installed, also the queue that workers take jobs from.
    """
    from engine.adapters.db import schema
    from engine.bootstrap import make_queue

    output = call.wants("text", "json")
    engine = call.connected()
    before = schema.current(engine)
    schema.upgrade_engine(engine)
    queue = make_queue(engine)
    after = schema.head()
    if output == "json":
        document({"before": before, "after": after, "queue": queue})
    elif before == after:
        say(f"The database is up to date already (schema {after}).")
    else:
        say(f"The database is at schema {after} now; before it was {before or 'empty'}.")
    if queue and output == "text":
        say(f"The queue for workers is new ({queue}).")


@db.command()
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@pass_call
def backup(call: Call, file: Path) -> None:
    """Copy the whole database into FILE, while everything runs on.

    Of SQLite it is a database file; of PostgreSQL an archive for `pg_restore`. It holds everything that
    is known of people: keep it as safe as the original.
    """
    from engine.adapters.db.backup import back_up

    output = call.wants("text", "json")
    size = back_up(call.database(), file, call.now())
    if output == "json":
        document({"file": str(file), "bytes": size})
    else:
        say(f"{file}: {size:,} bytes. The guide “Back up and restore” says how to go back to it.")


@db.command()
@click.option(
    "--since", metavar="TIME", help="When the backup was made; else the last sign of life."
)
@pass_call
def restored(call: Call, since: str | None) -> None:
    """Say that this database was restored from a backup: everything stands still until `resume`.

    `run` notices that by itself, where the machine is the same or `db backup` made the backup.
    """
    from engine.adapters.db import marks
    from engine.adapters.db.connect import writing
    from engine.settings import read_time

    now = call.now()
    with writing(call.database()) as connection:
        last = marks.marked_at(connection, marks.COPIED) or marks.marked_at(
            connection, marks.HEARTBEAT
        )
        at = read_time(since, call.settings().zone) if since else last
        if at is None or at > now:
            raise UsageError(
                "since when the database has lost what happened is not known",
                help="say when the backup was made: `--since '2026-03-04 03:00'`",
            )
        marks.ask(connection, at, now)
    say(
        f"Nothing moves until you say how to go on; what happened since {cell(at)} is not known here."
    )
    say("`sincerely resume --after-restore skip` passes over what may have left already.")


@db.command()
@pass_call
def current(call: Call) -> int:
    """Where the database stands. Exit code 1 if it needs `db upgrade`."""
    from engine.adapters.db import schema

    output = call.wants("text", "json")
    stands = schema.current(call.connected())
    newest = schema.head()
    if output == "json":
        document({"current": stands, "newest": newest})
    elif stands == newest:
        say(f"The database is up to date (schema {newest}).")
    else:
        say(f"The database is {stands or 'empty'}; this version needs {newest}.")
        say("Run `sincerely db upgrade`.")
    return 0 if stands == newest else 1


@db.command()
@click.option(
    "--take-out", is_flag=True, help="Print the key, and keep it in the database no more."
)
@pass_call
def key(call: Call, take_out: bool) -> None:
    """Where the key lies that addresses are hashed with: in the database, or in the environment.

    Taken out, it is printed once. Keep it safe: without it the database cannot be used any more.
    """
    from engine.adapters.db import address_key
    from engine.adapters.db.connect import reading, writing

    engine = call.database()
    if not take_out:
        with reading(engine) as connection:
            inside = address_key.lies_inside(connection)
        if inside:
            say("The key of the addresses lies in the database. `--take-out` moves it elsewhere.")
        else:
            say("The key of the addresses lies in the environment, and it is the right one.")
        return
    with writing(engine) as connection:
        secret = address_key.take_out(connection)
    if secret is None:
        say("The key lies outside the database already.")
        return
    say(secret)
    click.echo(
        "Keep this safe: without it the database cannot be used any more. Write in config.yaml\n"
        "  secrets: { addresses: $SINCERELY_ADDRESS_KEY }\n"
        "and set that variable to it wherever Sincerely runs.",
        err=True,
    )
