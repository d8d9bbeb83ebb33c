"""One person's turn: the single pure step that every runner takes.

The daemon, the workers, `test`, `simulate`, `preview`, `shadow` and `why` are runners of this one
function (one law of the house). A runner brings a `Life` (facts and runs of one person), the events
that arrived since its last turn, and the present; it gets back the new life, the list of changes to
store in one transaction (R10.1), and the next instant at which time alone may change something. In
between nothing happens, so a tick costs what changed or fell due, never the population.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.domain.advance import advance, leave_if_due
from engine.domain.announcing import announce_mood, announce_stage
from engine.domain.answer import holds
from engine.domain.arbitration import arbitrate, trace_postponed
from engine.domain.buying import implied_by
from engine.domain.calendar import instant, local
from engine.domain.care import hand_over
from engine.domain.changes import (
    Assumed,
    Change,
    ConsentImplied,
    ConsentLowered,
    Departed,
    Joined,
    Knock,
    KnockChanged,
    Life,
    Moved,
    Noted,
    PersonChanged,
    Queued,
    StandingChanged,
    TaskOpened,
    TaskRaised,
    Traced,
)
from engine.domain.condition import InSegment
from engine.domain.desk import Desk, entry_order
from engine.domain.due import expiring, next_due
from engine.domain.entering import (
    answer_knocks,
    enter_by_backfill,
    enter_by_event,
    enter_by_segment,
    enter_on_schedule,
    enter_started,
)
from engine.domain.event import Event
from engine.domain.exits import goal_until
from engine.domain.facts import Rulebook
from engine.domain.journey import Journey
from engine.domain.lifecycle import (
    Standing,
    counting_orders,
    standing_of,
    undoing,
    with_order,
)
from engine.domain.passing_over import pass_over
from engine.domain.replacing import replaced
from engine.domain.run import Run
from engine.domain.values import MICROSECOND
from engine.domain.verdict import Asked
from engine.domain.waiting import wake

__all__ = [
    "Assumed", "Change", "ConsentImplied", "ConsentLowered", "Departed", "Joined", "Knock",
    "KnockChanged", "Life", "Moved", "Noted", "PersonChanged", "Queued", "StandingChanged",
    "TaskOpened", "TaskRaised", "Traced", "Turn", "turn",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn decided. `due_at` is the next instant at which time alone may change something, and
    `asked` what was put to the gate, in order; it is not stored."""

    life: Life
    changes: tuple[Change, ...]
    due_at: datetime | None
    asked: tuple[Asked, ...] = ()


def turn(rules: Rulebook, life: Life, arrivals: Sequence[Event], now: datetime) -> Turn:
    """Take one person's turn at `now`.

    `arrivals` are the events that came in since the last turn, in any order; what they say of the
    person (attributes, consent, mood) is in `life.facts` already (R1.2), they themselves need not be
    in its history. Events of the engine's own that a turn notes act within it.

    A turn that comes late replays what it missed: every instant since `looked_at` at which an event
    is dated or time alone changes something is taken in its order, so waits, time-outs, edges and
    schedules fall where they would have fallen. Only messages go now and never in the past. The same
    turn taken again changes nothing.
    """
    desk = Desk(rules, life, now)
    coming = _in_order(arrivals, life.looked_at, now)
    due = life.due_at if life.due_at is not None else _due_since(desk, life, now)
    place = 0
    while True:
        at = min(now, due or now, coming[place][0] if place < len(coming) else now)
        events = []
        while place < len(coming) and coming[place][0] <= at:
            events.append(coming[place][1])
            place += 1
        _happen(desk, at, events)
        while pass_over(desk):
            if desk.news or desk.starts:
                _settle(desk, ())
        if at == now:
            break
        due = next_due(desk)
    while arbitrate(desk):
        if desk.news or desk.starts:
            _settle(desk, ())
    trace_postponed(desk)
    return _read_off(desk, life)


def _in_order(
    arrivals: Sequence[Event], looked_at: datetime | None, now: datetime
) -> list[tuple[datetime, Event]]:
    """The arrivals with the instants at which they act, in their order.

    Each acts at its own time, unless the turns have passed that already. Before a first turn, an old
    past that starts nothing (R1.3) is taken in at once, so that no schedule is replayed for it.
    """
    begin = looked_at
    if begin is None:
        begin = min((event.at for event in arrivals if event.starts), default=now)

    def acts_at(event: Event) -> datetime:
        if looked_at is None and event.at < begin:
            return min(begin, now)
        if event.at > now or (looked_at is not None and event.at <= looked_at):
            return now
        return event.at

    ordered = sorted(arrivals, key=lambda event: (event.at, event.id))
    return sorted(((acts_at(event), event) for event in ordered), key=lambda one: one[0])


