"""`sincerely person export`, `erase` and `merge`: whole profiles (R5.9)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, document, say
from engine.domain.errors import MistakeError

if TYPE_CHECKING:
    from datetime import datetime

    from engine.adapters.db.profiles import DatabaseProfiles
    from engine.application.privacy import Forgotten
    from engine.domain.facts import Rulebook


@click.command()
@click.argument("who", metavar="PERSON")
@click.option("--out", metavar="FILE", help="Where to write it; the terminal if not given.")
@pass_call
def export(call: Call, who: str, out: str | None) -> None:
    """Everything held about PERSON (an id or an address), as one JSON document."""
    from engine.adapters.db.profiles import DatabaseProfiles
    from engine.application.privacy import known

    call.wants("text", "json")
    profiles = DatabaseProfiles(call.database())
    found = profiles.export(known(profiles, who), call.now())
    if out is None or out == "-":
        document(found)
        return
    text = json.dumps(found, ensure_ascii=False, indent=2)
    try:
        with open(out, "w", encoding="utf-8", opener=_for_its_owner) as file:
            file.write(text + "\n")
    except OSError as error:
        raise MistakeError(
            f"cannot write {out}: {(error.strerror or 'unknown').lower()}",
            help="look at the path, its folder and its permissions",
        ) from None
    rows = sum(len(held["rows"]) for held in found["holds"].values())
    say(f"{found['person']}: {counted(rows, 'entry', 'entries')} in {out}.")


def _for_its_owner(path: str, flags: int) -> int:
    """Open a new file as one that nobody else may read."""
    return os.open(path, flags, 0o600)


@click.command()
@click.argument("who", metavar="PERSON")
@click.option("--message", metavar="ID", help="Only this message, and what was read of it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_call
def erase(call: Call, who: str, message: str | None, yes: bool) -> None:
    """Forget PERSON (an id or an address) for good: they asked for it.

    Everything about them goes, waiting mail is not sent, and totals stay. A hash of their id and
    address stays, so that no import brings them back. With --message only one message of theirs goes,
    as if it had never been written.
    """
    import secrets

    from engine.adapters.db.profiles import DatabaseProfiles
    from engine.adapters.mail.folder import FolderMailer
    from engine.application.privacy import forget, known

    output = call.wants("text", "json")
    profiles = DatabaseProfiles(call.database())
    if message is not None:
        _erase_message(call, profiles, who, message, yes=yes)
        return
    if profiles.find(who) is not None and not yes:
        click.confirm(
            f"Forget {known(profiles, who)} for good? This cannot be taken back",
            abort=True,
            err=output == "json",
        )
    delivery = call.workshop().project.config.delivery
    folder = FolderMailer(call.settings().project / (delivery.to or "out"))
    done = forget(profiles, folder, who, f"erased-{secrets.token_hex(8)}", call.now())
    if output == "json":
        document(_as_json(done))
    else:
        _tell(who, done)


@click.command()
@click.argument("keep")
@click.argument("other")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_call
def merge(call: Call, keep: str, other: str, yes: bool) -> None:
    """Make OTHER a part of KEEP, for both are one human. Each is an id or an address.

    What KEEP does not say, OTHER does. Whoever left on either side has left. One run per journey goes
    on: the one that has sent the most, else the older one. The id of OTHER leads to KEEP from then on.
    """
    from engine.adapters.db.profiles import DatabaseProfiles
    from engine.application.merge import merge as merge_profiles
    from engine.application.privacy import known

    output, now = call.wants("text", "json"), call.now()
    profiles = DatabaseProfiles(call.database())
    keeper = known(profiles, keep)
    if not yes and not profiles.was_merged(other, keeper):
        click.confirm(
            f"Merge {known(profiles, other)} into {keeper}? This cannot be taken back",
            abort=True,
            err=output == "json",
        )
    done = merge_profiles(profiles, keep, other, _rules(call, now), now)
    if output == "json":
        document(asdict(done))
        return
    say(f"{done.other} is a part of {done.keep}{', as before' if done.already else ''}.")
    if done.ended:
        say(f"Was in these journeys twice and is once now: {', '.join(done.ended)}.")
    if done.left:
        say(f"Had left with one profile and has left: {', '.join(done.left)}.")


def _erase_message(
    call: Call, profiles: DatabaseProfiles, who: str, message: str, *, yes: bool
) -> None:
    from engine.application.privacy import forget_message, known

    as_json, person_id = call.format == "json", known(profiles, who)
    if not yes:
        click.confirm(
            f"Forget the message {message} of {person_id} for good? This cannot be taken back",
            abort=True,
            err=as_json,
        )
    now = call.now()
    gone = forget_message(profiles, person_id, message, _rules(call, now).emotion, now)
    if as_json:
        document({"person": person_id, "message": message, "removed": dict(gone)})
        return
    say(
        f"The message {message} of {person_id} is forgotten"
        f"{', and so is what was read of it' if gone['score'] else ''}."
    )


def _rules(call: Call, now: datetime) -> Rulebook:
    """Those in force, or of the project's files where none are yet."""
    from engine.in_force import Applied

    in_force = Applied(call.database()).at(now)
    return in_force.rules if in_force else call.workshop().project.rulebook


def _tell(who: str, done: Forgotten) -> None:
    from engine.adapters.db.personal import HOLDINGS, RAW

    erased = done.erased
    if erased is None:
        say(f"{who} was forgotten on {done.at:%Y-%m-%d} already.")
        return
    say(f"{erased.person_id} is forgotten. Deleted, or made nobody's:")
    for table, rows in erased.removed.items():
        say(f"  {rows:>7,}  {RAW[table] if table in RAW else HOLDINGS[table].what}")
    if done.copies:
        say(f"  {done.copies:>7,}  copies of mails in the folder")
    if erased.stopped:
        say(f"Not sent any more: {counted(erased.stopped, 'waiting mail')}.")
    if erased.leaving:
        say(f"Just leaving, and not to be held back: {counted(erased.leaving, 'mail')}.")
    if erased.sharing:
        say(
            "Others have the same address and stay: "
            + ", ".join(erased.sharing)
            + ". If that is the same human, erase them, too."
        )


def _as_json(done: Forgotten) -> dict[str, object]:
    erased = done.erased
    return {
        "erased_at": done.at,
        "already": erased is None,
        "removed": dict(erased.removed) if erased else {},
        "copies": done.copies,
        "stopped": erased.stopped if erased else 0,
        "leaving": erased.leaving if erased else 0,
        "sharing": list(erased.sharing) if erased else [],
    }
