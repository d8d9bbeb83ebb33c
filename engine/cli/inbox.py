"""`sincerely inbox`: what came in and could not be understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, document, lines, say, table
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from engine.adapters.db.inbox import Kept


@click.group()
def inbox() -> None:
    """What came in and could not be understood: look at it, mend it, try it again."""


@inbox.command("list")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only what came as this.")
@pass_call
def list_(call: Call, kinds: tuple[str, ...]) -> None:
    """What was kept, the oldest first, with the reason."""
    from engine.adapters.db.connect import reading
    from engine.adapters.db.inbox import kept

    output = call.wants("text", "json", "jsonl")
    with reading(call.database()) as connection:
        rows = [_row(one) for one in kept(connection, kinds)]
    if output == "json":
        document(rows)
    elif output == "jsonl":
        lines(rows)
    elif rows:
        table(("id", "kind", "by", "came", "problem"), [tuple(row.values()) for row in rows])
    else:
        say("Everything that came in was understood.")


@inbox.command()
@click.argument("id", type=int)
@pass_call
def show(call: Call, id: int) -> None:
    """The body of one, as it came: write it to a file, mend it there, and `retry` with it."""
    from engine.adapters.db.connect import reading
    from engine.adapters.db.inbox import find

    output = call.wants("text", "json")
    with reading(call.database()) as connection:
        one = find(connection, id)
    if one is None:
        raise _unknown(id)
    if output == "json":
        document({**_row(one), "body": one.body.decode("utf-8", "replace")})
    else:
        click.echo(one.body, nl=not one.body.endswith(b"\n"))


@inbox.command()
@click.argument("ids", metavar="ID...", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.option(
    "--with",
    "mended",
    type=click.File("rb"),
    metavar="FILE",
    help="The mended body, for one ID; `-` reads it from the pipe.",
)
@pass_call
def retry(call: Call, ids: tuple[int, ...], everything: bool, mended: BinaryIO | None) -> None:
    """Let what was kept be processed once more, as it came or mended."""
    from engine.adapters.db.inbox import DatabaseInbox

    store = DatabaseInbox(call.database())
    if mended is not None:
        if len(ids) != 1 or everything:
            raise UsageError("`--with` mends one ID", help="name that one, and no other")
        if not store.mend(ids[0], mended.read()):
            raise _unknown(ids[0])
        say("It is tried once more, as mended.")
        return
    tried = store.retry(_chosen(call, ids, everything))
    say(f"{counted(tried, 'delivery', 'deliveries')} to try once more.")


@inbox.command()
@click.argument("ids", metavar="ID...", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_call
def drop(call: Call, ids: tuple[int, ...], everything: bool, yes: bool) -> None:
    """Delete what was kept, for good."""
    from engine.adapters.db.inbox import DatabaseInbox

    chosen = _chosen(call, ids, everything)
    if not yes:
        what = counted(len(chosen), "delivery", "deliveries")
        click.confirm(f"Delete {what} for good?", abort=True, err=True)
    dropped = DatabaseInbox(call.database()).drop(chosen)
    say(f"{counted(dropped, 'delivery', 'deliveries')} deleted.")


def _chosen(call: Call, ids: tuple[int, ...], everything: bool) -> list[int]:
    from engine.adapters.db.connect import reading
    from engine.adapters.db.inbox import kept

    if bool(ids) == everything:
        raise UsageError("name ids, or say `--all`", help="`sincerely inbox list` shows the ids")
    with reading(call.database()) as connection:
        known = [one.id for one in kept(connection)]
    for one in ids:
        if one not in known:
            raise _unknown(one)
    return list(ids) or known


def _unknown(id: int) -> MistakeError:
    return MistakeError(
        f"nothing with the id {id} was kept", help="`sincerely inbox list` shows what was"
    )


def _row(one: Kept) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "sender": one.sender,
        "received_at": one.received_at,
        "problem": one.problem,
    }
