"""`sincerely suppression`: who is never written to, since when and why."""

from __future__ import annotations

from dataclasses import asdict

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, document, lines, say, table
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
    """Lift a bounce, a provider's own entry, or what was put there by hand. Never a complaint or an
    opt-out."""
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


@suppression.command("import")
@click.option("--all", "everything", is_flag=True, help="From the beginning, not only what is new.")
@pass_call
def import_(call: Call, everything: bool) -> None:
    """Take over SendGrid's own lists now: bounces, invalid addresses, spam reports, unsubscribes, groups.

    `sincerely run` does it once a day.
    """
    from engine.adapters.db.suppression_lists import DatabaseSuppressing
    from engine.application.import_suppressions import import_suppressions
    from engine.application.ports.suppression_lists import NotAllowed, NotNow
    from engine.bootstrap import intake_of, suppression_lists_of

    output = call.wants("text", "json")
    project, engine = call.workshop().project, call.database()
    lists = suppression_lists_of(project, call.settings())
    if lists is None:
        raise MistakeError(
            f"delivery by `{project.config.delivery.by}` has no lists of its own",
            help="`delivery: { by: sendgrid }` in config.yaml says whose lists to read",
        )
    topics = project.config.policy.marketing
    try:
        done = import_suppressions(
            lists, DatabaseSuppressing(engine), intake_of(engine), topics, call.now(), "sendgrid",
            everything=everything,
        )  # fmt: skip
    except NotNow as later:
        raise MistakeError(
            f"the lists could not be read to their end: {later.detail}",
            help=f"`sincerely suppression import` goes on where it stopped, from {later.retry_at:%H:%M:%S}Z",
        ) from later
    except NotAllowed as refused:
        raise MistakeError(
            f"SendGrid does not show us its lists: {refused}",
            help="give the API key of `secrets.sendgrid` the right to read Suppressions",
        ) from refused
    if output == "json":
        document(asdict(done))
        return
    say(
        f"{counted(done.read, 'entry', 'entries')} read: {counted(done.suppressed, 'address', 'addresses')}"
        f" newly suppressed, {counted(done.left, 'opt-out')} new in the ledger."
    )
    if done.unread:
        say(f"Left out, for they make no sense: {counted(done.unread, 'entry', 'entries')}.")


def _mailbox(address: str) -> str:
    from engine.adapters.mail.addresses import mailbox

    try:
        return mailbox(address)
    except ValueError as error:
        raise MistakeError(f"`{address}` is no address: {error}", help="look at it again") from None
