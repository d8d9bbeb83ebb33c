"""`sincerely person`: who is there, what is known of somebody, and their rights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import cell, counted, document, lines, say, table
from engine.cli.person_rights import erase, export, merge
from engine.domain.errors import MistakeError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.domain.person import Person

_SHOWN = 50
_LONGEST = 60


@click.group()
def person() -> None:
    """The people: a list, everything about one of them, and what they may ask for."""


@person.command("list")
@click.option(
    "--limit", type=click.IntRange(1), help=f"At most so many; {_SHOWN} as text, else all."
)
@pass_call
def list_(call: Call, limit: int | None) -> None:
    """All people, in order of their ids."""
    from itertools import islice

    from engine.adapters.db.connect import reading
    from engine.application.portrait import headline

    output = call.wants("text", "json", "jsonl")
    with reading(call.database()) as connection:
        people = _everybody(connection)
        if output == "jsonl":
            lines(map(headline, islice(people, limit)))
        elif output == "json":
            document([headline(one) for one in islice(people, limit)])
        else:
            shown = list(islice(people, limit or _SHOWN))
            _list_as_text(shown, more=next(people, None) is not None)


def _list_as_text(shown: Sequence[Person], *, more: bool) -> None:
    if not shown:
        say("Nobody yet. `sincerely import people FILE` takes people in.")
        return
    table(
        ("person", "email", "name", "country", "since"),
        [
            (
                one.id,
                one.email or ("(erased)" if one.erased else ""),
                " ".join(
                    str(one.attributes[name])
                    for name in ("first_name", "last_name")
                    if name in one.attributes
                ),
                one.attributes.get("country"),
                one.created_at,
            )
            for one in shown
        ],
    )
    if more:
        say(f"… and more: `--limit {len(shown) * 10}`, or `--format jsonl` for all.")


def _everybody(connection: Connection) -> Iterator[Person]:
    from engine.adapters.db.people import page

    after = ""
    while found := page(connection, after):
        yield from found
        after = found[-1].id


@person.command()
@click.argument("who", metavar="PERSON")
@pass_call
def show(call: Call, who: str) -> None:
    """Everything about PERSON (an id or an address) that a decision may see now."""
    from engine.adapters.db.connect import reading
    from engine.adapters.db.consents import ledger_of
    from engine.adapters.db.lives import load
    from engine.adapters.db.people import find
    from engine.adapters.db.thresholds import thresholds_at
    from engine.application.ledger import told
    from engine.application.portrait import portrait

    output = call.wants("text", "json", "jsonl")
    rules, now = call.workshop().project.rulebook, call.now()
    with reading(call.database()) as connection:
        person_id = find(connection, who)
        visits = load(connection, [person_id], now, moods=True) if person_id is not None else []
        rules = replace(rules, thresholds=thresholds_at(connection, now))
        ledger = ledger_of(connection, person_id) if person_id is not None else []
    if not visits:
        raise MistakeError(
            f"nobody is called {who}", help="`sincerely person list` shows who is there"
        )
    known = {**portrait(visits[0].life, rules, now), "ledger": told(ledger, now)}
    waiting = len(visits[0].arrivals)
    if output == "json":
        document({**known, "events_waiting": waiting})
    elif output == "jsonl":
        lines([{**known, "events_waiting": waiting}])
    else:
        _show_as_text(known, waiting)


def _show_as_text(known: Mapping[str, Any], waiting: int) -> None:
    name = " ".join(str(known["attributes"].get("first_name", "")).split())
    say(" · ".join(filter(None, (known["id"], name, known["email"] or "no address"))))
    if known["suppressed"]:
        say(f"Never written to: {known['suppressed']}.")
    say(
        f"{known['stage']}, {counted(known['orders'], 'order')}"
        + (f", the last {cell(known['last_order_at'])}" if known["last_order_at"] else "")
        + (f", persona {known['persona']}" if known["persona"] else "")
        + f", time zone {known['time_zone']} (from the {known['time_zone_from']})"
    )
    ends = known["consent_ends"]
    consent = ", ".join(
        f"{topic} {word}" + (f" until {cell(ends[topic])}" if topic in ends else "")
        for topic, word in known["consent"].items()
    )
    say(f"Consent: {consent}")
    wishes = list(_wishes(known["wishes"]))
    if wishes:
        say(f"They asked for: {', '.join(wishes)}")
    for line in _mood_lines(known["mood"]):
        say(line)
    if known["segments"]:
        say(f"Segments: {', '.join(known['segments'])}")
    _section(
        "What they said about mail",
        ("at", "what, and how we know"),
        [(line["at"], line["says"]) for line in known["ledger"]],
    )
    _section("Attributes", ("name", "value"), sorted(known["attributes"].items()))
    _section(
        "In journeys",
        ("journey", "step", "since", "wakes at"),
        [(run["journey"], run["step"], run["since"], run["wakes_at"]) for run in known["journeys"]],
    )
    _section(
        "Mails",
        ("at", "mail", "category"),
        [(mail["at"], mail["mail"], mail["category"]) for mail in known["mails"]],
    )
    _section(
        f"Events ({known['events_in_all']:,} in all)",
        ("at", "event", "properties"),
        [(event["at"], event["event"], _brief(event["properties"])) for event in known["events"]],
    )
    if waiting:
        say(
            f"Waiting for the daemon: {counted(waiting, 'event')}. `sincerely run --once` lets them act."
        )


def _wishes(wishes: Mapping[str, Any]) -> Iterator[str]:
    """What they chose for themselves, in a few words each."""
    if wishes["less_often"]:
        yield "one marketing mail in 7 days at most"
    if wishes["paused_until"]:
        yield f"a break until {cell(wishes['paused_until'])}"
    if wishes["skipped"]:
        yield f"nothing about {', '.join(wishes['skipped'])}"
    if wishes["language"]:
        yield f"the language {wishes['language']}"


def _mood_lines(mood: Mapping[str, Any]) -> Iterator[str]:
    """How they feel, in sentences: why we think so, how sure that is, and how old."""
    if not mood["profiled"]:
        yield "Mood: not profiled: no consent."
        return
    if not mood["felt"]:
        yield f"Mood: unknown ({counted(mood['messages'], 'message')} read)."
    for one in mood["felt"]:
        words = ", ".join(f"“{word}”" for word in one["words"])
        sure = "" if one["confidence"] is None else f", {one['confidence']:.0%} sure"
        by = f", by {words}" if words else ""
        yield (
            f"Mood: {one['emotion']}, {one['level']} until {cell(one['until'])}{sure}; written"
            f" {cell(one['at'])} ({one['message']}){by}"
        )
    inclined = mood["disposition"]
    if inclined is not None:
        yield (
            f"Disposition: {inclined['emotion']} since {cell(inclined['since'])}, in"
            f" {inclined['share']:.0%} of what they write ({inclined['low']:.0%} to"
            f" {inclined['high']:.0%}; {inclined['usual']:.0%} is usual)"
        )
    if mood["trend"] != "unknown":
        yield f"Trend: {mood['trend']}"


def _section(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        say(f"\n{title}")
        table(columns, rows)


def _brief(properties: Mapping[str, object]) -> str:
    shown = {name: cell(value) for name, value in properties.items()}
    return ", ".join(
        f"{name} {text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}"
        for name, text in shown.items()
    )


person.add_command(export)
person.add_command(erase)
person.add_command(merge)
