"""`sincerely suppression`: who is never written to, since when and why."""

from __future__ import annotations

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, lines, say, table
from engine.domain.errors import MistakeError

_FORGOTTEN = "(only its hash is known)"


@click.group()
def suppression() -> None:
    """Addresses that are never written to."""


@suppression.command("list")
@click.option("--lifted", is_flag=True, help="Also those that were lifted, and by whom.")
@pass_call
def list_(call: Call, lifted: bool) -> None:
    """All suppressed addresses, the latest first."""
    from engine.adapters.db.connect import reading
    from engine.adapters.db.suppressions import all_suppressions

    output = call.wants("text", "json", "jsonl")
    with reading(call.database()) as connection:
        found = all_suppressions(connection, lifted=lifted)
    rows: list[dict[str, object]] = [
        {"address": one.address, "because": one.because, "since": one.since, "source": one.source}
        | ({"lifted_at": one.lifted_at, "lifted_by": one.lifted_by} if lifted else {})
        for one in found
    ]
    if output == "json":
        document(rows)
    elif output == "jsonl":
        lines(rows)
    elif rows:
        table(
            tuple(name.replace("_", " ") for name in rows[0]),
            [(row["address"] or _FORGOTTEN, *list(row.values())[1:]) for row in rows],
        )
    else:
        say("Nobody is suppressed.")


@suppression.command()
@click.argument("address")
@click.option("--because", default="by hand", metavar="TEXT", help="Why, for whoever looks later.")
@pass_call
def add(call: Call, address: str, because: str) -> None:
    """Never write to ADDRESS again, whatever it agreed to."""
    from engine.adapters.db.connect import writing
    from engine.adapters.db.suppressions import suppress

    mailbox = _mailbox(address)
    with writing(call.database()) as connection:
        is_new = suppress(connection, mailbox, "manual", call.now(), source=because)
    say(f"{mailbox} is never written to{'' if is_new else ', as before'}.")


@suppression.command()
@click.argument("address")
@click.option("--because", default="by hand", metavar="TEXT", help="Who lifts it, and why.")
@pass_call
def remove(call: Call, address: str, because: str) -> None:
    """Lift a bounce, or what was put there by hand. Never a complaint or an opt-out."""
    from engine.adapters.db.connect import writing
    from engine.adapters.db.suppressions import find_suppression, lift

    mailbox = _mailbox(address)
    with writing(call.database()) as connection:
        if find_suppression(connection, mailbox) is None:
            raise MistakeError(
                f"{mailbox} is not suppressed", help="`sincerely suppression list` shows who is"
            )
        stays = lift(connection, mailbox, call.now(), because)
    if stays is not None:
        raise MistakeError(
            f"{mailbox} stays suppressed: {stays.because.replace('_', ' ')} since"
            f" {stays.since:%Y-%m-%d}",
            help="only the person's own newer act leads back from there",
        )
    say(f"{mailbox} may be written to again.")


def _mailbox(address: str) -> str:
    from engine.adapters.mail.addresses import mailbox

    try:
        return mailbox(address)
    except ValueError as error:
        raise MistakeError(f"`{address}` is no address: {error}", help="look at it again") from None
