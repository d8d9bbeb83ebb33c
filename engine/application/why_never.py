"""Why a mail has never come to somebody: what the rules of a moment said of every way to it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.application.evidence import Evidence, evidence
from engine.application.preview import Target, asked_now
from engine.application.why import Known
from engine.domain.calendar import add
from engine.domain.condition import Condition, InSegment
from engine.domain.experiment import held_out
from engine.domain.facts import Scope
from engine.domain.journey import (
    Called,
    Every,
    Joins,
    Journey,
    Once,
    OnDate,
    Send,
    Status,
    WhenEvent,
)
from engine.domain.policy import Go, Stop, WaitUntil

_ENDS = ("left", "goal", "ended")
_SHOWN = 3


def never_came(known: Known, mail: str) -> list[str]:
    """Why a mail had not come to the person at `known.now`, journey by journey that sends it."""
    sending = [
        (journey, node)
        for journey in known.rules.journeys.values()
        for node in journey.nodes.values()
        if isinstance(node, Send) and node.mail == mail
    ]
    if not sending:
        return [f"No journey in force sends {mail}."]
    said = []
    for journey, step in sending:
        said += [*_standing(known, journey), *_gate(known, Target(mail, journey, step))]
    return said


def _standing(known: Known, journey: Journey) -> Iterator[str]:
    """Where the person is, or was, or why they never came in."""
    name = journey.name
    runs = [run for run in known.life.runs if run.journey == name and run.live]
    for run in runs:
        wakes = f", until {known.when(run.wake_at)} at the latest" if run.wake_at else ""
        yield (
            f"Inside {name} since {known.when(run.entered_at)}, at the step {run.step}{wakes};"
            " the mail has not been reached yet."
        )
    own = [trace for trace in known.traces if trace.journey == name]
    ends = [trace for trace in own if trace.what in _ENDS and trace.run]
    for trace in ends[-_SHOWN:]:
        yield f"{known.when(trace.at)}: left {name} before this mail: {trace.because or trace.what}."
    rejected = [trace for trace in own if trace.what == "rejected"]
    for trace in rejected[-_SHOWN:]:
        yield f"{known.when(trace.at)}: was not let into {name}: {trace.because}."
    if len(rejected) > _SHOWN:
        yield f"   and {len(rejected) - _SHOWN} times before."
    yield from _closed(known, journey)
    if not runs:
        yield from _entered_before(known, journey)
    if not runs and not ends:
        yield from _way_in(known, journey)


def _closed(known: Known, journey: Journey) -> Iterator[str]:
    """What shut the journey to everybody, or keeps its mail from this person."""
    name, person = journey.name, known.facts.person
    if journey.status is not Status.LIVE:
        yield f"The journey {name} is not live: its status is {journey.status.value}."
    if known.rules.paused:
        yield "The engine is paused: nothing is sent."
    if name in known.rules.paused_journeys:
        yield f"The journey {name} is paused: nobody enters and nothing is sent."
    if held_out(known.rules, journey, person.mailbox or person.id):
        yield f"The person is in the hold-out of {name}: its marketing mail is never sent to them."


def _entered_before(known: Known, journey: Journey) -> Iterator[str]:
    """Whether the journey's own rule lets nobody, or not yet, in a second time (R1.5)."""
    entries = known.life.entries.get(journey.name, {})
    again = journey.enter.again
    if not entries or journey.enter.one_run_per is not None:
        return
    last = max(entries.values())
    before = f"Entered {journey.name} before, on {known.when(last)}"
    if not again.allowed:
        yield f"{before}, and it says `again: never`."
    elif (next_time := add(last, again.after, known.zone)) > known.now:
        yield f"{before}, and it lets in again only from {known.when(next_time)} on."


def _way_in(known: Known, journey: Journey) -> Iterator[str]:
    facts, name = known.facts, journey.name
    trigger = journey.enter.trigger
    entry = None
    match trigger:
        case WhenEvent(event):
            events = [e for e in facts.history.named(event) if e.at <= known.now]
            if not events:
                yield f"{name} begins with the event {event}, which never happened to this person."
                return
            entry = events[-1]
            yield f"{name} begins with the event {event}; the last was {known.when(entry.at)}."
        case Joins(segment):
            inside = facts.memberships.get(segment)
            since = f", since {known.when(inside)}" if inside else ""
            yield from _explained(known, f"{name} begins on joining {segment}", InSegment(segment))
            if inside:
                yield f"   Inside {segment}{since}: only joining it while {name} is live lets in."
        case OnDate(attribute=attribute):
            value = facts.person.attribute(attribute)
            there = "which is not known" if value is None else f"which is {value}"
            yield f"{name} begins on {attribute}, {there}."
        case Every(who=who) | Once(who=who):
            yield from _explained(known, f"{name} begins at its time, for some", who)
        case Called(by):
            yield f"{name} is started only by {'the API' if by == 'api' else 'another journey'}."
    if journey.enter.condition is not None:
        scope = Scope(entry, known.now)
        yield from _explained(known, f"{name} asks at its door", journey.enter.condition, scope)


def _explained(
    known: Known, opening: str, condition: Condition, scope: Scope | None = None
) -> Iterator[str]:
    found = evidence(condition, known.facts, known.rules, known.now, scope or Scope())
    asked = f"{known.when(known.now)}: the answer was" if known.is_past else "today the answer is"
    yield f"{opening}: {asked} {'yes' if found.holds else 'no'}."
    yield from _leaves(found)


def _leaves(found: Evidence) -> Iterator[str]:
    if found.words == "not" and found.parts[0].words not in ("all", "any"):
        yield f"   {'yes' if found.holds else 'no'}: not {found.parts[0].words}"
        return
    if not found.parts:
        grounds = f" ({found.found})" if found.found else ""
        yield f"   {'yes' if found.holds else 'no'}: {found.words}{grounds}"
    for part in found.parts:
        yield from _leaves(part)


def _gate(known: Known, target: Target) -> Iterator[str]:
    """What the gate would say if the mail were due at the moment asked about."""
    verdict = asked_now(target, known.facts, known.life.runs, known.rules, known.now)
    due = "If it had been due then" if known.is_past else "If it were due now"
    would = "would have" if known.is_past else "would"
    go, wait = ("gone", "waited") if known.is_past else ("go", "wait")
    match verdict:
        case Go():
            yield f"{due}, it {would} {go}."
        case WaitUntil(until=until):
            yield f"{due}, it {would} {wait} until {known.when(until)}."
        case Stop():
            yield f"{due}, it {would.replace('would', 'would not')} {go}."
    for finding in verdict.findings if verdict else ():
        if finding.reason is not None:
            detail = f" ({finding.detail})" if finding.detail else ""
            yield f"   {finding.reason.meaning}{detail}"
