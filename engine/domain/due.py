"""When time alone may change something for a person, if no new data arrive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from engine.domain.answer import terms_of
from engine.domain.asking import Asking
from engine.domain.condition import ALWAYS, InSegment
from engine.domain.consent import ALL_TOPICS, deciding, ends_at, ground
from engine.domain.desk import Desk
from engine.domain.engine_events import TASK_DONE
from engine.domain.entering import next_firing
from engine.domain.exits import exit_horizon, step_scope
from engine.domain.facts import OUTSIDE, Rulebook, Scope
from engine.domain.horizon import next_change
from engine.domain.journey import HandTo, Journey, Status, WaitFor
from engine.domain.lifecycle import next_stage_change
from engine.domain.mood import next_mood_change
from engine.domain.run import Run

EXPIRING_BEFORE = timedelta(days=30)
"""How long before implied consent ends `consent.expiring` comes (R5.7)."""


def next_due(desk: Desk) -> datetime | None:
    """The earliest instant after `desk.now` at which a turn without arrivals may change anything."""
    now = desk.now
    return min(
        (found for found in _instants(desk) if found is not None and found > now), default=None
    )


def _instants(desk: Desk) -> Iterator[datetime | None]:
    facts, rules, now = desk.facts, desk.rules, desk.now
    if facts.person.erased:
        return
    asking = Asking(facts, rules, now, OUTSIDE)
    yield next_stage_change(facts.standing, rules.thresholds, rules.lifecycle, now)
    yield next_mood_change(facts, now)
    for segment in desk.index.remembered:
        yield next_change(InSegment(segment.name), asking)
    for knock in desk.knocking:
        yield knock.until
        asking.scope = Scope(knock.event, now)
        yield next_change(rules.journeys[knock.journey].enter.condition or ALWAYS, asking)
    for journey, clock in desk.index.scheduled:
        if _is_open(desk, journey):
            firing = next_firing(clock, facts, desk.zone, now)
            yield firing[0] if firing else None
    for run in desk.runs.values():
        inside = rules.journeys.get(run.journey)
        if run.live and inside is not None:
            yield run.wake_at
            yield exit_horizon(run, inside, asking)
            yield from _answer_horizon(desk, inside, run, asking)
    for at, _ in expiring(desk):
        yield at


def _answer_horizon(
    desk: Desk, journey: Journey, run: Run, asking: Asking
) -> Iterator[datetime | None]:
    """When a `wait_for` may be answered by time: its condition, or an event dated ahead."""
    node = journey.nodes.get(run.step or "")
    if isinstance(node, WaitFor) and node.condition is not None:
        asking.scope = step_scope(run)
        yield next_change(node.condition, asking)
    elif isinstance(node, (WaitFor, HandTo)):
        name = (node.event or "") if isinstance(node, WaitFor) else TASK_DONE
        events = desk.facts.history.named(name)
        yield min((event.at for event in events if event.at > desk.now), default=None)


def _is_open(desk: Desk, journey: Journey) -> bool:
    """Whether the clock of a journey can still let this person in."""
    if journey.status not in (Status.LIVE, Status.SHADOW):
        return False
    if journey.name in desk.rules.paused_journeys:
        return False
    return journey.enter.again.allowed or not desk.entries.get(journey.name)


def expiring(desk: Desk) -> Iterator[tuple[datetime, str]]:
    """When consent that ends comes within 30 days of its end, and for which topic. A purchase that
    renews it, or a yes in words, moves the end or takes it away."""
    facts, rules, now = desk.facts, desk.rules, desk.now
    ending = [
        entry
        for entry in facts.consents
        if entry.expires_at is not None or ground(entry) in rules.law.ending
    ]
    for topic in sorted({topic for entry in ending for topic in _topics(entry.topic, rules)}):
        terms = terms_of(topic, facts, rules)
        word, entry = deciding(facts.ledger(topic), topic, now, terms)
        end = ends_at(entry, terms) if word == "given" and entry is not None else None
        if end is not None and entry is not None:
            yield max(end - EXPIRING_BEFORE, entry.at), topic


def _topics(topic: str, rules: Rulebook) -> Iterable[str]:
    return rules.policy.marketing if topic == ALL_TOPICS else (topic,)
