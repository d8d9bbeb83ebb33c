"""From what a database knows to a simulation: people as they stand, or their past lived again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from engine.application.ports.lives import Visit
from engine.application.simulate import Simulation
from engine.application.world import Happening, Walker, walk
from engine.domain.arrival import (
    Arrival,
    ConsentArrived,
    EventArrived,
    MessageRead,
    PersonArrived,
    PreferenceArrived,
)
from engine.domain.edit import follow_edit
from engine.domain.engine_events import CARE_NEEDED
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Journey
from engine.domain.person import Person
from engine.domain.turn import Life

_ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the daemon will do from `begin` on if nothing new comes in.

    `rules` are those of the files as if they were applied at `begin`, and `before` the journeys in
    force, from which the people inside follow an edit; `edited` says that everybody is looked at
    anew, as after an `apply`. Lifecycle thresholds stay as they are: without new orders the shop
    learns nothing new.
    """

    rules: Rulebook
    before: Mapping[str, Journey]
    begin: datetime
    until: datetime
    edited: bool

    def run(self, visits: Iterable[Visit]) -> Iterator[Happening]:
        """Walk everybody, mailbox by mailbox; `visits` come in order of mailbox."""
        for _, group in groupby(visits, key=lambda visit: visit.mailbox_key):
            members = list(group)
            walkers = {visit.life.facts.person.id: self._walker(visit) for visit in members}
            ahead: list[Arrival] = [
                EventArrived(visit.life.facts.person.id, event)
                for visit in members
                for event in visit.arrivals
                if event.at > self.begin
            ]
            ahead.sort(key=lambda arrival: arrival.at)
            yield from walk(self.rules, walkers, ahead, self.until)

    def _walker(self, visit: Visit) -> Walker:
        life = self._followed(visit.life)
        waiting = tuple(event for event in visit.arrivals if event.at <= self.begin)
        at_once = self.edited or waiting or life.looked_at is None
        due_at = self.begin if at_once else life.due_at
        return Walker(life, due_at and max(due_at, self.begin), waiting)

    def _followed(self, life: Life) -> Life:
        """The life after the edit, as `apply` leaves it (R2.8)."""
        if not self.edited:
            return life
        after = self.rules.journeys
        runs = tuple(
            follow_edit(
                run,
                self.before[run.journey],
                after[run.journey],
                life.facts,
                self.rules,
                self.begin,
            )
            if run.live and run.journey in after and run.journey in self.before
            else run
            for run in life.runs
        )
        return replace(life, runs=runs, due_at=None)


def replay(
    rules: Rulebook, visits: Sequence[Visit], since: datetime, until: datetime
) -> Simulation:
    """Everything that is known, lived again from `since` on by these rules.

    Events, consents and moods come when they came; people are who they are now. What happened before
    `since` is known and starts nothing: mails that left count for caps, and who had entered a journey
    by then has entered it, but is not inside.
    """
    arrivals = sorted(
        (arrival for visit in visits for arrival in _arrivals_of(visit, rules, since)),
        key=lambda arrival: arrival.at,
    )
    watched = replace(
        rules,
        segments_since=dict.fromkeys(rules.segments, since),
        journeys_since=dict.fromkeys(rules.journeys, since),
    )
    known = {visit.life.facts.person.id: _known(visit.life, since) for visit in visits}
    return Simulation(watched, arrivals, since, until, known)


def _arrivals_of(visit: Visit, rules: Rulebook, since: datetime) -> Iterator[Arrival]:
    facts, who = visit.life.facts, visit.life.facts.person.id
    events = [*facts.history, *visit.arrivals]
    person, consents = facts.person, facts.consents
    first = min(
        (*(event.at for event in events), *(entry.at for entry in consents), since),
    )
    born = person.created_at or first
    yield PersonArrived(who, person.email, person.mailbox, person.attributes, min(born, first))
    for event in events:
        if event.source != _ENGINE or event.at < since or event.name == CARE_NEEDED:
            yield EventArrived(who, event)
    for entry in consents:
        yield ConsentArrived(who, entry, confirms=entry.counts)
    for line in facts.preferences:
        yield PreferenceArrived(who, line)
    for mood in facts.moods:
        yield MessageRead(who, mood, rules.emotion)


def _known(life: Life, since: datetime) -> Life:
    facts = life.facts
    person = Person(facts.person.id, created_at=facts.person.created_at, erased=facts.person.erased)
    return Life(
        facts=Facts(
            person=person,
            sent=tuple(sent for sent in facts.sent if sent.at < since),
            suppressed=facts.suppressed,
            judged=facts.judged,
        ),
        entries={
            journey: {key: at for key, at in keys.items() if at < since}
            for journey, keys in life.entries.items()
        },
    )
