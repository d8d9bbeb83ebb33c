"""A person as they were: the tables of today, with what `former` says undone, newest first.

A `Moment` is an instant, after everything that was recorded up to it; or the eyes of one turn, which had
seen exactly what its row of `former` names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import lives, marks
from engine.adapters.db.address_key import key_of
from engine.adapters.db.approvals import JUDGED
from engine.adapters.db.consents import LINE, READINGS, SHARED, reading_in
from engine.adapters.db.former import SLOT_COLUMNS
from engine.adapters.db.lives import Visit
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, mailbox_key, micros


@dataclass(frozen=True, slots=True)
class Taken:
    """One turn of the past: when, and what it had seen and let act."""

    seq: int
    at: datetime
    person_id: str
    was: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Then:
    """A person as they were. `arrivals` of the visit are what had come in and not acted yet; of a
    turn, what acted in it. `lost` says in words what can no longer be told, if anything."""

    visit: Visit
    lost: str = ""


def turns_of(
    connection: Connection, person_id: str, since: datetime, until: datetime
) -> list[Taken]:
    """The turns that a person took in `[since, until]`, oldest first."""
    found = connection.execute(
        sql(
            "SELECT seq, at, was FROM former WHERE person_id = :who AND what = 'turn'"
            " AND at BETWEEN :since AND :until ORDER BY seq"
        ),
        {"who": person_id, "since": micros(since), "until": micros(until)},
    )
    return [Taken(seq, instant(at), person_id, document(was)) for seq, at, was in found]


def as_of(connection: Connection, person_id: str, at: datetime) -> Then | None:
    """A person at an instant, after everything recorded up to it; None where there was nobody yet."""
    return _then(connection, person_id, at, None)


def as_seen_by(connection: Connection, taken: Taken) -> Then | None:
    """A person as one of their turns saw them, with the events that acted in it."""
    return _then(connection, taken.person_id, taken.at, taken)


def known_since(connection: Connection, person_id: str) -> datetime | None:
    """When the engine first heard of somebody; None where that was before such things were kept."""
    found: int | None = connection.execute(
        sql("SELECT recorded_at FROM person WHERE id = :who"), {"who": person_id}
    ).scalar()
    return instant(found)


def kept_since(connection: Connection, person_id: str) -> datetime | None:
    """Since when the former states of somebody are kept: since always (None), since the engine began
    to, for those whom it knew before, or since the older ones were removed (`keep: traces`)."""
    removed = marks.marked_at(connection, marks.FORMER_SINCE)
    if removed is not None:
        return removed
    if known_since(connection, person_id) is not None:
        return None
    found: int | None = connection.execute(sql("SELECT min(at) FROM former")).scalar()
    return instant(found)


# ── undoing ───────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _State:
    """What rows of `former` undo, as it stands today and then as it was."""

    person: dict[str, Any]
    due: dict[str, Any]
    inside: dict[str, int]
    runs: dict[str, dict[str, Any]]
    slots: dict[str, dict[str, Any]]
    pending: set[int]
    cleared: bool = False


def _then(connection: Connection, person_id: str, at: datetime, taken: Taken | None) -> Then | None:
    state = _today(connection, person_id)
    if state is None:
        return None
    recorded = state.person["recorded_at"]
    if recorded is not None and recorded > micros(at):
        return None
    for row in _later(connection, person_id, at, None if taken is None else taken.was["seen"][2]):
        if row["what"] in _UNDO:
            _UNDO[row["what"]](state, row)
    key = mailbox_key(key_of(connection), state.person["mailbox"] or "", person_id)
    _slots(connection, state, person_id, key, at, taken)
    row = {
        **state.person,
        **state.due,
        "mailbox_key": key,
        "memberships": list(state.inside.items()),
        "runs": [
            tuple(run[name] for name in lives.RUN) for run in state.runs.values() if run["kept"]
        ],
        "entries": [(r["journey"], r["entry_key"], r["entered_at"]) for r in state.runs.values()],
        "slots": [tuple(slot[name] for name in lives.SLOT) for slot in state.slots.values()],
        "events": _events(connection, person_id, state, at, taken),
        **_ledgers(connection, person_id, key, at, taken),
        "suppressed": _suppressed(connection, key, at),
        "judged": _judged(connection, person_id, at),
        "changed": 0,
        "former": 0,
    }
    visit = lives.visit_of(row, _readings(connection, person_id, at), at)
    lost = "the moods of then were cleared later, as the person wished" if state.cleared else ""
    return Then(visit, lost)


def _today(connection: Connection, person_id: str) -> _State | None:
    who = {"who": person_id}
    found = connection.execute(sql("SELECT * FROM person WHERE id = :who"), who).first()
    if found is None:
        return None
    person = found._asdict()
    person["attributes"] = dict(document(person["attributes"]))
    due = connection.execute(
        sql("SELECT looked_at, wakes_at, zone, knocking FROM due WHERE person_id = :who"), who
    ).first()
    walked = (
        {"looked_at": None, "wakes_at": None, "zone": None, "knocking": None}
        if due is None
        else {**due._asdict(), "knocking": document(due.knocking)}
    )
    inside = connection.execute(
        sql("SELECT segment, since FROM membership WHERE person_id = :who"), who
    )
    runs = {}
    for row in connection.execute(sql("SELECT * FROM run WHERE person_id = :who"), who):
        run = row._asdict()
        runs[run["id"]] = {**run, "state": dict(document(run["state"]))}
    return _State(person, walked, {s: since for s, since in inside}, runs, {}, set())


def _later(
    connection: Connection, person_id: str, at: datetime, seen: int | None
) -> Iterable[dict[str, Any]]:
    """What changed after the moment, newest first: from the first row on that is later."""
    if seen is None:
        first: int | None = connection.execute(
            sql("SELECT min(seq) FROM former WHERE person_id = :who AND at > :at"),
            {"who": person_id, "at": micros(at)},
        ).scalar()
        if first is None:
            return
        seen = first - 1
    found = connection.execute(
        sql(
            "SELECT seq, at, what, about, was FROM former WHERE person_id = :who AND seq > :seen"
            " ORDER BY seq DESC"
        ),
        {"who": person_id, "seen": seen},
    )
    for row in found:
        yield {**row._asdict(), "was": document(row.was)}


def _undo_person(state: _State, row: Mapping[str, Any]) -> None:
    was = dict(row["was"])
    for name, value in was.pop("values", {}).items():
        if value is None:
            state.person["attributes"].pop(name, None)
        else:
            state.person["attributes"][name] = value
    state.person.update(was)


def _undo_turn(state: _State, row: Mapping[str, Any]) -> None:
    was = row["was"]
    names = ("looked_at", "wakes_at", "zone")
    state.due.update(zip(names, was["due"], strict=True))
    if "knocking" in was:
        state.due["knocking"] = was["knocking"]
    if "standing" in was:
        state.person.update(zip(_STANDING, was["standing"], strict=True))
    for segment, since in was.get("inside", {}).items():
        if since is None:
            state.inside.pop(segment, None)
        else:
            state.inside[segment] = since
    for run_id, before in was.get("runs", {}).items():
        _undo_run(state, run_id, before)
    state.pending.update(was.get("acted", ()))
    state.cleared = state.cleared or "cleared" in was


_STANDING = ("orders", "first_order_at", "last_order_at", "own_gap", "won_back_at", "stage")


def _undo_run(state: _State, run_id: str, before: Mapping[str, Any] | None) -> None:
    if before is None:
        state.runs.pop(run_id, None)
        return
    run = state.runs.get(run_id)
    if run is None:
        return
    columns = dict(before)
    for name, value in columns.pop("state", {}).items():
        if value is None:
            run["state"].pop(name, None)
        else:
            run["state"][name] = value
    run.update(columns)
    run["kept"] = True


def _undo_moved(state: _State, row: Mapping[str, Any]) -> None:
    _undo_run(state, row["about"], row["was"])


_UNDO: dict[str, Callable[[_State, Mapping[str, Any]], None]] = {
    "person": _undo_person,
    "turn": _undo_turn,
    "run": _undo_moved,
}
"""Slots are undone with those of the whole mailbox, in `_slots`."""


# ── what the whole mailbox has, and what only grows ───────────────────────────────────────────


def _slots(
    connection: Connection,
    state: _State,
    person_id: str,
    key: str,
    at: datetime,
    taken: Taken | None,
) -> None:
    """The slots of the person and of their mailbox, as they were."""
    bound = {"who": person_id, "key": key}
    columns = ", ".join(SLOT_COLUMNS)
    found = connection.execute(
        sql(f"SELECT {columns} FROM slot WHERE mailbox_key = :key OR person_id = :who"), bound
    )
    for row in found:
        state.slots[row.send_id] = {**row._asdict(), "tags": document(row.tags)}
    others = connection.execute(
        sql("SELECT id FROM person WHERE mailbox_key = :key AND id <> :who"), bound
    )
    people = {person_id, *others.scalars(), *(slot["person_id"] for slot in state.slots.values())}
    for who in sorted(people):
        seen = None if taken is None else taken.was["seen"][2] if who == person_id else taken.seq
        for later in _later(connection, who, at, seen):
            if later["what"] == "slot":
                state.slots[later["about"]] = later["was"]
            for send_id in later["was"].get("took", ()) if later["what"] == "turn" else ():
                state.slots.pop(send_id, None)
    for send_id, slot in list(state.slots.items()):
        theirs = slot["mailbox_key"] == key or slot["person_id"] == person_id
        if not theirs or slot["at"] > micros(at):
            del state.slots[send_id]


def _events(
    connection: Connection, person_id: str, state: _State, at: datetime, taken: Taken | None
) -> list[tuple[Any, ...]]:
    """Events as the moment knew them. In the eyes of a turn, those act that acted in it, and others
    that waited are not in the history yet."""
    acted = frozenset(() if taken is None else taken.was.get("acted", ()))
    bound, limit = _limit(at, taken, 0, "received_at")
    found = connection.execute(
        sql(f"SELECT {', '.join(lives.EVENT)} FROM event WHERE person_id = :who AND {limit}"),
        {"who": person_id, **bound},
    )
    events = []
    for seq, event_id, source, name, when, properties, starts, pending in found:
        waits = bool(pending) or seq in state.pending
        if waits and taken is not None and seq not in acted:
            continue
        events.append(
            (seq, event_id, source, name, when, document(properties), bool(starts), waits)
        )
    return events


def _ledgers(
    connection: Connection, person_id: str, key: str, at: datetime, taken: Taken | None
) -> dict[str, Any]:
    bound, limit = _limit(at, taken, 1, "recorded_at")
    columns = ", ".join(f"t.{name}" for name in LINE)
    own = connection.execute(
        sql(f"SELECT {columns} FROM consent t WHERE t.person_id = :who AND {limit}"),
        {"who": person_id, **bound},
    )
    shared = connection.execute(
        sql(
            f"SELECT {columns} FROM consent t,"
            " (SELECT CAST(:who AS varchar) AS id, CAST(:key AS varchar) AS mailbox_key) p"
            f" WHERE {SHARED} AND {limit}"
        ),
        {"who": person_id, "key": key, **bound},
    )
    return {
        "consents": [tuple(row) for row in own],
        "mailbox_consents": [tuple(row) for row in shared],
    }


def _limit(
    at: datetime, taken: Taken | None, place: int, recorded: str
) -> tuple[dict[str, int], str]:
    """SQL that keeps what the moment knew of a table that only grows."""
    if taken is None:
        return {"at": micros(at)}, f"{recorded} <= :at"
    return {"seen": taken.was["seen"][place]}, "seq <= :seen"


def _readings(connection: Connection, person_id: str, at: datetime) -> tuple[Any, ...]:
    found = connection.execute(
        sql(
            f"SELECT {', '.join(READINGS)} FROM reading WHERE person_id = :who"
            " AND coalesce(recorded_at, at) <= :at ORDER BY seq"
        ),
        {"who": person_id, "at": micros(at)},
    )
    return tuple(reading_in(tuple(row)) for row in found)


def _suppressed(connection: Connection, key: str, at: datetime) -> str | None:
    found: str | None = connection.execute(
        sql(
            "SELECT because FROM suppression WHERE mailbox_key = :key AND since <= :at"
            " AND (lifted_at IS NULL OR lifted_at > :at) ORDER BY seq DESC LIMIT 1"
        ),
        {"key": key, "at": micros(at)},
    ).scalar()
    return found


def _judged(connection: Connection, person_id: str, at: datetime) -> list[tuple[Any, ...]]:
    found = connection.execute(
        sql(f"SELECT {', '.join(JUDGED)} FROM approval WHERE person_id = :who AND at <= :at"),
        {"who": person_id, "at": micros(at)},
    )
    return [tuple(row) for row in found]