def _due_since(desk: Desk, life: Life, now: datetime) -> datetime | None:
    """What fell due since the last turn, where the life does not say."""
    if life.looked_at is None or life.looked_at >= now:
        return None
    desk.now = life.looked_at
    return next_due(desk)


# ── one instant ───────────────────────────────────────────────────────────────────────────────


def _happen(desk: Desk, at: datetime, events: Sequence[Event]) -> None:
    """All that happens at one instant, except messages."""
    desk.now = at
    desk.noisy.clear()
    after = at - MICROSECOND if desk.after is None else desk.after
    desk.late = [event for event in events if event.at <= after]
    unstarting = [event for event in events if not event.starts]
    joined: list[str] = []
    if unstarting:  # too late to start anything, not by way of a segment either (R1.3)
        joined = _edges_without(desk, unstarting)
        _observe(desk, unstarting)
        _cross_edges(desk, enters=False)
    _expire_consent(desk, after)
    _settle(desk, events, joined, _wall_after(desk, after))
    if hand_over(desk, events):
        _settle(desk, ())
    desk.after = at


def _settle(
    desk: Desk,
    events: Sequence[Event],
    joined: Sequence[str] = (),
    after: datetime | None = None,
) -> None:
    """Let everything act until nothing moves: events, edges, exits, entries, steps, and the events of
    the engine's own that come of it. `after` is where schedules start, None where they and backfills have
    had their turn."""
    while True:
        news, desk.news = desk.news, []
        _observe(desk, events)
        announce_stage(desk)
        announce_mood(desk)
        _move_waits(desk)
        joined = (*joined, *_cross_edges(desk))
        inside = set(desk.runs)
        _leave(desk, inside)
        for event in events:
            enter_by_event(desk, event, noted=False)
        for event in news:
            enter_by_event(desk, event, noted=True)
        answer_knocks(desk, news=bool(events or news))
        if after is not None:
            enter_on_schedule(desk, after)
            enter_by_backfill(desk)
        for segment in joined:
            enter_by_segment(desk, segment)
        starts, desk.starts = desk.starts, []
        for start in starts:
            enter_started(desk, start)
        _leave(desk, desk.runs.keys() - inside)
        for run_id in list(desk.runs):
            journey = _journey(desk, desk.runs[run_id])
            if journey is not None:
                advance(desk, journey, run_id)
        events, joined, after = (), (), None
        if not desk.news and not desk.starts:
            return


def _journey(desk: Desk, run: Run) -> Journey | None:
    return desk.rules.journeys.get(run.journey)


def _leave(desk: Desk, run_ids: set[str]) -> None:
    for run_id in sorted(run_ids):
        journey = _journey(desk, desk.runs[run_id])
        if journey is not None:
            leave_if_due(desk, journey, desk.runs[run_id])


def _observe(desk: Desk, events: Sequence[Event]) -> None:
    """Take events into the history, and orders into the standing."""
    if not events:
        return
    history = desk.facts.history
    for event in events:
        history = history.add(event)
    if history is not desk.facts.history:
        desk.facts = replaced(desk.facts, history=history)
    config = desk.rules.lifecycle
    ordering = (config.order_event, *undoing(config.order_event))
    for event in events:
        if event.name == config.order_event:
            _imply(desk, event)
    if any(event.name in ordering for event in events):
        desk.facts = replaced(desk.facts, standing=_standing(desk))


def _imply(desk: Desk, order: Event) -> None:
    """Add what an order says about mail to the ledger, before anything is decided on it."""
    for entry, evidence in implied_by(order, desk.facts, desk.rules):
        desk.facts = replaced(desk.facts, consents=(*desk.facts.consents, entry))
        desk.changes.append(ConsentImplied(entry, evidence))


def _standing(desk: Desk) -> Standing:
    """The standing with the newest order in it; worked out anew where anything else has changed."""
    rules, before = desk.rules, desk.facts.standing
    orders = counting_orders(desk.facts.history, rules.lifecycle, desk.now)
    if len(orders) == before.orders + 1 and (
        before.last_order_at is None or orders[-2].at == before.last_order_at
    ):
        so_far = [order.at for order in orders[:-1]]
        return with_order(before, so_far, orders[-1], rules.thresholds, rules.lifecycle)
    return standing_of(desk.facts.history, rules.lifecycle, (rules.thresholds,), desk.now)


