"""Lives: all that a turn may see of a person, gathered for many people in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from json import loads
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, scores
from engine.adapters.db.approvals import JUDGED, judged_in
from engine.adapters.db.connect import on_postgresql
from engine.adapters.db.consents import LINE, SHARED, line_in
from engine.adapters.db.people import person_in, standing_in
from engine.adapters.db.preferences import CHOSEN, OF_MAILBOX, chosen_in
from engine.adapters.db.profile_rows import disposition_in
from engine.adapters.db.readings import read_readings
from engine.adapters.db.stored import instant, micros
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import Reading
from engine.domain.event import Event, History
from engine.domain.facts import Facts, Sent
from engine.domain.journey import Class
from engine.domain.message_mood import MessageMood
from engine.domain.run import Run
from engine.domain.turn import Life


@dataclass(frozen=True, slots=True)
class Visit:
    """One person as loaded for a turn.

    `arrivals` are the events to let act, in the order `(at, arrival)`; `next_arrival` is when the next
    one comes to pass that is dated a little ahead. `mailbox_key` tells the runner whose slots one
    turn must show to the next. `seqs` and `changed` say later what this turn had seen, and so does
    `seen`, for whoever looks back: the newest event, line of the ledger, row of `former` and preference.
    """

    life: Life
    arrivals: tuple[Event, ...]
    mailbox_key: str
    next_arrival: datetime | None = None
    seqs: tuple[int, ...] = ()
    changed: int = 0
    lease_until: int | None = None
    seen: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def person_id(self) -> str:
        """Whose life it is."""
        return self.life.facts.person.id


def load(
    connection: Connection,
    person_ids: Collection[str],
    now: datetime,
    remember: timedelta | None = None,
    events: Collection[str] | None = None,
    moods: bool = False,
) -> list[Visit]:
    """The lives of people as they are, in order of mailbox, then person; whoever is unknown is left out.

    With the slots taken after `now - remember` (`domain.counting.remembered`), or all there ever were;
    and with the past events of these names (`domain.index.events_read`), or all of them, so that a turn
    costs what it looks at, not how long a history is. What has not acted yet is there in any case.

    With `moods`, also with what was read of their messages, which no turn looks at.

    One statement for any number of people (and one more where somebody has a mood). It takes nobody in
    hand: a turn to be stored needs a claim first; `preview`, `why` and the hand-off only look.
    """
    if not person_ids:
        return []
    names = None if events is None else sorted(events)
    statement = _statement(on_postgresql(connection), None if names is None else len(names))
    rows = connection.execute(
        sql(f"{statement} WHERE {batch.among(connection, 'p.id')}"),
        {
            "ids": batch.listed(connection, person_ids),
            "oldest": _LONG_AGO if remember is None else micros(now - remember),
            **{f"name{place}": name for place, name in enumerate(names or ())},
        },
    )
    found = [_parsed(row._asdict()) for row in rows]
    felt = [row["id"] for row in found if row["felt"]]
    readings = read_readings(connection, felt) if felt else {}
    read = scores.of(connection, person_ids) if moods else {}
    visits = [
        visit_of(row, readings.get(row["id"], ()), now, read.get(row["id"], ())) for row in found
    ]
    return sorted(visits, key=lambda visit: (visit.mailbox_key, visit.person_id))


_LONG_AGO = -(2**62)
_AT_ONCE = 1_000
EVENT = ("seq", "id", "source", "name", "at", "properties", "starts", "pending")
RUN = (
    "id", "person_id", "journey", "entry_key", "entered_at", "version", "step", "since", "wake_at",
    "ended_at", "because", "held_out", "goal_at", "state",
)  # fmt: skip
SLOT = (
    "person_id", "mail", "category", "klass", "at", "tags", "run", "step", "ghost", "send_id",
)  # fmt: skip
_SEVERAL = (
    "attributes", "knocking", "consents", "mailbox_consents", "memberships", "runs", "entries",
    "events", "slots", "judged", "preferences",
)  # fmt: skip

DOCUMENTS = frozenset({("event", "properties"), ("run", "state"), ("slot", "tags")})
"""The JSON columns among these; a test compares them with the tables."""


@lru_cache(maxsize=8)
def _statement(postgresql: bool, names: int | None) -> str:
    """Rows with one document each, `several`: the attributes and all that a person has several of, so
    that it is read in one go. With so many names bound, only past events of these."""
    array, group, plain = (
        ("json_build_array", "json_agg", "{}")
        if postgresql
        else ("json_array", "json_group_array", "json({})")
    )

    def several(columns: tuple[str, ...], table: str, where: str, source: str = "") -> str:
        parts = ", ".join(
            plain.format(f"t.{name}") if (table, name) in DOCUMENTS else f"t.{name}"
            for name in columns
        )
        return f"(SELECT {group}({array}({parts})) FROM {source or table} t WHERE {where})"

    of_person = "t.person_id = p.id"
    mailbox = "(t.mailbox_key = p.mailbox_key OR t.person_id = p.id) AND t.at > :oldest"
    parts = {
        "attributes": "p.attributes",
        "knocking": "d.knocking",
        "consents": several(LINE, "consent", of_person),
        "mailbox_consents": several(LINE, "consent", SHARED),
        "memberships": several(("segment", "since"), "membership", of_person),
        "runs": several(RUN, "run", f"{of_person} AND t.kept"),
        "entries": several(("journey", "entry_key", "entered_at"), "run", of_person),
        "events": several(EVENT, "event", of_person, _events_named(names)),
        "slots": several(SLOT, "slot", mailbox),
        "judged": several(JUDGED, "approval", of_person),
        "preferences": several(CHOSEN, "preference", OF_MAILBOX),
    }
    assert tuple(parts) == _SEVERAL
    return f"""
        SELECT p.id, p.email, p.mailbox, p.mailbox_key, p.created_at, p.erased, p.orders,
            p.first_order_at, p.last_order_at, p.own_gap, p.won_back_at, p.stage, p.disposition,
            p.disposition_since, p.disposition_until,
            s.because AS suppressed, d.lease_until, d.changed, d.looked_at, d.wakes_at, d.zone,
            EXISTS (SELECT 1 FROM reading t WHERE {of_person}) AS felt,
            (SELECT max(t.seq) FROM former t WHERE {of_person}) AS former,
            CAST({array}({", ".join(map(plain.format, parts.values()))}) AS text) AS several
        FROM person p
        LEFT JOIN due d ON d.person_id = p.id
        LEFT JOIN suppression s ON s.mailbox_key = p.mailbox_key AND s.lifted_at IS NULL"""


def _events_named(names: int | None) -> str:
    """The events to read: what is pending has an index of its own, so each half is found at once."""
    if names is None:
        return ""
    bound = ", ".join(f":name{place}" for place in range(names)) or "NULL"
    of_person = "SELECT * FROM event e WHERE e.person_id = p.id AND"
    return f"({of_person} NOT e.pending AND e.name IN ({bound}) UNION ALL {of_person} e.pending)"


def _parsed(row: dict[str, Any]) -> dict[str, Any]:
    row.update(zip(_SEVERAL, loads(row["several"]), strict=True))
    return row


def visit_of(
    row: Mapping[str, Any],
    readings: tuple[Reading, ...],
    now: datetime,
    moods: tuple[MessageMood, ...] = (),
) -> Visit:
    """The visit of a row as `_statement` gives it, with its JSON read."""
    events = [(stored[4], stored[0], stored) for stored in row["events"] or ()]
    events.sort(key=lambda event: event[:2])
    present = micros(now)
    waiting = [stored for _, _, stored in events if stored[7]]
    acting = [stored for stored in waiting if stored[4] <= present]
    later = [stored[4] for stored in waiting if stored[4] > present]
    person = person_in(row)
    chosen, of_mailbox = chosen_in(row["preferences"] or (), person.id)
    facts = Facts(
        person=person,
        history=History(event_in(stored) for _, _, stored in events if not stored[7]),
        consents=_ledger(row["consents"], row["mailbox_key"]),
        mailbox_consents=_ledger(row["mailbox_consents"], row["mailbox_key"]),
        readings=readings,
        disposition=disposition_in(
            row["disposition"], row["disposition_since"], row["disposition_until"]
        ),
        moods=moods,
        standing=standing_in(row),
        memberships={segment: instant(since) for segment, since in row["memberships"] or ()},
        sent=_slots(row["slots"] or ()),
        suppressed=row["suppressed"],
        judged=judged_in(row["judged"] or ()),
        preferences=chosen,
        mailbox_preferences=of_mailbox,
    )
    entries: dict[str, dict[str, datetime]] = {}
    for journey, entry_key, entered_at in row["entries"] or ():
        entries.setdefault(journey, {})[entry_key] = instant(entered_at)
    life = Life(
        facts=facts,
        runs=_runs(row["runs"] or ()),
        entries=entries,
        knocking=tuple(map(codec.knock_in, row["knocking"] or ())),
        looked_at=instant(row["looked_at"]),
        stage=row["stage"],
        zone=row["zone"],
        due_at=instant(row["wakes_at"]),
    )
    return Visit(
        life=life,
        arrivals=tuple(map(event_in, acting)),
        mailbox_key=row["mailbox_key"],
        next_arrival=instant(min(later)) if later else None,
        seqs=tuple(stored[0] for stored in acting),
        changed=row["changed"] or 0,
        lease_until=row["lease_until"],
        seen=(
            max((stored[0] for _, _, stored in events), default=0),
            max(
                (line[0] for line in (*(row["consents"] or ()), *(row["mailbox_consents"] or ()))),
                default=0,
            ),
            row["former"] or 0,
            max((line[0] for line in row["preferences"] or ()), default=0),
        ),
    )


def _ledger(stored: Collection[list[Any]] | None, key: str) -> tuple[ConsentEntry, ...]:
    return tuple(line_in(line, key) for line in sorted(stored or (), key=itemgetter(0)))


def event_in(stored: Sequence[Any]) -> Event:
    """The event of the columns `EVENT`."""
    _, event_id, source, name, at, properties, starts, _ = stored
    return Event(event_id, name, instant(at), codec.values(properties), source, bool(starts))


def _runs(stored: Collection[list[Any]]) -> tuple[Run, ...]:
    columns = (dict(zip(RUN, values, strict=True)) for values in stored)
    runs = [codec.run_in(row, row["state"]) for row in columns]
    return tuple(sorted(runs, key=lambda run: (run.entered_at, run.id)))


def _slots(stored: Collection[list[Any]]) -> tuple[Sent, ...]:
    slots = [
        (at, send_id, Sent(person, mail, category, Class(klass), instant(at), tuple(tags), run,
                           step, bool(ghost)))
        for person, mail, category, klass, at, tags, run, step, ghost, send_id in stored
    ]  # fmt: skip
    slots.sort(key=lambda slot: slot[:2])
    return tuple(sent for _, _, sent in slots)


def everybody(
    connection: Connection, now: datetime, mailbox_of: str | None = None, *, moods: bool = False
) -> Iterator[Visit]:
    """All lives in order of mailbox, a thousand or so at a time and no mailbox cut; of one person and
    whoever shares their mailbox where `mailbox_of` is an id. The erased are left out.

    `moods` as in `load`.
    """
    rows = connection.execute(
        sql(
            "SELECT mailbox_key, id FROM person WHERE NOT erased AND (CAST(:who AS varchar) IS NULL"
            " OR mailbox_key = (SELECT p.mailbox_key FROM person p WHERE p.id = :who))"
            " ORDER BY mailbox_key, id"
        ),
        {"who": mailbox_of},
    ).all()
    chunk: list[str] = []
    for _, members in groupby(rows, key=itemgetter(0)):
        if len(chunk) >= _AT_ONCE:
            yield from load(connection, chunk, now, moods=moods)
            chunk = []
        chunk += [person_id for _, person_id in members]
    yield from load(connection, chunk, now, moods=moods)


def last_look(connection: Connection) -> datetime | None:
    """When the engine last looked at anybody; None before its first turn."""
    found: int | None = connection.execute(sql("SELECT max(looked_at) FROM due")).scalar()
    return instant(found)
