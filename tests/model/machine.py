"""The stateful machine: people, rules and the clock change in any order; a stage lives through it.

`Machine` draws what happens and keeps the plain record of it; how it is lived through is the stage's:
in memory (`in_memory`) or on a database with several workers (`in_store`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from engine.domain.arrival import (
    Arrival,
    ConsentArrived,
    EventArrived,
    PersonArrived,
    PreferenceArrived,
)
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.domain.facts import Rulebook
from engine.domain.journey import Journey
from engine.domain.preference import Preference
from tests.model import plots
from tests.model.plain import Line, Plain, Record
from tests.model.plots import ANSWERS, DAY, HOUR, MINUTE, STARTERS, STARTS, WORDS

PEOPLE = ("ann", "ben", "cat")
MAILBOXES = ("one@x.org", "two@x.org", "")
TOPICS = ("news", "promo", "*")
STEPS = (
    timedelta(microseconds=1), 40 * timedelta(seconds=1), 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR,
    11 * HOUR, DAY, 2 * DAY, 7 * DAY,
)  # fmt: skip


class Stage(Protocol):
    """Where the same story is lived through."""

    def arrive(self, arrivals: list[Arrival], record: Record, now: datetime) -> None:
        """Something came in; `record` is all that is known with it."""

    def suppress(self, mailbox: str, record: Record, now: datetime) -> None:
        """An address is never to be written to again."""

    def put_in_force(self, rules: Rulebook, now: datetime) -> None:
        """Other rules, by `apply` or by the switch."""

    def pass_time(self, until: datetime) -> None:
        """The clock moves on."""


class Machine(RuleBasedStateMachine):
    """What may happen to a small town."""

    stage: Stage
    open_stage: Callable[..., Stage]

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.record = Record()

    @initialize(seed=st.integers(0, 2**32 - 1), start=st.sampled_from(STARTS))
    def settle_down(self, seed: int, start: datetime) -> None:
        chance = Random(seed)
        self.now = start
        self.rules = plots.rulebook(chance)
        self.stage = self.open_stage(self.rules, start)
        arrivals: list[Arrival] = []
        shared = chance.random() < 0.5
        for number, who in enumerate(PEOPLE):
            box = MAILBOXES[0] if shared and number < 2 else f"{who}@x.org"
            told = {"country": chance.choice(("US", "US", "DE")), "plan": "trial"}
            if chance.random() < 0.7:
                told["time_zone"] = chance.choice(plots.ZONES)
            arrivals.append(PersonArrived(who, box, box, told, start))
            agreed = [topic for topic in TOPICS[:2] if chance.random() < 0.9]
            arrivals += [ConsentArrived(who, _said(topic, 0, start)) for topic in agreed]
            if chance.random() < 0.25:
                arrivals.append(PreferenceArrived(who, _chosen(0, start)))
        self._arrive(arrivals)

    @rule(who=st.sampled_from(PEOPLE), name=st.sampled_from((*STARTERS, *STARTERS, *WORDS)))
    def something_happens(self, who: str, name: str) -> None:
        self.number += 1
        self._arrive([EventArrived(who, Event(f"e{self.number}", name, self.now))])

    @rule(
        who=st.sampled_from(PEOPLE), name=st.sampled_from(sorted(ANSWERS)), value=st.integers(0, 8)
    )
    def somebody_changes(self, who: str, name: str, value: int) -> None:
        said = ANSWERS[name][value % len(ANSWERS[name])]
        self._arrive([PersonArrived(who, None, None, {name: said}, self.now)])

    @rule(who=st.sampled_from(PEOPLE), mailbox=st.sampled_from(MAILBOXES))
    def somebody_moves(self, who: str, mailbox: str) -> None:
        self._arrive([PersonArrived(who, mailbox, mailbox, {}, self.now)])

    @rule(who=st.sampled_from(PEOPLE), topic=st.sampled_from(TOPICS), kind=st.integers(0, 6))
    def somebody_says_whether(self, who: str, topic: str, kind: int) -> None:
        self._arrive([ConsentArrived(who, _said(topic, kind, self.now))])

    @rule(who=st.sampled_from(PEOPLE), kind=st.integers(0, 6))
    def somebody_chooses(self, who: str, kind: int) -> None:
        self._arrive([PreferenceArrived(who, _chosen(kind, self.now))])

    @rule(mailbox=st.sampled_from(MAILBOXES[:2]), really=st.integers(0, 3))
    def an_address_bounces(self, mailbox: str, really: int) -> None:
        if really == 0 and mailbox not in self.record.suppressed:
            self.record = replace(self.record, suppressed=self.record.suppressed | {mailbox})
            self.stage.suppress(mailbox, self.record, self.now)

    @rule(seed=st.integers(0, 2**16 - 1))
    def the_project_is_edited(self, seed: int) -> None:
        self.number += 1
        self.rules = plots.edited(self.rules, Random(seed), f"v{self.number}")
        self.stage.put_in_force(self.rules, self.now)

    @rule(name=st.sampled_from(("", "alpha", "beta")))
    def the_switch_is_turned(self, name: str) -> None:
        if name:
            journeys = self.rules.paused_journeys ^ {name}
            self.rules = replace(self.rules, paused_journeys=journeys)
        else:
            self.rules = replace(self.rules, paused=not self.rules.paused)
        self.stage.put_in_force(self.rules, self.now)

    @rule(step=st.sampled_from(STEPS))
    def time_passes(self, step: timedelta) -> None:
        self.now += step
        self.stage.pass_time(self.now)

    @rule(step=st.sampled_from(STEPS))
    def more_time_passes(self, step: timedelta) -> None:
        self.time_passes(step)

    def _arrive(self, arrivals: list[Arrival]) -> None:
        for arrival in arrivals:
            self.record = written_down(self.record, arrival)
        self.stage.arrive(arrivals, self.record, self.now)


def _said(topic: str, kind: int, now: datetime) -> ConsentEntry:
    more: dict[str, Any] = {}
    state: Any = "express"
    match kind:
        case 0:
            more = {"confirmed": True, "own_act": True}
        case 1:
            more = {"own_act": True}
        case 2:
            more = {"confirmed": True}
        case 3:
            state, more = "implied", {"expires_at": now + 5 * DAY}
        case 4:
            state = "pending"
        case 5:
            state, more = "unsubscribed", {"own_act": True}
        case _:
            state = "unsubscribed"
    return ConsentEntry(topic, state, now, **more)


def _chosen(kind: int, now: datetime) -> Preference:
    match kind:
        case 0 | 1:
            return Preference("pace", now, active=kind == 0)
        case 2 | 3:
            return Preference("pause", now, until=now + (DAY if kind == 2 else 9 * DAY))
        case 4:
            return Preference("pause", now, active=False)
        case _:
            return Preference("theme", now, active=kind == 5, value=plots.THEME)


def written_down(record: Record, arrival: Arrival) -> Record:
    """The plain record with one arrival more."""
    who = arrival.person_id
    person = record.people.get(who, Plain(who))
    lines, chosen = record.lines, record.chosen
    if isinstance(arrival, PersonArrived):
        if arrival.mailbox is not None:
            if not person.mailbox:  # what was said before there was an address speaks of the first
                lines = tuple(
                    replace(one, mailbox=arrival.mailbox)
                    if one.person == who and not one.mailbox
                    else one
                    for one in lines
                )
                chosen = tuple(
                    (one, box or arrival.mailbox if one == who else box, line)
                    for one, box, line in chosen
                )
            person = replace(person, mailbox=arrival.mailbox)
        told = {name: str(value) for name, value in arrival.values.items()}
        person = replace(person, attributes={**person.attributes, **told})
    elif isinstance(arrival, EventArrived):
        happened = (arrival.event.at, arrival.event.name, arrival.event.id)
        person = replace(person, events=(*person.events, happened))
    elif isinstance(arrival, ConsentArrived):
        again = any((one.person, one.entry) == (who, arrival.entry) for one in lines)
        lines = lines if again else (*lines, Line(who, person.mailbox, arrival.entry))
    elif isinstance(arrival, PreferenceArrived):
        chosen = (*chosen, (who, person.mailbox, arrival.preference))
    people = {**record.people, who: person}
    return replace(record, people=people, lines=lines, chosen=chosen)


def edited_journeys(old: Rulebook, new: Rulebook) -> Mapping[str, tuple[Journey, Journey]]:
    """The journeys that are another now, as they were and as they are."""
    return {
        name: (old.journeys[name], journey)
        for name, journey in new.journeys.items()
        if old.journeys[name] != journey
    }