def _cross_edges(desk: Desk, *, enters: bool = True) -> list[str]:
    """Note who joined or left the remembered segments (R1.1); the joined ones that may let in."""
    facts, rules, now = desk.facts, desk.rules, desk.now
    joined: list[str] = []
    memberships = dict(facts.memberships)
    for segment in desk.index.remembered:
        name = segment.name
        inside = holds(InSegment(name), facts, rules, now)
        if inside and name not in memberships:
            memberships[name] = now
            edge = enters and not _first_look(desk, name)
            desk.changes.append(Joined(name, now, edge))
            joined += [name] if edge else []
        elif not inside and name in memberships:
            del memberships[name]
            desk.changes.append(Departed(name, now))
    if memberships != facts.memberships:
        desk.facts = replaced(facts, memberships=memberships)
    return joined


def _edges_without(desk: Desk, messages: Sequence[Event]) -> list[str]:
    """The edges that there would be, had nobody read the moods of these messages."""
    facts, ids = desk.facts, {message.id for message in messages}
    others = tuple(reading for reading in facts.readings if reading.message not in ids)
    held = facts.disposition
    if held is not None and any(message.at == held.since for message in messages):
        held = None
    desk.facts = replaced(facts, readings=others, disposition=held)
    joined = _cross_edges(desk)
    desk.facts = replaced(desk.facts, readings=facts.readings, disposition=facts.disposition)
    return joined


def _first_look(desk: Desk, segment: str) -> bool:
    """Whether nobody has looked before, so that being inside is no edge (R1.1): the definition is
    newer than the last turn, or, at the very first turn, newer than the person."""
    since = desk.rules.segments_since.get(segment)
    last = desk.facts.person.created_at if desk.after is None else desk.after
    return last is None or (since is not None and last < since)


def _expire_consent(desk: Desk, after: datetime) -> None:
    for at, topic in expiring(desk):
        if after < at <= desk.now:
            desk.note("consent.expiring", f"{topic}:{at.isoformat()}", {"topic": topic})


# ── zones ─────────────────────────────────────────────────────────────────────────────────────


def _wall_after(desk: Desk, after: datetime) -> datetime:
    """Where schedules start: after the wall time of the last turn, read in the zone of today, so that
    whoever travels east misses no daily trigger, and whoever travels west gets none twice (R4.5)."""
    if desk.scheduled_zone == desk.zone:
        return after
    wall = local(after, desk.scheduled_zone)
    desk.scheduled_zone = desk.zone
    return instant(wall, desk.zone)


def _move_waits(desk: Desk) -> None:
    """A change of zone while waiting recomputes the wake (R4.5)."""
    if desk.waits_zone == desk.zone:
        return
    desk.waits_zone = desk.zone
    for run in list(desk.runs.values()):
        journey = _journey(desk, run)
        node = journey.nodes.get(run.step or "") if journey else None
        if node is not None and run.live and run.postponed is None:
            wakes = wake(node, run, run.since, desk.facts, desk.rules, desk.zone)
            desk.runs[run.id] = replaced(run, wake_at=wakes)


# ── the outcome ───────────────────────────────────────────────────────────────────────────────


def _read_off(desk: Desk, life: Life) -> Turn:
    changes = desk.changes
    before = {run.id: run for run in life.runs}
    changes += [Moved(run) for run in desk.runs.values() if before.get(run.id) != run]
    if desk.facts.standing != life.facts.standing or desk.stage != life.stage:
        changes.append(StandingChanged(desk.facts.standing, desk.stage))
    if desk.knocking != life.knocking:
        changes.append(KnockChanged(desk.knocking))
    due = next_due(desk)
    after = Life(
        facts=desk.facts,
        runs=tuple(
            sorted((run for run in desk.runs.values() if _is_kept(desk, run)), key=entry_order)
        ),
        entries=desk.entries,
        knocking=desk.knocking,
        looked_at=desk.now if life.looked_at is None else max(desk.now, life.looked_at),
        stage=desk.stage,
        zone=desk.zone,
        due_at=due,
    )
    return Turn(after, tuple(changes), due, tuple(desk.asked))


def _is_kept(desk: Desk, run: Run) -> bool:
    """Live runs, and ended ones that may still reach their goal (R1.8)."""
    journey = _journey(desk, run)
    if run.live or journey is None:
        return run.live
    until = goal_until(run, journey)
    return until is not None and until >= desk.now
