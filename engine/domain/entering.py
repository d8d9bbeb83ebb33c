"""Ways into a journey (R1.1-1.5): who comes in, when, and why somebody does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from engine.domain.advance import go
from engine.domain.answer import holds
from engine.domain.calendar import DAY, add, instant, local, next_anniversary
from engine.domain.changes import Knock
from engine.domain.desk import Desk, Start
from engine.domain.event import Event
from engine.domain.experiment import held_out
from engine.domain.facts import Facts, Scope
from engine.domain.ids import run_id
from engine.domain.index import Clock
from engine.domain.journey import Every, Joins, Journey, Once, OnDate, Status
from engine.domain.run import Run
from engine.domain.values import moment_of

STARTED_BY_API = "journey.start"
"""An event by which the API lets a person into the journey named in its property `journey`."""

_CLOSED = {
    Status.DRAFT: "the journey is a draft",
    Status.PAUSED: "the journey is paused",
    Status.ENDING: "the journey is ending",
}


# ── by an event ───────────────────────────────────────────────────────────────────────────────


def enter_by_event(desk: Desk, event: Event, *, noted: bool) -> None:
    """Let the person into every journey that the event starts, or let them knock (R1.2).

    No journey is started by what the engine says of that journey itself. An event that this turn
    `noted` starts a journey once an instant, so that journeys which answer each other's endings come
    to rest.
    """
    if not event.starts:
        return
    if event.name == STARTED_BY_API:
        name = str(event.properties.get("journey", ""))
        desk.starts.append(Start(name, _event_key(event), event))
    for journey in desk.index.by_event.get(event.name, ()):
        if event.source == "engine" and event.properties.get("journey") == journey.name:
            continue
        if noted:
            if journey.name in desk.noisy:
                continue
            desk.noisy.add(journey.name)
        _enter_or_knock(desk, journey, event)


def _enter_or_knock(desk: Desk, journey: Journey, event: Event) -> None:
    key = _key_of(journey, event)
    if key in desk.entries.get(journey.name, {}) and journey.enter.one_run_per is None:
        return  # a replay (R1.4)
    if not _may_enter(desk, journey, key):
        return
    if _condition_holds(desk, journey, event):
        _let_in(desk, journey, key, event)
        return
    until = max(event.at, desk.now) + desk.rules.policy.entry_grace
    desk.knocking = (*desk.knocking, Knock(journey.name, event, until))


def answer_knocks(desk: Desk, *, news: bool) -> None:
    """Test the entries that still wait for data (R1.2); those whose time is up are rejected.

    `news` says that something may have changed; time alone lets nobody in after the last data.
    """
    waiting = desk.knocking
    if not waiting:
        return
    kept: list[Knock] = []
    for knock in waiting:
        journey = desk.rules.journeys.get(knock.journey)
        if journey is None:
            continue
        key = _key_of(journey, knock.event)
        if (news or knock.until > desk.now) and _condition_holds(desk, journey, knock.event):
            if _may_enter(desk, journey, key):
                _let_in(desk, journey, key, knock.event)
        elif knock.until <= desk.now:
            desk.trace(
                journey, None, "rejected", because="the entry condition did not hold in time"
            )
        else:
            kept.append(knock)
    desk.knocking = tuple(kept)


def _key_of(journey: Journey, event: Event) -> str:
    if journey.enter.one_run_per is None:
        return _event_key(event)
    return f"{journey.enter.one_run_per}={event.properties.get(journey.enter.one_run_per, '')}"


def _event_key(event: Event) -> str:
    return f"{event.source}:{event.id}"


# ── by a segment, by another journey, by the clock ────────────────────────────────────────────


def enter_by_segment(desk: Desk, segment: str) -> None:
    """Let the person into every journey that joining the segment starts (R1.1)."""
    for journey in desk.index.by_segment.get(segment, ()):
        _enter(desk, journey, f"joined:{desk.now.isoformat()}", None)


def enter_by_backfill(desk: Desk) -> None:
    """Let the person into the journeys whose backfill was confirmed since the last look, if they are
    inside the segment that is the way in (R1.1)."""
    last = desk.facts.person.created_at if desk.after is None else desk.after
    for name, confirmed in desk.rules.backfills.items():
        journey = desk.rules.journeys.get(name)
        if journey is None or last is None or not last <= confirmed <= desk.now:
            continue
        trigger, key = journey.enter.trigger, f"backfill:{confirmed.isoformat()}"
        if not isinstance(trigger, Joins) or trigger.segment not in desk.facts.memberships:
            continue
        if key not in desk.entries.get(name, {}):
            _enter(desk, journey, key, None)


def enter_started(desk: Desk, start: Start) -> None:
    """Let the person into a journey that another one or the API starts, by its own rules (R2.7)."""
    journey = desk.rules.journeys.get(start.journey)
    if journey is None:
        return
    key = start.key
    if journey.enter.one_run_per is not None and start.entry is not None:
        key = _key_of(journey, start.entry)
    _enter(desk, journey, key, start.entry)


def enter_on_schedule(desk: Desk, after: datetime) -> None:
    """Let the person into every journey whose clock struck in `(after, now]`, once per local date."""
    for journey, clock in desk.index.scheduled:
        since = desk.rules.journeys_since.get(journey.name)
        start = after if since is None else max(after, since - timedelta(microseconds=1))
        for _, day in _firings(clock, desk.facts, desk.zone, start, desk.now):
            key = day.isoformat()
            if key not in desk.entries.get(journey.name, {}) and _is_meant(desk, clock):
                _enter(desk, journey, key, None)


def _is_meant(desk: Desk, clock: Clock) -> bool:
    return isinstance(clock, OnDate) or holds(clock.who, desk.facts, desk.rules, desk.now)


def _firings(
    clock: Clock, facts: Facts, zone: str, after: datetime, until: datetime
) -> Iterator[tuple[datetime, date]]:
    found = next_firing(clock, facts, zone, after)
    while found is not None and found[0] <= until:
        yield found
        found = next_firing(clock, facts, zone, found[0])


def next_firing(
    clock: Clock, facts: Facts, zone: str, after: datetime
) -> tuple[datetime, date] | None:
    """The next instant after `after` at which a journey's clock strikes for this person, and the
    local date it belongs to; None where it never does again."""
    match clock:
        case Every(weekday=weekday, at=at):
            day = local(after, zone).date() - DAY
            if weekday is not None:
                day += timedelta(days=(weekday - day.weekday()) % 7)
            step = DAY if weekday is None else 7 * DAY
            while (strikes := _at(day, at, zone)) <= after:
                day += step
            return strikes, day
        case Once(at=wall):
            strikes = instant(wall, zone)
            return (strikes, wall.date()) if strikes > after else None
        case _:
            return _next_on_date(clock, facts, zone, after)


def _next_on_date(
    trigger: OnDate, facts: Facts, zone: str, after: datetime
) -> tuple[datetime, date] | None:
    value = facts.person.attribute(trigger.attribute)
    found = moment_of(value) if isinstance(value, str) else None
    if found is None:
        return None
    ahead = timedelta(days=trigger.days_before)
    try:
        born = local(found, zone).date() if isinstance(found, datetime) else found
        if not trigger.yearly:
            strikes = _at(born - ahead, trigger.at, zone)
            return (strikes, born - ahead) if strikes > after else None
    except OverflowError:  # a date at the edge of the calendar comes no more, or never
        return None
    day = local(after, zone).date() - DAY
    while True:
        day = next_anniversary(born, day + ahead, trigger.leap_day) - ahead
        strikes = _at(day, trigger.at, zone)
        if strikes > after:
            return strikes, day
        day += DAY


def _at(day: date, at: time, zone: str) -> datetime:
    return instant(datetime.combine(day, at), zone)


# ── the door ──────────────────────────────────────────────────────────────────────────────────


def _enter(desk: Desk, journey: Journey, key: str, entry: Event | None) -> None:
    if not _may_enter(desk, journey, key):
        return
    if _condition_holds(desk, journey, entry):
        _let_in(desk, journey, key, entry)
    else:
        desk.trace(journey, None, "rejected", because="the entry condition does not hold")


def _condition_holds(desk: Desk, journey: Journey, entry: Event | None) -> bool:
    condition = journey.enter.condition
    return condition is None or holds(
        condition, desk.facts, desk.rules, desk.now, Scope(entry, desk.now)
    )


def _may_enter(desk: Desk, journey: Journey, key: str) -> bool:
    """Whether the journey's own rules allow another run (R1.4, R1.5, R2.11); if not, it is traced."""
    because = _refusal(desk, journey, key)
    if because is not None:
        desk.trace(journey, None, "rejected", because=because)
    return because is None


