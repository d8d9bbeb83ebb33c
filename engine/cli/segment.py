"""`sincerely segment`: which segments there are, who is in them, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, lines, say, table
from engine.domain.errors import MistakeError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from engine.application.evidence import Evidence
    from engine.domain.facts import Rulebook

# The segments are those of the files, as they stand; the daemon has those of the last `apply`.


@click.group()
def segment() -> None:
    """Segments: a list, their size, their members, and why somebody is in one."""


@segment.command("list")
@pass_call
def list_(call: Call) -> None:
    """All segments and what they mean."""
    from engine.language.spell import spell_duration

    output = call.wants("text", "json", "jsonl")
    segments = call.workshop().project.rulebook.segments.values()
    rows = [
        {
            "segment": one.name,
            "title": one.title,
            "grid": one.grid,
            "owner": one.owner,
            "stays_at_least": spell_duration(one.stay_at_least) or None,
        }
        for one in sorted(segments, key=lambda one: one.name)
    ]
    if output == "json":
        document(rows)
    elif output == "jsonl":
        lines(rows)
    elif rows:
        table(("segment", "title", "grid", "stays at least"), [
            (row["segment"], row["title"], row["grid"], row["stays_at_least"]) for row in rows
        ])  # fmt: skip
    else:
        say("No segments yet: a segment is a file in segments/.")


@segment.command()
@click.argument("name", required=False)
@pass_call
def count(call: Call, name: str | None) -> None:
    """How many people are in segment NAME now, or in each of them."""
    from sqlalchemy import func

    from engine.adapters.db.connect import reading
    from engine.adapters.db.tables import PERSON

    output = call.wants("text", "json", "jsonl")
    rules, now = call.workshop().project.rulebook, call.now()
    names = sorted(rules.segments) if name is None else [known(name, rules)]
    with reading(call.database()) as connection:
        rules = _present(rules, connection, now)
        sizes = {
            one: int(
                connection.execute(
                    _members(one, rules, now, connection).with_only_columns(func.count(PERSON.c.id))
                ).scalar_one()
            )
            for one in names
        }
    if output == "json":
        document(sizes)
    elif output == "jsonl":
        lines({"segment": one, "people": size} for one, size in sizes.items())
    else:
        table(("segment", "people"), list(sizes.items()))


@segment.command()
@click.argument("name")
@pass_call
def members(call: Call, name: str) -> None:
    """Who is in segment NAME now, one person a line."""
    from engine.adapters.db.connect import reading
    from engine.adapters.db.tables import PERSON

    output = call.wants("text", "json", "jsonl")
    rules, now = call.workshop().project.rulebook, call.now()
    known(name, rules)
    with reading(call.database()) as connection:
        statement = _members(name, _present(rules, connection, now), now, connection)
        found: Iterator[dict[str, object]] = (
            {"person": row[0], "email": row[1] or None}
            for row in connection.execute(statement.order_by(PERSON.c.id))
        )
        if output == "json":
            document(list(found))
        elif output == "jsonl":
            lines(found)
        else:
            nobody = True
            for row in found:
                nobody = False
                say(f"{row['person']}\t{row['email'] or ''}")
            if nobody:
                click.echo(f"Nobody is in {name} now.", err=True)


@segment.command()
@click.argument("name")
@click.argument("who", metavar="PERSON")
@pass_call
def why(call: Call, name: str, who: str) -> None:
    """Whether PERSON is in segment NAME now: each condition, with what was found."""
    from engine.adapters.db.connect import reading
    from engine.adapters.db.lives import load
    from engine.adapters.db.people import find
    from engine.application.evidence import evidence
    from engine.domain.condition import InSegment

    output = call.wants("text", "json")
    rules, now = call.workshop().project.rulebook, call.now()
    known(name, rules)
    with reading(call.database()) as connection:
        rules = _present(rules, connection, now)
        person_id = find(connection, who)
        visits = load(connection, [person_id], now) if person_id is not None else []
    if not visits:
        raise MistakeError(
            f"nobody is called {who}", help="`sincerely person list` shows who is there"
        )
    found = evidence(InSegment(name), visits[0].life.facts, rules, now)
    if output == "json":
        document({"person": person_id, "segment": name, "is_in": found.holds, **asdict(found)})
        return
    say(f"{person_id} is {'in' if found.holds else 'not in'} {name}.")
    if found.found:
        say(found.found)
    for part in found.parts:
        _tell(part, depth=1)


def _tell(found: Evidence, depth: int) -> None:
    mark = "yes" if found.holds else "no "
    grounds = f"   ({found.found})" if found.found else ""
    say(f"{'  ' * depth}{mark}  {found.words}{grounds}")
    for part in found.parts:
        _tell(part, depth + 1)


def known(name: str, rules: Rulebook) -> str:
    """The name, if a segment is called so.

    Raises:
        MistakeError: if none is.
    """
    if name in rules.segments:
        return name
    near = get_close_matches(name, rules.segments, n=1)
    raise MistakeError(
        f"there is no segment `{name}`",
        help=f"did you mean `{near[0]}`?" if near else "`sincerely segment list` shows them",
    )


def _present(rules: Rulebook, connection: Connection, now: datetime) -> Rulebook:
    """The rules with the lifecycle thresholds in use now (R6.2)."""
    from engine.adapters.db.thresholds import thresholds_at

    return replace(rules, thresholds=thresholds_at(connection, now))


def _members(name: str, rules: Rulebook, now: datetime, connection: Connection) -> Select[Any]:
    """Who is in a segment, by the SQL answer of its condition."""
    from sqlalchemy import not_, select

    from engine.adapters.db.condition_sql import where, zones_in_use
    from engine.adapters.db.tables import PERSON
    from engine.domain.condition import InSegment

    holds = where(InSegment(name), rules, now, lambda: zones_in_use(connection, rules))
    return select(PERSON.c.id, PERSON.c.email).where(holds, not_(PERSON.c.erased))
