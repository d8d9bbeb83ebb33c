"""What turns decided, written for many people in one transaction (R10.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from engine.adapters.db import (
    batch,
    codec,
    consents,
    due,
    former,
    moods,
    notices,
    people,
    readings,
    tasks,
)
from engine.adapters.db.alterations import Alteration
from engine.adapters.db.lives import Visit
from engine.adapters.db.stored import length_micros, micros
from engine.adapters.db.tables import EVENT, MEMBERSHIP, OUTBOX, PERSON, RUN, SLOT, TASK, TRACE
from engine.domain.consent import Evidence
from engine.domain.engine_events import MOOD_EVENTS, TASK_DONE
from engine.domain.facts import Rulebook, Sent
from engine.domain.ids import notice_id
from engine.domain.journey import Class, Priority
from engine.domain.receiving import withdraws
from engine.domain.run import Run
from engine.domain.turn import (
    Assumed,
    Change,
    ConsentImplied,
    ConsentLowered,
    Departed,
    Joined,
    Moved,
    Noted,
    PersonChanged,
    Queued,
    StandingChanged,
    TaskOpened,
    TaskRaised,
    Traced,
    Turn,
)
from engine.domain.waiting import told_at

RANKS: Mapping[Class, int] = {klass: rank for rank, klass in enumerate(Class)}
PRIORITIES: Mapping[Priority, int] = {priority: place for place, priority in enumerate(Priority)}

_RUN = (
    "id", "person_id", "journey", "entry_key", "entered_at", "version", "step", "since", "wake_at",
    "ended_at", "because", "held_out", "goal_at", "kept", "state",
)  # fmt: skip
_RUN_MOVES = ", ".join(
    f"{name} = excluded.{name}" for name in _RUN if name not in ("id", "person_id", "journey")
)
_KIND = TypeVar("_KIND")

Decided = tuple[Visit, Turn]


def store(
    connection: Connection,
    taken: Sequence[Decided],
    rules: Rulebook,
    now: datetime,
    owner: str,
    release_at: Mapping[str, datetime] | None = None,
) -> frozenset[str]:
    """Write turns within the caller's transaction (`connect.writing`), and end their claims.

    Whoever `owner` no longer has in hand (the lease ran out and somebody else took them, they moved
    to another mailbox, they were erased) is left out altogether; the answer holds those written. A message
    whose `send_id` exists already is not queued again (R2.10). Whoever something arrived for in the
    meantime is due again at once. Messages wait for `release_at[send_id]`, where it is given, before
    they are handed off (R4.4).
    """
    kept = due.settle(connection, [_settled(visit, turn) for visit, turn in taken], owner, now)
    taken = [(visit, turn) for visit, turn in taken if visit.person_id in kept]
    if taken:
        _events(connection, taken, now)
        _runs(connection, taken)
        _traces(connection, taken)
        _messages(connection, taken, rules, now, release_at or {})
        _memberships(connection, taken)
        _people(connection, taken, now)
        _consents(connection, taken, now)
        _tasks(connection, taken, rules, now)
        former.note_turns(connection, taken, rules, now)
    return kept


def _settled(visit: Visit, turn: Turn) -> due.Settled:
    instants = [at for at in (turn.due_at, visit.next_arrival) if at is not None]
    return due.Settled(
        person_id=visit.person_id,
        lease_until=visit.lease_until,
        mailbox_key=visit.mailbox_key,
        changed=visit.changed,
        due_at=min(instants, default=None),
        looked_at=turn.life.looked_at,
        wakes_at=turn.life.due_at,
        zone=turn.life.zone,
        knocking=codec.dump([codec.knock_out(knock) for knock in turn.life.knocking]),
    )


def _events(connection: Connection, taken: Sequence[Decided], now: datetime) -> None:
    acted = [seq for visit, _ in taken for seq in visit.seqs]
    batch.update(connection, EVENT, ("seq",), ("pending",), [(seq, False) for seq in acted])
    columns = (
        "id", "source", "person_id", "name", "at", "received_at", "properties", "starts",
        "clock_skew", "pending",
    )  # fmt: skip
    rows = [
        (
            event.id, event.source, visit.person_id, event.name, micros(event.at), micros(now),
            codec.cleaned(event.properties), event.starts, False, False,
        )
        for visit, turn in taken
        for event in (noted.event for noted in _of(turn.changes, Noted))
    ]  # fmt: skip
    batch.insert(connection, EVENT, columns, rows, "ON CONFLICT (source, id) DO NOTHING")
    _unsay_moods(connection, taken)


def _unsay_moods(connection: Connection, taken: Sequence[Decided]) -> None:
    """Who withdrew consent while their turn was decided has no readings any more, and so no moods that
    a turn could tell of (R5.10)."""
    told = {
        visit.person_id
        for visit, turn in taken
        if any(noted.event.name in MOOD_EVENTS for noted in _of(turn.changes, Noted))
    }
    if told:
        read = readings.read_readings(connection, sorted(told))
        moods.forget_events(connection, sorted(told - read.keys()))


def _runs(connection: Connection, taken: Sequence[Decided]) -> None:
    rows: list[tuple[Any, ...]] = []
    forgotten: list[tuple[Any, ...]] = []
    for visit, turn in taken:
        kept = {run.id for run in turn.life.runs}
        moved = {change.run.id: change.run for change in _of(turn.changes, Moved)}
        rows += [_run_row(run, run.id in kept) for run in moved.values()]
        forgotten += [
            (run.id, False) for run in visit.life.runs if run.id not in kept and run.id not in moved
        ]
    _write_runs(connection, rows)
    batch.update(connection, RUN, ("id",), ("kept",), forgotten)


def save_runs(connection: Connection, runs: Iterable[Run]) -> None:
    """Write live runs as they are now, outside a turn: after an edit of their journey (R2.8)."""
    _write_runs(connection, [_run_row(run, True) for run in runs])


def _write_runs(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    conflict = f"ON CONFLICT (id) DO UPDATE SET {_RUN_MOVES}"
    batch.insert(connection, RUN, _RUN, rows, conflict)


def _run_row(run: Run, kept: bool) -> tuple[Any, ...]:
    return (
        run.id, run.person, run.journey, run.entry_key, micros(run.entered_at), run.version,
        run.step, micros(run.since), micros(run.wake_at), micros(run.ended_at), run.because,
        run.held_out, micros(run.goal_at), kept, codec.dump(codec.run_out(run)),
    )  # fmt: skip


def _traces(connection: Connection, taken: Sequence[Decided]) -> None:
    columns = (
        "person_id", "at", "journey", "run", "step", "what", "reason", "because", "detail", "version"
    )  # fmt: skip
    rows = [
        (
            visit.person_id, micros(line.at), line.journey, line.run, line.step, line.what,
            line.reason, codec.text(line.because), codec.cleaned(line.detail), line.version,
        )
        for visit, turn in taken
        for line in _of(turn.changes, Traced)
    ]  # fmt: skip
    batch.insert(connection, TRACE, columns, rows)


def _messages(
    connection: Connection,
    taken: Sequence[Decided],
    rules: Rulebook,
    now: datetime,
    release_at: Mapping[str, datetime],
) -> None:
    slots: list[tuple[Any, ...]] = []
    messages: list[tuple[Any, ...]] = []
    for visit, turn in taken:
        for queued in _of(turn.changes, Queued):
            if queued.shadow:
                continue
            slots.append(_slot_row(visit, queued.send_id, queued.sent))
            if not queued.sent.ghost:
                ready = release_at.get(queued.send_id, now)
                messages.append(_message_row(visit, queued, rules, now, ready))
        slots += [
            _slot_row(visit, assumed.send_id, assumed.sent)
            for assumed in _of(turn.changes, Assumed)
        ]
    once = "ON CONFLICT (send_id) DO NOTHING"
    batch.insert(connection, SLOT, former.SLOT_COLUMNS, slots, once)
    batch.insert(connection, OUTBOX, _OUTBOX, messages, once)


_OUTBOX = (
    "send_id", "person_id", "run", "journey", "step", "mail", "category", "klass", "rank",
    "priority", "due", "ready_at", "expires", "queued_at", "entry", "sender", "tone", "status",
    "detail", "attempt", "provider_id", "message_id",
)  # fmt: skip


def _slot_row(visit: Visit, send_id: str, sent: Sent) -> tuple[Any, ...]:
    return (
        send_id, sent.person, visit.mailbox_key, sent.mail, sent.category, sent.klass,
        micros(sent.at), codec.dump(list(sent.tags)), sent.run, sent.step, sent.ghost,
    )  # fmt: skip


def _message_row(
    visit: Visit, queued: Queued, rules: Rulebook, now: datetime, ready: datetime
) -> tuple[Any, ...]:
    sent, run = queued.sent, queued.run
    journey = rules.journeys.get(run.journey)
    priority = Priority.NORMAL if journey is None else journey.priority
    entry = None if queued.entry is None else codec.dump(codec.event_out(queued.entry))
    return (
        queued.send_id, visit.person_id, run.id, run.journey, sent.step, sent.mail, sent.category,
        sent.klass, RANKS[sent.klass], PRIORITIES[priority], micros(queued.due), micros(ready),
        micros(queued.expires), micros(now), entry, queued.sender, queued.tone, "queued", "", 0, "",
        "",
    )  # fmt: skip


def _memberships(connection: Connection, taken: Sequence[Decided]) -> None:
    inside: list[tuple[Any, ...]] = []
    outside: list[tuple[Any, ...]] = []
    for visit, turn in taken:
        touched = {c.segment for c in turn.changes if isinstance(c, Joined | Departed)}
        memberships = turn.life.facts.memberships
        for segment in sorted(touched):
            if segment in memberships:
                inside.append((visit.person_id, segment, micros(memberships[segment])))
            else:
                outside.append((visit.person_id, segment))
    conflict = "ON CONFLICT (person_id, segment) DO UPDATE SET since = excluded.since"
    batch.insert(connection, MEMBERSHIP, ("person_id", "segment", "since"), inside, conflict)
    batch.delete(connection, MEMBERSHIP, ("person_id", "segment"), outside)


def _people(connection: Connection, taken: Sequence[Decided], now: datetime) -> None:
    alterations = {
        visit.person_id: [
            Alteration(email=None, mailbox=None, values=change.values)
            for change in _of(turn.changes, PersonChanged)
        ]
        for visit, turn in taken
    }
    people.alter(connection, {who: changes for who, changes in alterations.items() if changes}, now)
    rows = []
    for visit, turn in taken:
        for change in _of(turn.changes, StandingChanged)[-1:]:
            orders = change.standing
            rows.append(
                (
                    visit.person_id, orders.orders, micros(orders.first_order_at),
                    micros(orders.last_order_at), length_micros(orders.own_gap),
                    micros(orders.won_back_at), change.stage,
                )
            )  # fmt: skip
    columns = (
        "orders", "first_order_at", "last_order_at", "own_gap", "won_back_at", "stage"
    )  # fmt: skip
    batch.update(connection, PERSON, ("id",), columns, rows)


def _consents(connection: Connection, taken: Sequence[Decided], now: datetime) -> None:
    lines = [
        consents.line(
            visit.person_id,
            visit.mailbox_key,
            now,
            lowered.entry,
            Evidence(actor=lowered.entry.source),
        )
        for visit, turn in taken
        for lowered in _of(turn.changes, ConsentLowered)
    ]
    lines += [
        consents.line(visit.person_id, visit.mailbox_key, now, implied.entry, implied.evidence)
        for visit, turn in taken
        for implied in _of(turn.changes, ConsentImplied)
    ]
    consents.add_consents(connection, lines)
    left = [
        visit.person_id
        for visit, turn in taken
        for lowered in _of(turn.changes, ConsentLowered)
        if withdraws(turn.life.facts.consents, lowered.entry)
    ]
    moods.clear(connection, left, now)


def _tasks(
    connection: Connection, taken: Sequence[Decided], rules: Rulebook, now: datetime
) -> None:
    """New tasks, each with the notice that its team gets; and those that were closed elsewhere."""
    columns = (
        "id", "person_id", "run", "journey", "step", "team", "because", "urgency", "at", "until",
        "briefing", "sensitive", "closed_by", "note",
    )  # fmt: skip
    rows = [
        (
            task.id, visit.person_id, task.run, task.journey, task.step, task.team,
            codec.text(task.because), task.urgency, micros(task.at), micros(task.until),
            task.briefing, task.sensitive, "", "",
        )
        for visit, turn in taken
        for task in _of(turn.changes, TaskOpened)
    ]  # fmt: skip
    batch.insert(connection, TASK, columns, rows, "ON CONFLICT (id) DO NOTHING")
    told: list[notices.Queued] = [
        (notice_id("task", task.id), "task", task.id, told_at(task.team, task.urgency, now, rules))
        for _, turn in taken
        for task in _of(turn.changes, TaskOpened)
    ]
    for raised in (change for _, turn in taken for change in _of(turn.changes, TaskRaised)):
        team = tasks.raise_task(connection, raised)
        if team is not None and raised.tell:
            key = notice_id("task", raised.id, raised.at.isoformat())
            told.append((key, "task", raised.id, told_at(team, raised.urgency, now, rules)))
    flagged = {
        visit.person_id
        for visit, turn in taken
        for change in turn.changes
        if isinstance(change, TaskOpened | TaskRaised) and change.sensitive
    }
    moods.unflag(connection, sorted(flagged))
    notices.queue(connection, told, now)
    for visit, _ in taken:
        for event in visit.arrivals:
            if event.name == TASK_DONE:
                task = str(event.properties.get("task", ""))
                tasks.close_by_event(connection, task, visit.person_id, event.at, event.source)


def _of(changes: Iterable[Change], kind: type[_KIND]) -> list[_KIND]:
    return [change for change in changes if isinstance(change, kind)]