def _refusal(desk: Desk, journey: Journey, key: str) -> str | None:
    if journey.status in _CLOSED:
        return _CLOSED[journey.status]
    if journey.name in desk.rules.paused_journeys:
        return _CLOSED[Status.PAUSED]
    if desk.facts.person.erased:
        return "the person was erased"
    entries = desk.entries.get(journey.name, {})
    per = journey.enter.one_run_per
    if key in entries:
        return f"one run per {per}" if per else "entered by this already"
    if per is None and any(run.live and run.journey == journey.name for run in desk.runs.values()):
        return "is inside already"
    again = journey.enter.again
    if not entries or (per is not None and not again.allowed):
        return None
    last = max(entries.values())
    if not again.allowed:
        return f"again: never; entered {last:%Y-%m-%d %H:%M}Z"
    if add(last, again.after, desk.zone) > desk.now:
        return f"too soon again; entered {last:%Y-%m-%d %H:%M}Z"
    return None


def _let_in(desk: Desk, journey: Journey, key: str, entry: Event | None) -> None:
    """Make the run. It counts events from its entry event on, and waits from now (R1.6)."""
    person = desk.facts.person
    entered_at = desk.now if entry is None else min(entry.at, desk.now)
    run = Run(
        id=run_id(journey.name, person.id, key),
        journey=journey.name,
        person=person.id,
        entry_key=key,
        entered_at=entered_at,
        version=journey.version,
        step=None,
        since=desk.now,
        entry=entry,
        held_out=held_out(desk.rules, journey, person.mailbox or person.id),
    )
    desk.runs[run.id] = run
    desk.entries[journey.name] = {**desk.entries.get(journey.name, {}), key: entered_at}
    desk.trace(journey, run, "entered", because=entry.name if entry else key)
    if journey.status is not Status.SHADOW:
        desk.note("journey.entered", run.id, {"journey": journey.name, "run": run.id})
    go(desk, journey, run.id, journey.first)
