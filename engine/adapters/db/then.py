"""A person as they were: the tables of today, with what `former` says undone, newest first.

A moment is an instant, after everything that was recorded up to it; or the eyes of one turn, which had
seen exactly what its row of `former` names. Everything of the person is read once, so that any number
of moments can be looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import lives, marks
from engine.adapters.db.address_key import key_of
from engine.adapters.db.approvals import JUDGED
from engine.adapters.db.consents import LINE, SHARED
from engine.adapters.db.former import SLOT_COLUMNS
from engine.adapters.db.people import document
from engine.adapters.db.preferences import CHOSEN
from engine.adapters.db.readings import READINGS, reading_in
from engine.adapters.db.stored import instant, mailbox_key, micros
from engine.adapters.db.undoing import Former, State, later, undo
from engine.application.ports.past import LifeThen, TurnThen
from engine.domain.event import Event, History


@dataclass(frozen=True, slots=True)
class _Moment:
    """An instant; or, with a `turn`, what that turn had seen."""

    at: datetime
    turn: Former | None = None


class DatabasePast:
    """`application.ports.past.Past` of one person, who is there today."""

    def __init__(self, connection: Connection, person_id: str) -> None:
        self._connection = connection
        self._id = person_id

    @cached_property
    def known_since(self) -> datetime | None:
        """When the engine first heard of them; None where that was before such things were kept."""
        recorded: int | None = self._today.person["recorded_at"]
        return instant(recorded)

    @cached_property
    def kept_since(self) -> datetime | None:
        """Since when their former states are kept: since the older ones were removed (`keep: traces`); for
        those whom the engine knew before it kept any, since the first that it kept; None for always."""
        removed = marks.marked_at(self._connection, marks.FORMER_SINCE)
        if removed is not None:
            return removed
        if self.known_since is not None:
            return None
        found: int | None = self._connection.execute(sql("SELECT min(at) FROM former")).scalar()
        return instant(found)

    def turns(self, since: datetime, until: datetime) -> Sequence[TurnThen]:
        """Their turns in `[since, until]`, oldest first."""
        first, last = micros(since), micros(until)
        return [
            TurnThen(
                row.seq, instant(row.at), row.was["version"], frozenset(row.was.get("paused", ()))
            )
            for row in self._rows(self._id)
            if row.what == "turn" and first <= row.at <= last
        ]

    def seen_by(self, turn: TurnThen) -> LifeThen | None:
        """The person as a turn saw them, with the events that acted in it."""
        row = next((row for row in self._rows(self._id) if row.seq == turn.seq), None)
        return None if row is None else self._life(_Moment(turn.at, row))

    def life(self, at: datetime) -> LifeThen | None:
        """The person at an instant, after everything recorded up to it; None where there was nobody."""
        return self._life(_Moment(at))

    # the tables of today, read once

    @cached_property
    def _today(self) -> State:
        who = {"who": self._id}
        person = self._connection.execute(sql("SELECT * FROM person WHERE id = :who"), who).one()
        due = self._connection.execute(
            sql("SELECT looked_at, wakes_at, zone, knocking FROM due WHERE person_id = :who"), who
        ).first()
        none = {"looked_at": None, "wakes_at": None, "zone": None, "knocking": None}
        inside = self._connection.execute(
            sql("SELECT segment, since FROM membership WHERE person_id = :who"), who
        )
        runs = self._connection.execute(sql("SELECT * FROM run WHERE person_id = :who"), who)
        return State(
            person={**person._asdict(), "attributes": document(person.attributes)},
            due=none if due is None else {**due._asdict(), "knocking": document(due.knocking)},
            inside={segment: since for segment, since in inside},
            runs={row.id: {**row._asdict(), "state": document(row.state)} for row in runs},
        )

    @cached_property
    def _events(self) -> list[tuple[int, int, bool, Event]]:
        """All events: seq, when received, whether they still wait, and the event."""
        found = self._connection.execute(
            sql(
                f"SELECT received_at, {', '.join(lives.EVENT)} FROM event WHERE person_id = :who"
                " ORDER BY at, seq"
            ),
            {"who": self._id},
        )
        return [
            (row.seq, row.received_at, bool(row.pending), lives.event_in((
                row.seq, row.id, row.source, row.name, row.at, document(row.properties), row.starts,
                row.pending,
            )))
            for row in found
        ]  # fmt: skip

    @cached_property
    def _merged_at(self) -> datetime | None:
        found: int | None = self._connection.execute(
            sql("SELECT max(at) FROM alias WHERE person_id = :who"), {"who": self._id}
        ).scalar()
        return instant(found)

    def _rows(self, person_id: str) -> Sequence[Former]:
        """All rows of `former` of somebody, oldest first."""
        if person_id not in self._former:
            found = self._connection.execute(
                sql(
                    "SELECT seq, at, what, about, was FROM former WHERE person_id = :who ORDER BY seq"
                ),
                {"who": person_id},
            )
            self._former[person_id] = [
                Former(seq, at, what, about, document(was)) for seq, at, what, about, was in found
            ]
        return self._former[person_id]

    @cached_property
    def _former(self) -> dict[str, list[Former]]:
        return {}

    # then

    def _life(self, moment: _Moment) -> LifeThen | None:
        at = micros(moment.at)
        recorded = self._today.person["recorded_at"]
        if recorded is not None and recorded > at:
            return None
        state = deepcopy(self._today)
        seen = None if moment.turn is None else moment.turn.was["seen"][2]
        undo(state, later(self._rows(self._id), at, seen))
        key = mailbox_key(key_of(self._connection), state.person["mailbox"] or "", self._id)
        slots = self._slots(key, moment)
        visit = lives.visit_of(
            {
                **state.person,
                **state.due,
                "mailbox_key": key,
                "memberships": list(state.inside.items()),
                "runs": [
                    tuple(run[name] for name in lives.RUN)
                    for run in state.runs.values()
                    if run["kept"]
                ],
                "entries": [
                    (run["journey"], run["entry_key"], run["entered_at"])
                    for run in state.runs.values()
                ],
                "slots": [tuple(slot[name] for name in lives.SLOT) for slot in slots],
                "events": (),
                **self._ledgers(key, moment),
                "preferences": self._preferences(key, moment),
                "suppressed": self._suppressed(key, at),
                "judged": self._judged(at),
                "changed": 0,
                "lease_until": None,
                "former": 0,
            },
            self._readings(at),
            moment.at,
        )
        history, arrivals = self._happened(state, moment)
        facts = replace(visit.life.facts, history=history)
        return LifeThen(
            replace(visit.life, facts=facts), arrivals, key, self._lost(state, moment.at)
        )

    def _lost(self, state: State, at: datetime) -> str:
        """What can no longer be told, in words; empty where all of it can."""
        if self._merged_at is not None and at < self._merged_at:
            return f"two profiles became one on {self._merged_at:%Y-%m-%d}"
        if self.kept_since is not None and at < self.kept_since:
            return f"former states are kept since {self.kept_since:%Y-%m-%d}"
        if state.walked:
            return "that time was walked at once, as the demo does, and not lived turn by turn"
        if state.cleared:
            return "the moods of then were cleared later, as the person wished"
        return ""

    def _slots(self, key: str, moment: _Moment) -> list[dict[str, Any]]:
        """The slots of the person and of their mailbox, as they were."""
        bound = {"who": self._id, "key": key}
        found = self._connection.execute(
            sql(
                f"SELECT {', '.join(SLOT_COLUMNS)} FROM slot"
                " WHERE mailbox_key = :key OR person_id = :who"
            ),
            bound,
        )
        slots = {row.send_id: {**row._asdict(), "tags": document(row.tags)} for row in found}
        others = self._connection.execute(
            sql(
                "SELECT id FROM person WHERE mailbox_key = :key AND id <> :who UNION"
                " SELECT person_id FROM former WHERE what = 'slot' AND about = :key"
            ),
            bound,
        )
        people = {self._id, *others.scalars(), *(slot["person_id"] for slot in slots.values())}
        at, turn = micros(moment.at), moment.turn
        for who in sorted(people):
            seen = None if turn is None else turn.was["seen"][2] if who == self._id else turn.seq
            for row in later(self._rows(who), at, seen):
                if row.what == "slot":
                    slots[row.was["send_id"]] = dict(row.was)
                elif row.what == "turn":
                    for send_id in row.was.get("took", ()):
                        slots.pop(send_id, None)
        return [
            slot
            for slot in slots.values()
            if (slot["mailbox_key"] == key or slot["person_id"] == self._id) and slot["at"] <= at
        ]

    def _happened(self, state: State, moment: _Moment) -> tuple[History, tuple[Event, ...]]:
        """The history as it was, and what had come in and not acted yet; in the eyes of a turn, what
        acted in it."""
        turn, at = moment.turn, micros(moment.at)
        seen, acted = (0, frozenset[int]()) if turn is None else (
            turn.was["seen"][0], frozenset(turn.was.get("acted", ()))
        )  # fmt: skip
        past: list[Event] = []
        coming: list[Event] = []
        for seq, received, pending, event in self._events:
            if received > at if turn is None else seq > seen:
                continue
            if not (pending or seq in state.pending):
                past.append(event)
            elif (event.at <= moment.at) if turn is None else (seq in acted):
                coming.append(event)
        return History(past), tuple(coming)

    def _ledgers(self, key: str, moment: _Moment) -> dict[str, Any]:
        columns = ", ".join(f"t.{name}" for name in LINE)
        bound: dict[str, Any] = {"who": self._id, "key": key, "at": micros(moment.at)}
        limit = "recorded_at <= :at"
        if moment.turn is not None:
            bound, limit = {**bound, "seen": moment.turn.was["seen"][1]}, "seq <= :seen"
            del bound["at"]
        shared = bound
        own = {name: value for name, value in bound.items() if name != "key"}
        return {
            "consents": [
                tuple(row)
                for row in self._connection.execute(
                    sql(f"SELECT {columns} FROM consent t WHERE t.person_id = :who AND {limit}"),
                    own,
                )
            ],
            "mailbox_consents": [
                tuple(row)
                for row in self._connection.execute(
                    sql(
                        f"SELECT {columns} FROM consent t, (SELECT CAST(:who AS varchar) AS id,"
                        f" CAST(:key AS varchar) AS mailbox_key) p WHERE {SHARED} AND {limit}"
                    ),
                    shared,
                )
            ],
        }

    def _preferences(self, key: str, moment: _Moment) -> list[tuple[Any, ...]]:
        """Their own and those of the mailbox; a turn of before there were any names none that it had
        seen."""
        seen = None if moment.turn is None else moment.turn.was["seen"]
        last = micros(moment.at) if seen is None else seen[3] if len(seen) > 3 else 0
        found = self._connection.execute(
            sql(
                f"SELECT {', '.join(CHOSEN)} FROM preference"
                " WHERE (person_id = :who OR mailbox_key = :key)"
                f" AND {'recorded_at' if seen is None else 'seq'} <= :last"
            ),
            {"who": self._id, "key": key, "last": last},
        )
        return [tuple(row) for row in found]

    def _readings(self, at: int) -> tuple[Any, ...]:
        found = self._connection.execute(
            sql(
                f"SELECT {', '.join(READINGS)} FROM reading WHERE person_id = :who"
                " AND coalesce(recorded_at, at) <= :at ORDER BY seq"
            ),
            {"who": self._id, "at": at},
        )
        return tuple(reading_in(tuple(row)) for row in found)

    def _suppressed(self, key: str, at: int) -> str | None:
        found: str | None = self._connection.execute(
            sql(
                "SELECT because FROM suppression WHERE mailbox_key = :key AND since <= :at"
                " AND (lifted_at IS NULL OR lifted_at > :at) ORDER BY seq DESC LIMIT 1"
            ),
            {"key": key, "at": at},
        ).scalar()
        return found

    def _judged(self, at: int) -> list[tuple[Any, ...]]:
        found = self._connection.execute(
            sql(f"SELECT {', '.join(JUDGED)} FROM approval WHERE person_id = :who AND at <= :at"),
            {"who": self._id, "at": at},
        )
        return [tuple(row) for row in found]
