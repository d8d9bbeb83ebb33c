"""People walked through time in memory, by the same turns as in life.

`test`, `simulate` and `demo` are this runner. It needs no ticks: the clock jumps to the next instant
at which something arrives or falls due, person by person, since one person's mail never depends on
another's, except on the other profiles of the same mailbox, who walk together (R3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.domain.arrival import (
    Arrival,
    EventArrived,
    MessageRead,
    PersonArrived,
)
from engine.domain.care import alarm_of
from engine.domain.consent import is_shared
from engine.domain.counting import remembered
from engine.domain.event import Event
from engine.domain.facts import Facts, Rulebook, Sent
from engine.domain.message import mail_event
from engine.domain.person import Person
from engine.domain.receiving import receive
from engine.domain.turn import Change, ConsentLowered, Life, Queued, turn

_TURNS_AT_ONE_INSTANT = 1000


@dataclass(frozen=True, slots=True)
class Happening:
    """What one turn of one person changed, when, and what was known of them right after it."""

    at: datetime
    facts: Facts
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Walker:
    """One person on the way: their life, the next instant at which time alone moves them, and events
    that came in before and act in the next turn.

    `had` are their own slots with the mailbox of each: who moves leaves them there, too (R3.5).
    """

    life: Life
    due_at: datetime | None = None
    waiting: tuple[Event, ...] = ()
    had: tuple[tuple[str, Sent], ...] = field(init=False)

    def __post_init__(self) -> None:
        facts = self.life.facts
        own = (sent for sent in facts.sent if sent.person == facts.person.id)
        self.had = tuple((self.mailbox, sent) for sent in own)

    @property
    def mailbox(self) -> str:
        """The normal form of their address of today; empty where there is none."""
        return self.life.facts.person.mailbox


def newcomer(person_id: str) -> Life:
    """A life of which nothing is known yet."""
    return Life(facts=Facts(person=Person(id=person_id)))


def walk(
    rules: Rulebook,
    walkers: dict[str, Walker],
    arrivals: Sequence[Arrival],
    until: datetime,
) -> Iterator[Happening]:
    """Walk the people of one mailbox until an instant, inclusive.

    `walkers` (by person id) is changed in place, so that a later call goes on from there; people who
    first appear in `arrivals` are added. `arrivals` are in order of their `at`, and act at it.
    Every message that passes the gate counts as delivered at once (`mail.sent`).
    """
    place, number = 0, len(arrivals)
    while True:
        now = _next_instant(walkers, arrivals[place].at if place < number else None)
        if now is None or now > until:
            return
        news: dict[str, list[Event]] = {}
        while place < number and arrivals[place].at <= now:
            _take_in(walkers, arrivals[place], news)
            place += 1
        yield from _turns_at(rules, walkers, news, now)


def _next_instant(walkers: dict[str, Walker], arrives: datetime | None) -> datetime | None:
    instants = [w.due_at for w in walkers.values() if w.due_at is not None]
    if arrives is not None:
        instants.append(arrives)
    return min(instants, default=None)


def _take_in(walkers: dict[str, Walker], arrival: Arrival, news: dict[str, list[Event]]) -> None:
    person_id = arrival.person_id
    walker = walkers.get(person_id)
    if walker is None:
        walker = walkers[person_id] = Walker(newcomer(person_id))
    events = news.setdefault(person_id, [])
    if isinstance(arrival, EventArrived):
        events.append(arrival.event)
        return
    before = walker.mailbox
    if isinstance(arrival, MessageRead):
        alarm = alarm_of(arrival, walker.life.facts.consents)
        events += [alarm] if alarm else []
    walker.life = replace(walker.life, facts=receive(walker.life.facts, arrival))
    _share_consents(walkers, walker)
    _share_preferences(walkers)
    if walker.mailbox != before:
        _meet_slots(walkers, walker)


def meet(walkers: dict[str, Walker]) -> None:
    """Every profile sees what the others of its mailbox said before anybody watched."""
    for walker in walkers.values():
        _share_consents(walkers, walker)
    _share_preferences(walkers)


def _share_consents(walkers: dict[str, Walker], speaker: Walker) -> None:
    """All profiles of a mailbox see who left, and who came back, while they had it (R5.5)."""
    if len(walkers) == 1:
        return
    for walker in _at(walkers, speaker.mailbox) or [speaker]:
        shared = tuple(
            replace(line, elsewhere="")
            for other in walkers.values()
            for line in other.life.facts.consents
            if other is not walker
            and walker.mailbox
            and (line.elsewhere or other.mailbox) == walker.mailbox
            and is_shared(line)
        )
        facts = replace(walker.life.facts, mailbox_consents=shared)
        walker.life = replace(walker.life, facts=facts)


def _share_preferences(walkers: dict[str, Walker]) -> None:
    """What was chosen for a mailbox holds for every profile that has it today."""
    if all(not walker.life.facts.preferences for walker in walkers.values()):
        return
    for walker in walkers.values():
        shared = tuple(
            line
            for other in walkers.values()
            if other is not walker and walker.mailbox
            for line in other.life.facts.preferences
            if line.mailbox == walker.mailbox
        )
        facts = replace(walker.life.facts, mailbox_preferences=shared)
        walker.life = replace(walker.life, facts=facts)


def _meet_slots(walkers: dict[str, Walker], walker: Walker) -> None:
    """Who comes to a mailbox sees what the others there had, beside their own."""
    slots = [
        sent
        for other in walkers.values()
        for at, sent in other.had
        if other is walker or (at and at == walker.mailbox)
    ]
    slots.sort(key=lambda sent: sent.at)
    facts = replace(walker.life.facts, sent=tuple(slots))
    walker.life = replace(walker.life, facts=facts)


def _at(walkers: dict[str, Walker], mailbox: str) -> list[Walker]:
    """The profiles of a mailbox; nobody where it is empty."""
    return [walker for walker in walkers.values() if mailbox and walker.mailbox == mailbox]


def _turns_at(
    rules: Rulebook, walkers: dict[str, Walker], news: dict[str, list[Event]], now: datetime
) -> Iterator[Happening]:
    turns = 0
    while True:
        waiting = [
            person_id
            for person_id, walker in walkers.items()
            if person_id in news or (walker.due_at is not None and walker.due_at <= now)
        ]
        if not waiting:
            return
        for person_id in sorted(waiting):
            turns += 1
            if turns > _TURNS_AT_ONE_INSTANT:
                raise RuntimeError(f"person {person_id} never comes to rest at {now.isoformat()}")
            walker = walkers[person_id]
            events = (*walker.waiting, *news.pop(person_id, ()))
            walker.waiting = ()
            taken = turn(rules, walker.life, events, now)
            walker.life, walker.due_at = taken.life, taken.due_at
            delivered = _delivered(taken.changes, now)
            if delivered:
                news[person_id] = delivered
            _share_slots(rules, walkers, person_id, taken.changes, now)
            if any(isinstance(change, ConsentLowered) for change in taken.changes):
                _share_consents(walkers, walker)
            if taken.changes:
                yield Happening(now, walker.life.facts, taken.changes)


def _delivered(changes: Iterable[Change], now: datetime) -> list[Event]:
    return [
        mail_event(
            "mail.sent",
            queued.send_id,
            now,
            mail=queued.sent.mail,
            category=queued.sent.category,
            journey=queued.run.journey,
            step=queued.sent.step,
        )
        for queued in changes
        if isinstance(queued, Queued) and not queued.sent.ghost and not queued.shadow
    ]


def _share_slots(
    rules: Rulebook,
    walkers: dict[str, Walker],
    person_id: str,
    changes: Iterable[Change],
    now: datetime,
) -> None:
    """Other profiles of the mailbox see the slots just taken; everybody forgets those that no cap
    counts any more."""
    taken = tuple(c.sent for c in changes if isinstance(c, Queued) and not c.shadow)
    if not taken:
        return
    oldest = now - remembered(rules)
    sender = walkers[person_id]
    sender.had += tuple((sender.mailbox, sent) for sent in taken)
    for walker in walkers.values():
        meets = walker is not sender and sender.mailbox and walker.mailbox == sender.mailbox
        facts = walker.life.facts
        sent = facts.sent + taken if meets else facts.sent
        kept = tuple(one for one in sent if one.at > oldest)
        walker.had = tuple(one for one in walker.had if one[1].at > oldest)
        walker.life = replace(walker.life, facts=replace(facts, sent=kept))


def by_mailbox(arrivals: Iterable[Arrival]) -> list[tuple[frozenset[str], list[Arrival]]]:
    """A mixed history, split by mailbox: the people who share one, and their arrivals in order.

    People without an address, or whose address changes to nobody else's, stand alone.
    """
    group_of: dict[str, set[str]] = {}
    owner: dict[str, str] = {}
    streams: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        person_id = arrival.person_id
        group = group_of.setdefault(person_id, {person_id})
        streams.setdefault(person_id, []).append(arrival)
        if isinstance(arrival, PersonArrived) and arrival.mailbox:
            other = group_of[owner.setdefault(arrival.mailbox, person_id)]
            if other is not group:
                other |= group
                for member in group:
                    group_of[member] = other
    together: list[tuple[frozenset[str], list[Arrival]]] = []
    seen: set[int] = set()
    for group in group_of.values():
        if id(group) in seen:
            continue
        seen.add(id(group))
        stream = [arrival for member in sorted(group) for arrival in streams[member]]
        if len(group) > 1:
            stream.sort(key=lambda arrival: arrival.at)
        together.append((frozenset(group), stream))
    return together
