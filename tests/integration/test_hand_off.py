"""Messages that waited are asked again, and no delay ever lets a cap be exceeded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from engine.adapters.db import due, outbox
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.living import DatabaseLives, DatabaseOutbox
from engine.adapters.db.turns import store
from engine.application.hand_off import HandOff
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
from engine.domain.message import Address, Message, Receipt
from engine.domain.run import Run
from engine.domain.turn import Moved, Queued, Turn

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
LEASE = timedelta(minutes=1)


def test_a_fresh_message_leaves_and_is_logged(store_engine: Engine) -> None:
    _people(store_engine, "a")
    _queue(store_engine, "a", "m1", NOW)
    mailer = Mailer()
    assert _hand_off(store_engine, mailer).send_due(NOW, "s") == 1
    assert mailer.sent == ["m1"]
    assert _statuses(store_engine, "a") == {"m1": "sent"}
    with reading(store_engine) as connection:
        [visit] = load(connection, ["a"], NOW)
    assert [event.name for event in visit.arrivals] == ["mail.sent"]
    assert _hand_off(store_engine, mailer).send_due(NOW, "s") == 0


def test_two_messages_that_an_outage_held_back_do_not_leave_at_once_over_the_cap(
    store_engine: Engine,
) -> None:
    """R3.9, invariant 2: one per day; their slots lie three and two days back, and both would pass."""
    _people(store_engine, "a")
    _queue(store_engine, "a", "m1", NOW - 3 * DAY)
    _queue(store_engine, "a", "m2", NOW - 2 * DAY)
    mailer = Mailer()
    _hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == ["m1"]
    assert _statuses(store_engine, "a") == {"m1": "sent", "m2": "queued"}
    _hand_off(store_engine, mailer).send_due(NOW + DAY - timedelta(microseconds=1), "s")
    assert mailer.sent == ["m1"]
    _hand_off(store_engine, mailer).send_due(NOW + DAY, "s")
    assert mailer.sent == ["m1", "m2"]


def test_two_profiles_with_one_mailbox_share_the_cap_at_hand_off_too(store_engine: Engine) -> None:
    """R3.5"""
    _people(store_engine, "a", "b", mailbox="both@x.org")
    _queue(store_engine, "a", "m1", NOW - 3 * DAY)
    _queue(store_engine, "b", "m2", NOW - 2 * DAY)
    mailer = Mailer()
    _hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == ["m1"]


def test_a_message_whose_mailbox_is_being_decided_waits_a_moment(store_engine: Engine) -> None:
    """R3.3: a turn might take the slot that the message moves to."""
    _people(store_engine, "a")
    _queue(store_engine, "a", "m1", NOW - 2 * DAY)
    with writing(store_engine) as connection:
        due.mark(connection, ["a"], NOW)
    assert due.claim(store_engine, NOW, 10, "turns", LEASE)
    mailer = Mailer()
    _hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == []
    due.release(store_engine, "turns")
    _hand_off(store_engine, mailer).send_due(NOW + timedelta(seconds=5), "s")
    assert mailer.sent == ["m1"]
    with reading(store_engine) as connection:
        [visit] = load(connection, ["a"], NOW)
    assert [sent.at for sent in visit.life.facts.sent] == [NOW + timedelta(seconds=5)]


@pytest.mark.parametrize(("paced", "reason"), [(True, "provider_rate"), (False, "provider_down")])
def test_a_provider_that_is_down_is_told_from_one_that_slows_us(
    store_engine: Engine, paced: bool, reason: str
) -> None:
    """R3.10, R10.5"""
    _people(store_engine, "a")
    _queue(store_engine, "a", "m1", NOW)
    later = Mailer(Receipt("later", detail="no", retry_at=NOW + DAY, paced=paced))
    _hand_off(store_engine, later).send_due(NOW, "s")
    with reading(store_engine) as connection:
        [message] = outbox.messages_of(connection, "a")
    assert (message.status, message.reason) == ("queued", reason)


def test_consent_withdrawn_after_queueing_stops_the_message(store_engine: Engine) -> None:
    """Scenario 29, R5.7"""
    _people(store_engine, "a")
    _queue(store_engine, "a", "m1", NOW)
    left = ConsentArrived("a", ConsentEntry("news", "unsubscribed", NOW, own_act=True))
    with writing(store_engine) as connection:
        ingest(connection, [left], NOW)
    mailer = Mailer()
    _hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == []
    assert _statuses(store_engine, "a") == {"m1": "dropped"}
    with reading(store_engine) as connection:
        [visit] = load(connection, ["a"], NOW)
    assert visit.life.facts.sent == ()


def test_who_left_hears_nothing_by_way_of_another_profile_of_their_mailbox(
    store_engine: Engine,
) -> None:
    """R5.5, R3.5: what a file says of the other profile leads nobody back, their own act does."""
    _people(store_engine, "a", "b", mailbox="both@x.org")
    left = ConsentArrived("a", ConsentEntry("news", "unsubscribed", NOW - DAY, own_act=True))
    imported = ConsentArrived("b", ConsentEntry("news", "express", NOW, confirmed=True))
    with writing(store_engine) as connection:
        ingest(connection, [left, imported], NOW)
    _queue(store_engine, "b", "m1", NOW)
    mailer = Mailer()
    _hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == []
    assert _statuses(store_engine, "b") == {"m1": "dropped"}
    later = NOW + DAY
    back = ConsentEntry("news", "express", later, confirmed=True, own_act=True)
    with writing(store_engine) as connection:
        ingest(connection, [ConsentArrived("a", back)], later)
    _queue(store_engine, "b", "m2", later)
    _hand_off(store_engine, mailer).send_due(later, "s")
    assert mailer.sent == ["m2"]


def test_what_was_said_before_there_was_an_address_holds_for_its_mailbox(
    store_engine: Engine,
) -> None:
    """R5.5: a file of consent may come before the file of people."""
    left = ConsentArrived("a", ConsentEntry("*", "unsubscribed", NOW - 60 * DAY))
    known = PersonArrived("a", "both@x.org", "both@x.org", {}, NOW - 50 * DAY)
    for arrival in (left, known):
        with writing(store_engine) as connection:
            ingest(connection, [arrival], NOW - 50 * DAY)
    agreed = ConsentEntry("news", "express", NOW - 30 * DAY, confirmed=True)
    other = PersonArrived("b", "both@x.org", "both@x.org", {"country": "US"}, NOW - 30 * DAY)
    with writing(store_engine) as connection:
        ingest(connection, [other, ConsentArrived("b", agreed)], NOW - 30 * DAY)
    _queue(store_engine, "b", "m1", NOW)
    mailer = Mailer()
    _hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == []
    assert _statuses(store_engine, "b") == {"m1": "dropped"}


# ── a shop with one journey, and a provider that accepts everything ───────────────────────────

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
)


@dataclass
class Mailer:
    """Keeps what it got, and answers the same to everything: accepted, unless told otherwise."""

    answer: Receipt = Receipt("accepted", provider_id="x")
    sent: list[str] = field(default_factory=list)

    def send(self, message: Message, now: datetime) -> Receipt:
        self.sent.append(message.send_id)
        return self.answer


@dataclass
class Letters:
    """Writes the same line to everybody."""

    rules: Rulebook = RULES

    def write_to_send(self, send_id, letter, facts, now, sender=None):  # type: ignore[no-untyped-def]
        shop, to = Address("shop@x.org"), Address(facts.person.mailbox)
        return Message(send_id, shop, to, "Hello", "<p>Hello</p>", "Hello", now)


def _hand_off(engine: Engine, mailer: Mailer) -> HandOff:
    return HandOff(DatabaseOutbox(engine), DatabaseLives(engine), Letters(), mailer)  # type: ignore[arg-type]


def _people(engine: Engine, *people: str, mailbox: str | None = None) -> None:
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


def _queue(engine: Engine, person: str, send_id: str, at: datetime) -> None:
    """A turn at `at` that queued a message, in a run of its own."""
    run = Run(f"run-{send_id}", "weekly", person, send_id, at, "v1", None, at, sent={"hello": at})
    sent = Sent(person, f"weekly/{send_id}", "news", Class.MARKETING, at, run=run.id, step="hello")
    due.claim_these(engine, [person], at, "w", LEASE)
    with writing(engine) as connection:
        [visit] = load(connection, [person], at)
        changes = (Moved(run), Queued(send_id, sent, run, at, None, None))
        assert store(connection, [(visit, Turn(visit.life, changes, None))], RULES, at, "w")


def _statuses(engine: Engine, person: str) -> dict[str, str]:
    with reading(engine) as connection:
        messages: Sequence[outbox.Outgoing] = outbox.messages_of(connection, person)
    return {message.send_id: message.status for message in messages}
