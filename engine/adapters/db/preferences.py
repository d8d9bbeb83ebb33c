"""What people chose for themselves, as a ledger: kept as `domain.receiving` keeps it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, tables
from engine.adapters.db.address_key import key_of
from engine.adapters.db.stored import instant, mailbox_key, micros
from engine.domain.arrival import Arrival, PersonArrived, PreferenceArrived
from engine.domain.preference import Preference, language

_LINE = ("what", "value", "active", "at", "until", "source")
CHOSEN = ("seq", "person_id", *_LINE)
"""The columns of a line as it is read: `chosen_in`."""
OF_MAILBOX = "(t.person_id = p.id OR t.mailbox_key = p.mailbox_key)"
"""The lines `t` of a person `p`, and those said of the mailbox that they have today."""


Told = PreferenceArrived | PersonArrived


def take_in(
    connection: Connection, arrivals: Sequence[Told], now: datetime, moved: Mapping[str, str]
) -> frozenset[str]:
    """Add to the ledger what is new, and answer for whom. The people exist, and are locked; of who was
    erased nothing is kept (R5.9).

    Of those who `moved` from a mailbox to another, `arrivals` holds the rows that say so, in their place
    among the others: a choice is of the mailbox of its time.
    """
    ids = {codec.text(a.person_id) for a in arrivals if isinstance(a, PreferenceArrived)}
    if not ids:
        return frozenset()
    known, here, at = _of(connection, ids), _here(connection, ids), dict(moved)
    rows = []
    for arrival in arrivals:
        who = codec.text(arrival.person_id)
        if isinstance(arrival, PersonArrived):
            at[who] = at.get(who, "") if arrival.mailbox is None else codec.text(arrival.mailbox)
            continue
        line, lines = _cleaned(arrival.preference), known.setdefault(who, [])
        if line not in lines and who in here:
            lines.append(line)
            mailbox = at.get(who, "")
            key = mailbox_key(key_of(connection), mailbox, who) if mailbox else here[who]
            rows.append(row(who, key, line, now))
    add(connection, rows)
    return frozenset(who for who, *_ in rows)


def keep_languages(connection: Connection, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """The arrivals, with every `locale` as its person chose it, whatever a row says: one among them that
    chooses says so itself, as a change of the profile."""
    about = {
        codec.text(arrival.person_id)
        for arrival in arrivals
        if isinstance(arrival, PreferenceArrived)
        or (isinstance(arrival, PersonArrived) and "locale" in arrival.values)
    }
    if not about:
        return arrivals
    known = _of(connection, about, "what = 'language'")
    settled: list[Arrival] = []
    for arrival in arrivals:
        who = codec.text(arrival.person_id)
        if isinstance(arrival, PreferenceArrived):
            known.setdefault(who, []).append(_cleaned(arrival.preference))
        chosen = language(known.get(who, ()))
        if chosen is not None and isinstance(arrival, PreferenceArrived):
            settled.append(PersonArrived(who, None, None, {"locale": chosen}, arrival.at))
        elif chosen is not None and isinstance(arrival, PersonArrived):
            values = {**arrival.values, "locale": chosen}
            arrival = replace(arrival, values=values)
        settled.append(arrival)
    return settled


def add(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append rows, each a `row`."""
    batch.insert(
        connection, tables.PREFERENCE, ("person_id", "mailbox_key", "recorded_at", *_LINE), rows
    )


def row(who: str, key: str, line: Preference, now: datetime) -> tuple[Any, ...]:
    """A line of somebody and of their mailbox, recorded at `now`."""
    return (
        who, key, micros(now), line.what, line.value, line.active, micros(line.at), micros(line.until),
        line.source,
    )  # fmt: skip


def chosen_in(
    stored: Iterable[Sequence[Any]], person_id: str
) -> tuple[tuple[Preference, ...], tuple[Preference, ...]]:
    """Rows of the columns `CHOSEN`: the person's own, and those of the others of their mailbox."""
    own: list[Preference] = []
    others: list[Preference] = []
    for _, who, what, value, active, at, until, source in sorted(stored, key=lambda row: row[0]):
        line = Preference(what, instant(at), bool(active), value, instant(until), source)
        (own if who == person_id else others).append(line)
    return tuple(own), tuple(others)


def _here(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Those who are not erased, and the key of their mailbox."""
    found = connection.execute(
        sql(
            f"SELECT id, mailbox_key FROM person WHERE {batch.among(connection, 'id')} AND NOT erased"
        ),
        {"ids": batch.listed(connection, ids)},
    )
    return {who: key for who, key in found}


def _of(
    connection: Connection, ids: Collection[str], where: str = "true"
) -> dict[str, list[Preference]]:
    found = connection.execute(
        sql(
            f"SELECT {', '.join(CHOSEN)} FROM preference"
            f" WHERE {batch.among(connection, 'person_id')} AND {where} ORDER BY seq"
        ),
        {"ids": batch.listed(connection, ids)},
    )
    known: dict[str, list[Preference]] = {}
    for stored in found:
        known.setdefault(stored.person_id, []).extend(chosen_in([stored], stored.person_id)[0])
    return known


def _cleaned(line: Preference) -> Preference:
    return replace(line, value=codec.text(line.value), source=codec.text(line.source))
