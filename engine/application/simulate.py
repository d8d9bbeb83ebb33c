"""A whole history walked with a virtual clock: the production decisions, nothing of it sent.

People do not depend on each other, so they are walked one after the other: the output is in order of
time per person, not over all people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.application.world import Happening, Walker, by_mailbox, meet, newcomer, walk
from engine.domain import calendar, lifecycle
from engine.domain.arrival import Arrival, EventArrived, MessageRead
from engine.domain.care import alarm_of
from engine.domain.event import Event, History
from engine.domain.facts import Facts, Rulebook
from engine.domain.index import by_stage
from engine.domain.lifecycle import Thresholds
from engine.domain.reasons import Reason
from engine.domain.receiving import receive
from engine.domain.turn import Life, Queued, TaskOpened, Traced
from engine.domain.values import MICROSECOND


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of a simulation: what became of a message, or of a person who needs a person.

    `outcome` is sent, ghost, shadow, postponed, dropped or handed_over.
    """

    at: datetime
    person: str
    journey: str
    step: str
    mail: str
    outcome: str
    reason: str = ""


@dataclass(slots=True)
class Party:
    """The people of one mailbox on their way, and what is still to arrive for them."""

    arrivals: Sequence[Arrival]
    walkers: dict[str, Walker] = field(default_factory=dict)
    place: int = 0

    def take(self, until: datetime) -> Sequence[Arrival]:
        """The arrivals up to an instant, inclusive, that were not taken before."""
        start = self.place
        while self.place < len(self.arrivals) and self.arrivals[self.place].at <= until:
            self.place += 1
        return self.arrivals[start : self.place]


class Simulation:
    """Everybody of a history, walked from `since` to `until`.

    `thresholds` are all that hold on the way, oldest first: they follow from the orders alone, so they
    are worked out before anybody sets out, and nobody has to wait for anybody. `known` has what is
    known of people beside the arrivals: the mails that counted before `since`, say.
    """

    def __init__(
        self,
        rules: Rulebook,
        arrivals: Sequence[Arrival],
        since: datetime,
        until: datetime,
        known: Mapping[str, Life] | None = None,
    ) -> None:
        self.since = since
        self.until = until
        self.parties = [
            Party(stream, {who: Walker(known[who]) for who in group if known and who in known})
            for group, stream in by_mailbox(arrivals)
        ]
        self.thresholds = _thresholds(rules, arrivals, since, until)
        self._months = [replace(rules, thresholds=held) for held in self.thresholds]
        self._by_stage = by_stage(rules)

    def run(self) -> Iterator[Happening]:
        """Walk everybody, one party after the other. What happened before `since` is known, but
        starts nothing. A `Happening` is worked out when it is asked for; its facts are of then."""
        for party in self.parties:
            yield from self.walk(party)

    def walk(self, party: Party) -> Iterator[Happening]:
        """Walk the people of one mailbox."""
        _know(party, self.since, self._months[0])
        for number, rules in enumerate(self._months):
            if number:
                yield from self._judge_anew(party, rules)
            later = self._months[number + 1 : number + 2]
            end = later[0].thresholds.holds_from if later else None
            last = self.until if end is None else end - MICROSECOND
            yield from walk(rules, party.walkers, party.take(last), last)

    def _judge_anew(self, party: Party, rules: Rulebook) -> Iterator[Happening]:
        """New thresholds are an edit: they change stages, and enter nobody by themselves (R6.2)."""
        now = rules.thresholds.holds_from
        assert now is not None
        if any([_is_judged_anew(walker, rules, now) for walker in party.walkers.values()]):
            edited = replace(rules, segments_since=dict.fromkeys(self._by_stage, now))
            yield from walk(edited, party.walkers, (), now)


def outcomes(happening: Happening) -> Iterator[Outcome]:
    """What a happening means for messages and hand-offs."""
    person = happening.facts.person.id
    for change in happening.changes:
        if isinstance(change, Queued):
            outcome = "shadow" if change.shadow else "ghost" if change.sent.ghost else "sent"
            reason = {"shadow": Reason.SHADOW.value, "ghost": Reason.HOLD_OUT.value}
            yield Outcome(
                happening.at,
                person,
                change.run.journey,
                change.sent.step,
                change.sent.mail,
                outcome,
                reason.get(outcome, ""),
            )
        elif isinstance(change, Traced) and change.what in ("postponed", "dropped"):
            mail = str(change.detail.get("mail", ""))
            yield Outcome(
                happening.at,
                person,
                change.journey,
                change.step or "",
                mail,
                change.what,
                change.reason.value if change.reason else change.because,
            )
        elif isinstance(change, TaskOpened):
            yield Outcome(
                happening.at,
                person,
                change.journey,
                change.step,
                "",
                "handed_over",
                change.because,
            )


def _know(party: Party, since: datetime, rules: Rulebook) -> None:
    """Take in what happened before `since`: known, but with nobody watching."""
    for arrival in party.take(since - MICROSECOND):
        walker = party.walkers.setdefault(arrival.person_id, Walker(newcomer(arrival.person_id)))
        facts = walker.life.facts
        if isinstance(arrival, EventArrived):
            facts = _known_event(facts, arrival.event)
        else:
            alarm = alarm_of(arrival, facts.consents) if isinstance(arrival, MessageRead) else None
            facts = receive(facts, arrival)
            facts = _known_event(facts, alarm) if alarm else facts
        walker.life = replace(walker.life, facts=facts)
    meet(party.walkers)
    for walker in party.walkers.values():
        facts = walker.life.facts
        standing = lifecycle.standing_of(facts.history, rules.lifecycle, [rules.thresholds])
        walker.life = replace(walker.life, facts=replace(facts, standing=standing))
        walker.due_at = since


def _known_event(facts: Facts, event: Event) -> Facts:
    return replace(facts, history=facts.history.add(replace(event, starts=False)))


def _is_judged_anew(walker: Walker, rules: Rulebook, now: datetime) -> bool:
    """Whether the person's stage is another by the new thresholds; if so they are due at once."""
    standing, config = walker.life.facts.standing, rules.lifecycle
    if lifecycle.stage(standing, rules.thresholds, config, now) != walker.life.stage:
        walker.due_at = now
        return True
    change = lifecycle.next_stage_change(standing, rules.thresholds, config, now)
    if change is not None and (walker.due_at is None or change < walker.due_at):
        walker.due_at = change
    return False


def _thresholds(
    rules: Rulebook, arrivals: Sequence[Arrival], since: datetime, until: datetime
) -> list[Thresholds]:
    """Those of the rulebook, and what the shop learns from its orders at the beginning of each month
    in `(since, until]`, in the company's zone (R6.2)."""
    config = rules.lifecycle
    found = [rules.thresholds]
    if config.fixed is not None:
        return found
    events: dict[str, list[Event]] = {}
    for arrival in arrivals:
        if isinstance(arrival, EventArrived):
            events.setdefault(arrival.person_id, []).append(arrival.event)
    histories = [History(of_person) for of_person in events.values()]
    _, month = calendar.period(since, "month", rules.company_zone)
    while month <= until:
        orders = (lifecycle.counting_orders(history, config, month) for history in histories)
        found.append(
            lifecycle.learn((lifecycle.gaps([one.at for one in own]) for own in orders), month)
        )
        _, month = calendar.period(month, "month", rules.company_zone)
    return found
