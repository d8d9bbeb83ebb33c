"""`sincerely key`: by what other programs may send data in."""

from __future__ import annotations

from dataclasses import asdict

import click

from engine.application.ports.write_keys import SCOPES, WriteKey
from engine.cli.call import Call, pass_call, who_is_logged_in
from engine.cli.output import document, lines, say, table
from engine.domain.errors import MistakeError


@click.group()
def key() -> None:
    """Write keys of the HTTP API."""


@key.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What it may send, once for each. If not given: people, events and feedback.",
)
@click.option(
    "--source",
    default="api",
    show_default=True,
    help="Where its events come from: an event is known by its source and messageId.",
)
@pass_call
def add(call: Call, name: str, scopes: tuple[str, ...], source: str) -> None:
    """Make a key called NAME and show it, this once: only a hash of it is kept."""
    import secrets

    from engine.adapters.db.write_keys import DatabaseWriteKeys
    from engine.application.write_keys import USUAL_SCOPES, make_key

    output = call.wants("text", "json")
    wanted = scopes or USUAL_SCOPES
    made = make_key(
        DatabaseWriteKeys(call.database()),
        name,
        secrets.token_urlsafe(24),
        call.now(),
        scopes=wanted,
        source=source,
        by=who_is_logged_in(),
    )
    if output == "json":
        document({"name": name, "key": made, "scopes": sorted(set(wanted)), "source": source})
        return
    say(f"The key `{name}`, which may send {', '.join(sorted(set(wanted)))}:\n")
    say(f"  {made}\n")
    say("It is shown this once. Whoever has it can send in its name: keep it like a password.")


@key.command("list")
@pass_call
def list_(call: Call) -> None:
    """All keys, the revoked ones too, with what they may send and when they were used last."""
    from engine.adapters.db.write_keys import DatabaseWriteKeys

    output = call.wants("text", "json", "jsonl")
    keys = DatabaseWriteKeys(call.database()).all()
    rows = [_row(one) for one in keys]
    if output == "json":
        document(rows)
    elif output == "jsonl":
        lines(rows)
    elif keys:
        table(
            ("name", "may send", "source", "made", "by", "last used", "revoked"),
            [
                (one.name, ", ".join(sorted(one.scopes)), one.source, one.created_at,
                 one.created_by, one.last_used_at, one.revoked_at)
                for one in keys
            ],
        )  # fmt: skip
    else:
        say("There are no keys. `sincerely key add shop` makes one.")


@key.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(SCOPES),
    help="What it may send besides, once for each.",
)
@pass_call
def allow(call: Call, name: str, scopes: tuple[str, ...]) -> None:
    """Let the key called NAME send more, from this moment on."""
    from engine.adapters.db.write_keys import DatabaseWriteKeys

    output = call.wants("text", "json")
    changed = DatabaseWriteKeys(call.database()).allow(name, scopes)
    if changed is None:
        raise _unknown(name)
    if output == "json":
        document(_row(changed))
        return
    say(f"The key `{name}` may send {', '.join(sorted(changed.scopes))}.")
    say("`sincerely inbox retry` lets in what was kept because it might not.")


@key.command()
@click.argument("name")
@pass_call
def revoke(call: Call, name: str) -> None:
    """Take the key called NAME out of use, from this moment on."""
    from engine.adapters.db.write_keys import DatabaseWriteKeys

    if not DatabaseWriteKeys(call.database()).revoke(name, call.now()):
        raise _unknown(name)
    say(f"The key `{name}` is revoked. What came by it before is processed all the same.")


def _unknown(name: str) -> MistakeError:
    return MistakeError(
        f"no key `{name}` is in use", help="`sincerely key list` shows those that are"
    )


def _row(one: WriteKey) -> dict[str, object]:
    return {**asdict(one), "scopes": sorted(one.scopes)}
