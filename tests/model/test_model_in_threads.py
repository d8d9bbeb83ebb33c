"""Real threads on PostgreSQL: workers and senders at the same people, at the same time.

What they sent is checked at the end, over the plain list of sends. By itself:
`pytest tests/model/test_model_in_threads.py`; `SEQUENCES=50` before it plays so many towns.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.living import DatabaseLives, DatabaseOutbox
from engine.adapters.db.stored import instant
from engine.application.advance_due import advance_due
from engine.application.hand_off import HandOff
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.consent import ConsentEntry
from engine.domain.duration import Duration
from engine.domain.event import Event
from engine.domain.facts import Facts, MailHeader, Rulebook
from engine.domain.journey import (
    Again,
    Category,
    Class,
    Enter,
    Journey,
    Overflow,
    Policy,
    Priority,
    Send,
    Status,
    WhenEvent,
)
from engine.domain.message import Address, Message, Receipt

START = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NIGHTLY = os.environ.get("SINCERELY_HYPOTHESIS") == "nightly"
TOWNS = int(os.environ.get("SEQUENCES", "100" if NIGHTLY else "2"))
PEOPLE = 60
"""On 25 mailboxes, and now and then on another."""

CAPS: tuple[tuple[Cap, ...], ...] = (
    (CalendarCap(1, "day"), RollingCap(3, 7 * DAY)),
    (GapCap(16 * HOUR),),
    (RollingCap(2, 36 * HOUR), CalendarCap(3, "week")),
)


@pytest.mark.parametrize("seed", range(TOWNS))
def test_threads_at_the_same_mailboxes_break_no_cap_and_send_nothing_twice(
    postgres_database: str, seed: int
) -> None:
    """R3.3, R3.5, R10.2: three workers, two senders, and people who move from mailbox to mailbox."""
    engine = connect(postgres_database)
    chance = Random(seed)
    town = Town(engine, _rules(chance.choice(CAPS)))
    town.take([one for who in range(PEOPLE) for one in _person(who, chance)])
    for _ in range(5):
        town.now += chance.choice((5 * HOUR, 16 * HOUR, DAY))
        events = [one for who in range(PEOPLE) for one in _events(who, town.now, chance)]
        town.take(events[: len(events) // 2])
        movers = [_moves(chance.randrange(PEOPLE), town.now, chance) for _ in range(6)]
        rest = [*events[len(events) // 2 :], *movers]
        town.everybody(
            *(lambda name=f"w{n}": town.work(name) for n in range(3)),
            *(lambda name=f"s{n}": town.send(name) for n in range(2)),
            lambda rest=rest: town.take(rest),
        )
    town.work("last")
    town.send("last")
    assert town.trouble == []
    assert len(town.sent) == len(set(town.sent)), "R2.10"
    slots = [slot for slot in town.slots() if slot[0] in town.sent]
    assert len(slots) == len(town.sent)
    _no_cap_is_broken(slots, town.rules.policy.marketing_caps)
    engine.dispose()


def _no_cap_is_broken(slots: list[tuple[str, str, str, datetime]], caps: tuple[Cap, ...]) -> None:
    """Every slot, by person and by mailbox, against all that came before it."""
    for place in (1, 2):
        by_owner: dict[str, list[datetime]] = {}
        for slot in slots:
            by_owner.setdefault(str(slot[place]), []).append(slot[3])
        for owner, times in by_owner.items():
            for cap in caps:
                assert not _broken(cap, sorted(times)), f"{cap} of {owner}: {times}"


def _broken(cap: Cap, times: list[datetime]) -> bool:
    if isinstance(cap, GapCap):
        return any(later - earlier < cap.gap for earlier, later in combinations(times, 2))
    if isinstance(cap, RollingCap):
        return any(sum(at - cap.window < one <= at for one in times) > cap.times for at in times)
    days = [at.date() if cap.unit == "day" else at.isocalendar()[:2] for at in times]
    return any(days.count(day) > cap.times for day in days)


# ── the town ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Town:
    """A database, the present, and what was handed off."""

    engine: Engine
    rules: Rulebook
    now: datetime = START
    sent: list[str] = field(default_factory=list)
    trouble: list[BaseException] = field(default_factory=list)

    def everybody(self, *works: Callable[[], object]) -> None:
        """All at the same time."""
        threads = [threading.Thread(target=self._guarded, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def take(self, arrivals: list[Arrival]) -> None:
        with writing(self.engine) as connection:
            ingest(connection, arrivals, self.now)

    def work(self, owner: str) -> None:
        advance_due(DatabaseLives(self.engine), self.rules, self.now, f"{owner}-{self.now}")

    def send(self, owner: str) -> None:
        """Twice: mail that was found in other hands is ready again soon after."""
        lives, outbox = DatabaseLives(self.engine), DatabaseOutbox(self.engine)
        hand_off = HandOff(outbox, lives, self, Provider(self))  # type: ignore[arg-type]
        for seconds in (0, 6):
            hand_off.send_due(self.now + timedelta(seconds=seconds), f"{owner}-{self.now}")

    def slots(self) -> list[tuple[str, str, str, datetime]]:
        with reading(self.engine) as connection:
            rows = connection.execute(text("SELECT send_id, person_id, mailbox_key, at FROM slot"))
            return [(*row[:3], instant(row[3])) for row in rows]

    def write_to_send(  # type: ignore[no-untyped-def]
        self, send_id: str, letter, facts: Facts, now: datetime, sender=None
    ) -> Message:
        shop, to = Address("shop@x.org"), Address(facts.person.mailbox)
        return Message(send_id, shop, to, "Hello", "<p>Hello</p>", "Hello", now)

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            self.trouble.append(error)


@dataclass
class Provider:
    """Takes everything."""

    town: Town

    def send(self, message: Message, now: datetime) -> Receipt:
        self.town.sent.append(message.send_id)
        return Receipt("accepted", provider_id="x")

    def settle(self, *_: object) -> None:
        """It knows nothing of lost hand-offs."""


def _rules(caps: tuple[Cap, ...]) -> Rulebook:
    names = ("alpha", "beta", "gamma")
    return Rulebook(
        journeys={name: _journey(name) for name in names},
        segments={},
        personas=(),
        policy=Policy(
            {"news": Category("news", Class.MARKETING)},
            caps,
            over_the_cap=Overflow("postpone", Duration(days=3)),
        ),
        mails={f"{name}/hello": MailHeader(f"{name}/hello") for name in names},
    )


def _journey(name: str) -> Journey:
    return Journey(
        name, "v1", Status.LIVE, "news", Priority.NORMAL,
        Enter(WhenEvent(name), again=Again(allowed=True)),
        {"hello": Send(id="hello", mail=f"{name}/hello")}, "hello",
    )  # fmt: skip


def _person(who: int, chance: Random) -> list[Arrival]:
    agreed = ConsentEntry("news", "express", START, confirmed=True, own_act=True)
    return [_moves(who, START, chance), ConsentArrived(f"p{who:02}", agreed)]


def _moves(who: int, at: datetime, chance: Random) -> Arrival:
    mailbox = f"box{chance.randrange(25)}@x.org"
    return PersonArrived(f"p{who:02}", mailbox, mailbox, {}, at)


def _events(who: int, at: datetime, chance: Random) -> list[Arrival]:
    names = chance.sample(("alpha", "beta", "gamma"), chance.randint(0, 3))
    return [EventArrived(f"p{who:02}", Event(f"{who} {name} {at}", name, at)) for name in names]
