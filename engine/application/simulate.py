"""A whole history walked with a virtual clock: the production decisions, nothing of it sent.

People do not depend on each other, so they are walked one after the other; only what the shop learns
from all of them (its lifecycle thresholds, anew each month, R6.2) stops everybody for a moment. The
output is therefore in order of time per person, not over all people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.application.world import Happening, Walker, by_mailbox, newcomer, walk
from engine.domain import calendar, lifecycle
from engine.domain.arrival import Arrival, EventArrived
from engine.domain.facts import Rulebook
from engine.domain.index import by_stage
from engine.domain.lifecycle import Thresholds
from engine.domain.reasons import Reason
from engine.domain.receiving import receive
from engine.domain.turn import Life, Queued, TaskOpened, Traced

_MICROSECOND = timedelta(microseconds=1)


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
    """Parties walked from `since` to `until`. `thresholds` lists all that held, oldest first."""

    def __init__(
        self, rules: Rulebook, arrivals: Iterable[Arrival], since: datetime, until: datetime
    ) -> None:
        self.rules = rules
        self.since = since
        self.until = until
        self.thresholds: list[Thresholds] = [rules.thresholds]
        self.parties = [Party(stream) for _, stream in by_mailbox(arrivals)]

    def run(self) -> Iterator[Happening]:
        """Walk everybody. What happened before `since` is known, but starts nothing.

        A `Happening` is worked out when it is asked for; its facts are of that instant.
        """
        for party in self.parties:
            _know(party, self.since, self.rules)
        for end in [*_months(self.since, self.until, self.rules), self.until + _MICROSECOND]:
            for party in self.parties:
                yield from walk(
                    self.rules, party.walkers, party.take(end - _MICROSECOND), end - _MICROSECOND
                )
            if end <= self.until:
                yield from self._learn(end)

    def lives(self) -> Iterator[tuple[Life, datetime | None]]:
        """Everybody as they stand now, with the instant at which they are due next."""
        for party in self.parties:
            for walker in party.walkers.values():
                yield walker.life, walker.due_at

    def _learn(self, now: datetime) -> Iterator[Happening]:
        """New thresholds are an edit: they change stages, and enter nobody by themselves (R6.2)."""
        config = self.rules.lifecycle
        learned = lifecycle.learn(
            (
                lifecycle.gaps([order.at for order in orders])
                for life, _ in self.lives()
                if (orders := lifecycle.counting_orders(life.facts.history, config, now))
            ),
            now,
        )
        self.rules = replace(self.rules, thresholds=learned)
        self.thresholds.append(learned)
        edited = replace(self.rules, segments_since=dict.fromkeys(by_stage(self.rules), now))
        for party in self.parties:
            if any([_judge_anew(walker, self.rules, now) for walker in party.walkers.values()]):
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
    for arrival in party.take(since - _MICROSECOND):
        walker = party.walkers.setdefault(arrival.person_id, Walker(newcomer(arrival.person_id)))
        facts = walker.life.facts
        if isinstance(arrival, EventArrived):
            facts = replace(facts, history=facts.history.add(replace(arrival.event, starts=False)))
        else:
            facts = receive(facts, arrival)
        walker.life = replace(walker.life, facts=facts)
    for walker in party.walkers.values():
        facts = walker.life.facts
        standing = lifecycle.standing_of(facts.history, rules.lifecycle, [rules.thresholds])
        walker.life = replace(walker.life, facts=replace(facts, standing=standing))
        walker.due_at = since


def _judge_anew(walker: Walker, rules: Rulebook, now: datetime) -> bool:
    """Whether the person's stage is another by the new thresholds; if so they are due at once."""
    standing, config = walker.life.facts.standing, rules.lifecycle
    if lifecycle.stage(standing, rules.thresholds, config, now) != walker.life.stage:
        walker.due_at = now
        return True
    change = lifecycle.next_stage_change(standing, rules.thresholds, config, now)
    if change is not None and (walker.due_at is None or change < walker.due_at):
        walker.due_at = change
    return False


def _months(since: datetime, until: datetime, rules: Rulebook) -> Iterator[datetime]:
    """The beginnings of months in `(since, until]`, in the company's zone, where the shop learns."""
    if rules.lifecycle.fixed is not None:
        return
    _, month = calendar.period(since, "month", rules.company_zone)
    while month <= until:
        yield month
        _, month = calendar.period(month, "month", rules.company_zone)
