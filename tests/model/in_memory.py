"""The stage of the pure core: the in-memory runner that `test` and `simulate` use."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.application.world import Walker, walk
from engine.domain.arrival import Arrival, PersonArrived
from engine.domain.changes import Life
from engine.domain.edit import follow_edit
from engine.domain.facts import Rulebook
from tests.model.judge import Judge
from tests.model.machine import Machine, edited_journeys
from tests.model.plain import Record


class InMemory:
    """Walks the town, and has every turn judged."""

    def __init__(self, rules: Rulebook) -> None:
        self.rules = rules
        self.judge = Judge()
        self.record = Record()
        self.walkers: dict[str, Walker] = {}

    def arrive(self, arrivals: list[Arrival], record: Record, now: datetime) -> None:
        self.record = record
        for arrival in arrivals:
            walker = self.walkers.get(arrival.person_id)
            if walker and isinstance(arrival, PersonArrived) and arrival.mailbox is not None:
                self._tell_of_suppression(walker, arrival.mailbox)
        self._walk(arrivals, now)

    def suppress(self, mailbox: str, record: Record, now: datetime) -> None:
        self.record = record
        for walker in self.walkers.values():
            if walker.mailbox == mailbox:
                self._tell_of_suppression(walker, mailbox)
                walker.due_at = now
        self._walk([], now)

    def put_in_force(self, rules: Rulebook, now: datetime) -> None:
        edits = edited_journeys(self.rules, rules)
        for walker in self.walkers.values():
            facts, runs = walker.life.facts, []
            for run in walker.life.runs:
                if run.live and run.journey in edits:
                    self.judge.edited.add(run.id)
                    run = follow_edit(run, *edits[run.journey], facts, rules, now)
                runs.append(run)
            walker.life = replace(walker.life, runs=tuple(runs))
            walker.due_at = now
        self.rules = rules
        self._walk([], now)

    def pass_time(self, until: datetime) -> None:
        self._walk([], until)

    def _walk(self, arrivals: list[Arrival], until: datetime) -> None:
        before: dict[str, Life] = {}
        for who, walker in self.walkers.items():
            before[who] = walker.life
        for happening in walk(self.rules, self.walkers, arrivals, until):
            who = happening.facts.person.id
            walker = self.walkers[who]
            was = before.get(who) or Life(facts=happening.facts)
            self.judge.turn(
                self.rules, self.record, was, walker.life, happening.changes, happening.at
            )
            before[who] = walker.life

    def _tell_of_suppression(self, walker: Walker, mailbox: str) -> None:
        known = "hard_bounce" if mailbox in self.record.suppressed else None
        facts = replace(walker.life.facts, suppressed=known)
        walker.life = replace(walker.life, facts=facts)


class InMemoryMachine(Machine):
    """The model of the pure core."""

    def open_stage(self, rules: Rulebook, now: datetime) -> InMemory:
        return InMemory(rules)
