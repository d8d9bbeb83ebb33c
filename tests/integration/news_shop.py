"""A shop with one journey, and a provider that says what it is told to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from engine.adapters.db import due, outbox
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.living import DatabaseLives, DatabaseOutbox
from engine.adapters.db.turns import store
from engine.application.hand_off import HandOff
from engine.application.lane import Lane
from engine.domain.arrival import ConsentArrived, PersonArrived
from engine.domain.caps import RollingCap
from engine.domain.consent import ConsentEntry
from engine.domain.facts import MailHeader, Rulebook, Sent
from engine.domain.journey import (
    Category,
    Class,
    Duration,
    Enter,
    Journey,
    Overflow,
    Policy,
    Priority,
    Send,
    Status,
    WhenEvent,
)
from engine.domain.jurisdiction import Jurisdiction, law_of
from engine.domain.message import Address, Message, Receipt
from engine.domain.run import Run
from engine.domain.turn import Moved, Queued, Turn

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
LEASE = timedelta(minutes=1)
WAY_OUT = {
    "List-Unsubscribe": "<https://x.org/u/abc>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
NEWS = Category("news", Class.MARKETING)
JOURNEY = Journey(
    "weekly",
    "v1",
    Status.LIVE,
    "news",
    Priority.NORMAL,
    Enter(WhenEvent("order.placed")),
    {
        "hello": Send(
            id="hello", mail="weekly/hello", over_the_cap=Overflow(up_to=Duration(days=30))
        )
    },
    "hello",
)
RULES = Rulebook(
    journeys={"weekly": JOURNEY},
    segments={},
    personas=(),
    policy=Policy(categories={"news": NEWS}, marketing_caps=(RollingCap(1, DAY),)),
    mails={"weekly/hello": MailHeader("weekly/hello")},
    law=law_of([Jurisdiction("us", countries=frozenset({"US"}), enough={"express": None})]),
)


@dataclass
class Mailer:
    """Keeps what it got, and answers the same to everything: accepted, unless told otherwise."""

    answer: Receipt = Receipt("accepted", provider_id="x")
    sent: list[str] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    remembered: dict[str, Receipt] = field(default_factory=dict)

    def send(self, message: Message, now: datetime) -> Receipt:
        self.sent.append(message.send_id)
        self.to.append(message.to.email)
        return self.answer

    def recall(self, send_id: str) -> Receipt | None:
        return self.remembered.get(send_id)


@dataclass
class Letters:
    """Writes the same line to everybody."""

    rules: Rulebook = RULES

    def write_to_send(self, send_id, letter, facts, now, sender=None):  # type: ignore[no-untyped-def]
        shop, to = Address("shop@x.org"), Address(facts.person.mailbox)
        hello = "Hello", "<p>Hello</p>", "Hello"
        return Message(send_id, shop, to, *hello, now, headers=WAY_OUT)


def hand_off(
    engine: Engine,
    mailer: Mailer,
    lane: Lane | None = None,
    clock: Callable[[], datetime] | None = None,
) -> HandOff:
    """The hand-off, as the daemon has it."""
    outbox, lives = DatabaseOutbox(engine), DatabaseLives(engine)
    return HandOff(outbox, lives, Letters(), mailer, lane, clock)  # type: ignore[arg-type]


def people(engine: Engine, *people: str, mailbox: str | None = None) -> None:
    """People who agreed to the news."""
    agreed = ConsentEntry("news", "express", NOW - 30 * DAY, confirmed=True, own_act=True)
    arrivals: list[PersonArrived | ConsentArrived] = []
    for person in people:
        address = mailbox or f"{person}@x.org"
        arrivals += [
            PersonArrived(person, address, address, {"country": "US"}, NOW - 30 * DAY),
            ConsentArrived(person, agreed),
        ]
    with writing(engine) as connection:
        ingest(connection, arrivals, NOW - 30 * DAY)


def queue(
    engine: Engine,
    person: str,
    send_id: str,
    at: datetime,
    klass: Class = Class.MARKETING,
) -> None:
    """A turn at `at` that queued a message, in a run of its own."""
    run = Run(f"run-{send_id}", "weekly", person, send_id, at, "v1", None, at, sent={"hello": at})
    sent = Sent(person, f"weekly/{send_id}", "news", klass, at, run=run.id, step="hello")
    due.claim_these(engine, [person], at, "w", LEASE)
    with writing(engine) as connection:
        [visit] = load(connection, [person], at)
        changes = (Moved(run), Queued(send_id, sent, run, at, None, None))
        assert store(connection, [(visit, Turn(visit.life, changes, None))], RULES, at, "w")


def statuses(engine: Engine, person: str) -> dict[str, str]:
    """Where the messages of a person stand, by send id."""
    with reading(engine) as connection:
        messages: Sequence[outbox.Outgoing] = outbox.messages_of(connection, person)
    return {message.send_id: message.status for message in messages}
