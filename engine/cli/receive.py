"""`sincerely receive`: bounces, complaints and replies that come as mail."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, document, say
from engine.domain.errors import MistakeError, SincerelyError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

TRY_AGAIN = 75
"""What a mail server keeps a mail for, and tries again (EX_TEMPFAIL of sysexits.h)."""
_PIECE = 1 << 20


@click.command()
@click.argument("file", metavar="[FILE|-]", default="-")
@click.option(
    "--maildir",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take in all new mail of a Maildir; each goes from `new` to `cur` once it is stored.",
)
@click.option("--later", is_flag=True, help="Only store it: `run` or `serve` lets it act.")
@pass_call
def receive(call: Call, file: str, maildir: Path | None, later: bool) -> int:
    """Take in mail that came: FILE, or one mail from a pipe, or a Maildir.

    It is stored first and then acts: a bounce or a complaint suppresses. From a pipe the exit code is
    0 once the mail is stored, and 75 where it could not be, so that the mail server tries again.
    """
    output = call.wants("text", "json")
    if maildir is not None and file != "-":
        raise UsageError("a FILE and `--maildir` do not go together", help="choose one of them")
    if maildir is None and file == "-":
        return _piped(call, output, later)
    database, now = call.database(), call.now()
    if maildir is not None:
        stored = _from_maildir(database, maildir, now)
    else:
        with _opened(file) as stream:
            stored = _store(database, stream, now)
    _tell(output, stored, None if later else _act(call, database, now))
    return 0


def _piped(call: Call, output: str, later: bool) -> int:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        database, now = call.database(), call.now()
        stored = _store(database, sys.stdin.buffer, now)
    except (SincerelyError, SQLAlchemyError, OSError) as error:
        click.echo(_not_stored(error), err=True)
        return TRY_AGAIN
    try:
        _tell(output, stored, None if later else _act(call, database, now))
    except (SincerelyError, SQLAlchemyError) as error:  # it is safe, and waits
        click.echo(f"stored, and acts later: {str(error).partition(chr(10))[0]}", err=True)
    return 0


def _not_stored(error: Exception) -> str:
    """What the mail server is told. It writes it into its log, and after days into a report to whoever
    wrote the mail: where our database is, and as whom we log in there, is none of their business."""
    if type(error) is MistakeError and not error.code:
        return f"not stored, try again later: {error.message}"
    return "not stored, try again later: `sincerely doctor` says why"


def _opened(file: str) -> BinaryIO:
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise MistakeError(f"{file}: {error.strerror}", help="look at its name again") from None


def _store(database: Engine, stream: BinaryIO, now: datetime) -> int:
    """Store one mail; what stands behind its start is read and forgotten."""
    from engine.adapters.db.inbox import DatabaseInbox
    from engine.adapters.mail.incoming.parts import ENOUGH

    octets = stream.read(ENOUGH)
    while stream.read(_PIECE):
        pass
    if not octets.strip():
        raise MistakeError("this mail is empty", help="pipe a whole mail, with its header")
    DatabaseInbox(database).put("mail", octets, now, content_type="message/rfc822")
    return 1


def _from_maildir(database: Engine, folder: Path, now: datetime) -> int:
    from engine.adapters.db.collected import DatabaseCollected
    from engine.adapters.mail.maildir import collect

    return collect(folder, DatabaseCollected(database), now)


def _act(call: Call, database: Engine, now: datetime) -> Mapping[str, int]:
    """Let what waits act, by the project in force; before the first `apply` by the files."""
    from engine.adapters.db.inbox import DatabaseInbox
    from engine.application.take_in import drain
    from engine.bootstrap import mail_processors, receiver_of
    from engine.in_force import Applied

    force = Applied(database).at(now)
    project = call.workshop().project if force is None else force.project
    receiver = receiver_of(database, project, call.settings())
    processors = {"mail": mail_processors(receiver)["mail"]}
    drain(DatabaseInbox(database), processors, lambda: now)
    return receiver.done


def _tell(output: str, stored: int, done: Mapping[str, int] | None) -> None:
    """What became of it; None where it was only stored."""
    if output == "json":
        document({"stored": stored, "done": dict(sorted((done or {}).items()))})
        return
    say(f"{counted(stored, 'mail')} taken in.")
    if done is None:
        return
    for what, count in sorted(done.items()):
        say(f"  {count:,} × {what}")
    elsewhere = stored - sum(done.values())
    if elsewhere > 0:
        say(
            f"  {elsewhere:,} × taken by `run` or `serve` first, or kept:"
            " `sincerely inbox list` shows what is kept"
        )
