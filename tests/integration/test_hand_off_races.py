"""What may happen between a turn, a hand-off and an address that changes: no slot is ever two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.living import DatabaseLives, DatabaseOutbox
from engine.application.advance_due import take_turns
from engine.application.hand_off import HandOff
from engine.application.ports.renderer import RenderFailed
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.caps import RollingCap
from engine.domain.condition import Attribute, OneOf
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.domain.facts import MailHeader, Rulebook
from engine.domain.journey import (
    Again,
    Category,
    Class,
    Duration,
    Enter,
    Hold,
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

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SECOND = timedelta(seconds=1)
LEASE = timedelta(minutes=2)

HELLO = Send(id="hello", mail="weekly/hello", over_the_cap=Overflow(up_to=Duration(days=30)))
WEEKLY = Journey(
    "weekly", "v1", Status.LIVE, "news", Priority.NORMAL,
    Enter(WhenEvent("go"), again=Again(allowed=True)), {"hello": HELLO}, "hello",
)  # fmt: skip
MONTHLY = replace(
    WEEKLY,
    name="monthly",
    enter=Enter(WhenEvent("come"), again=Again(allowed=True)),
    nodes={"hello": replace(HELLO, mail="monthly/hello")},
)
WAYS_IN = {"ann": "go", "ben": "come"}
UPSET = Hold("news", Attribute("upset", OneOf(("yes",))))
RULES = Rulebook(
    journeys={"weekly": WEEKLY, "monthly": MONTHLY},
    segments={},
    personas=(),
    policy=Policy(
        {"news": Category("news", Class.MARKETING)}, (RollingCap(1, 20 * HOUR),), hold_when=(UPSET,)
    ),
    mails={name: MailHeader(name) for name in ("weekly/hello", "monthly/hello")},
    law=law_of([Jurisdiction("us", countries=frozenset({"US"}), enough={"express": None})]),
)


def test_a_message_counts_for_the_mailbox_that_it_goes_to(store_engine: Engine) -> None:
    """R3.5: queued for one address, it leaves to another, whose cap is full."""
    shop = Shop(store_engine, ann="one@x.org", ben="two@x.org")
    shop.go("ann", NOW)
    shop.go("ben", NOW)
    shop.take(PersonArrived("ann", "two@x.org", "two@x.org", {}, NOW), at=NOW)
    shop.hand_off(NOW + MINUTE / 2)
    assert shop.sent == ["two@x.org"], "ben's; ann's passes the whole gate first"
    shop.hand_off(NOW + 2 * MINUTE)
    assert shop.sent == ["two@x.org"]
    shop.hand_off(NOW + DAY)
    assert shop.sent == ["two@x.org", "two@x.org"]
    shop.go("ben", NOW + DAY + HOUR)
    shop.hand_off(NOW + DAY + HOUR)
    assert len(shop.sent) == 2, "its slot went with it, so ben's next one sees it"


def test_a_hand_off_that_lost_its_hold_moves_no_slot(store_engine: Engine) -> None:
    """R3.3: it was so slow that a worker took the mailbox over and gave the slot to another mail."""
    shop = Shop(store_engine, ann="both@x.org", ben="both@x.org")
    shop.go("ann", NOW)
    later = NOW + DAY

    def meanwhile() -> None:
        shop.go("ben", later + 5 * MINUTE)

    shop.hand_off(later, meanwhile)
    assert shop.sent == []
    shop.hand_off(later + 5 * MINUTE)
    assert shop.sent == ["both@x.org"]
    assert len(shop.slots_after(later)) == 1


def test_who_moves_while_their_mail_is_decided_frees_nobody_elses_slot(
    store_engine: Engine,
) -> None:
    """R3.3, R3.5: the lease of a mailbox goes with whoever carried it."""
    shop = Shop(store_engine, ann="both@x.org", ben="both@x.org")
    shop.go("ann", NOW)
    later = NOW + DAY

    def meanwhile() -> None:
        shop.take(PersonArrived("ann", "new@x.org", "new@x.org", {}, later), at=later)
        shop.go("ben", later)

    shop.hand_off(later, meanwhile)
    shop.hand_off(later + 2 * MINUTE)
    assert sorted(shop.sent) == ["both@x.org", "new@x.org"]


def test_nobody_is_told_of_a_mail_that_was_never_stored(store_engine: Engine) -> None:
    """R3.10: ann's turn takes the last slot, ben's waits for it; but ann has moved away meanwhile."""
    shop = Shop(store_engine, ann="both@x.org", ben="both@x.org")
    events = [EventArrived(who, Event(who, name, NOW)) for who, name in WAYS_IN.items()]
    shop.take(*events, at=NOW)
    lives = DatabaseLives(store_engine)
    people = lives.claim(NOW, 10, "slow", LEASE)
    taken = take_turns(lives.load(people, NOW, DAY), RULES, NOW)
    shop.take(PersonArrived("ann", "new@x.org", "new@x.org", {}, NOW), at=NOW)
    assert lives.store(taken, RULES, NOW, "slow", {}) == 0
    shop.turns(NOW)
    shop.hand_off(NOW)
    assert sorted(shop.sent) == ["both@x.org", "new@x.org"]


def test_who_stalled_and_claims_again_does_not_store_the_first_decision(
    store_engine: Engine,
) -> None:
    """R3.3: decided beside each other, a worker's batches go by one name; the claim tells them apart."""
    shop = Shop(store_engine, ann="both@x.org", ben="both@x.org")
    shop.take(EventArrived("ann", Event("ann", "go", NOW)), at=NOW)
    lives = DatabaseLives(store_engine)
    first = take_turns(lives.load(lives.claim(NOW, 10, "slow", LEASE), NOW, DAY), RULES, NOW)
    later = NOW + 2 * LEASE
    shop.take(EventArrived("ben", Event("ben", "come", later)), at=later)
    shop.turns(later)
    shop.take(PersonArrived("ann", None, None, {"plan": "team"}, later), at=later + SECOND)
    assert lives.claim(later + SECOND, 10, "slow", LEASE) == ["ann"]
    assert lives.store(first, RULES, NOW, "slow", {}) == 0


def test_a_mail_whose_step_was_renamed_still_goes(store_engine: Engine) -> None:
    """R2.8, R2.10: and its slot is its own under either name."""
    shop = Shop(store_engine, ann="one@x.org")
    shop.go("ann", NOW)
    renamed = replace(HELLO, id="greet", was=("hello",))
    weekly = replace(WEEKLY, nodes={"greet": renamed}, first="greet")
    shop.rules = replace(RULES, journeys={"weekly": weekly})
    shop.hand_off(NOW + 5 * MINUTE)
    assert shop.sent == ["one@x.org"]


def test_a_mail_that_is_dropped_leaves_its_slot_to_the_next_of_the_batch(
    store_engine: Engine,
) -> None:
    """R3.3: the cap was lowered meanwhile; there is room for one of the two, and ann's may not go."""
    shop = Shop(store_engine, ann="both@x.org", ben="both@x.org")
    shop.rules = replace(RULES, policy=replace(RULES.policy, marketing_caps=()))
    shop.go("ann", NOW)
    shop.go("ben", NOW + MINUTE)
    left = replace(WEEKLY, leave_when=Attribute("plan", OneOf(("none",))))
    shop.rules = replace(RULES, journeys={**RULES.journeys, "weekly": left})
    shop.take(PersonArrived("ann", None, None, {"plan": "none"}, NOW), at=NOW)
    shop.hand_off(NOW + 5 * MINUTE)
    assert shop.statuses() == {"ann": "dropped", "ben": "sent"}


def test_a_mail_that_was_mended_finds_its_slot_taken(store_engine: Engine) -> None:
    """R3.3, R9.1: it gave its slot back, however short ago, and somebody else took it."""
    shop = Shop(store_engine, ann="both@x.org", ben="both@x.org")
    shop.go("ann", NOW)

    def fails() -> None:
        raise RenderFailed("a value is missing", "weekly/hello")

    shop.hand_off(NOW + SECOND, fails)
    assert shop.statuses() == {"ann": "needs_attention"}
    shop.go("ben", NOW + 2 * SECOND)
    shop.take(PersonArrived("ann", None, None, {"plan": "team"}, NOW), at=NOW + 3 * SECOND)
    shop.turns(NOW + 3 * SECOND)
    shop.hand_off(NOW + 4 * SECOND)
    assert shop.statuses() == {"ann": "queued", "ben": "sent"}


def test_a_mail_that_is_held_is_asked_about_again_soon(store_engine: Engine) -> None:
    """R3.6: what holds it may end at any moment, not only at its expiry."""
    shop = Shop(store_engine, ann="one@x.org")
    shop.go("ann", NOW)
    shop.take(PersonArrived("ann", None, None, {"upset": "yes"}, NOW), at=NOW)
    shop.hand_off(NOW + 5 * MINUTE)
    shop.take(PersonArrived("ann", None, None, {"upset": "no"}, NOW), at=NOW + 6 * MINUTE)
    shop.hand_off(NOW + 20 * MINUTE)
    assert shop.sent == ["one@x.org"]


# ── a shop with one journey and a provider that accepts everything ────────────────────────────


@dataclass
class Shop:
    """People, turns and hand-offs; whoever writes a mail may be interrupted by `meanwhile`."""

    engine: Engine
    sent: list[str] = field(default_factory=list)
    rules: Rulebook = RULES
    meanwhile: Callable[[], None] | None = None

    def __init__(self, engine: Engine, **mailboxes: str) -> None:
        self.engine, self.sent = engine, []
        at = NOW - 30 * DAY
        for who, mailbox in mailboxes.items():
            agreed = ConsentEntry("news", "express", at, confirmed=True, own_act=True)
            told = {"country": "US"}
            self.take(PersonArrived(who, mailbox, mailbox, told, at), at=at)
            self.take(ConsentArrived(who, agreed), at=at)
        self.turns(at)

    def take(self, *arrivals: Arrival, at: datetime) -> None:
        with writing(self.engine) as connection:
            ingest(connection, arrivals, at)

    def turns(self, at: datetime) -> None:
        lives = DatabaseLives(self.engine)
        while people := lives.claim(at, 10, "w", LEASE):
            taken = take_turns(lives.load(people, at, 40 * DAY), self.rules, at)
            lives.store(taken, self.rules, at, "w", {})

    def go(self, who: str, at: datetime) -> None:
        """An event that queues a mail, and the turn that does."""
        self.take(EventArrived(who, Event(f"{who}{at}", WAYS_IN[who], at)), at=at)
        self.turns(at)

    def hand_off(self, at: datetime, meanwhile: Callable[[], None] | None = None) -> None:
        self.meanwhile = meanwhile
        lives, out = DatabaseLives(self.engine), DatabaseOutbox(self.engine)
        HandOff(out, lives, self, self).send_due(at, "s")  # type: ignore[arg-type]

    def write_to_send(self, send_id, letter, facts, now, sender=None):  # type: ignore[no-untyped-def]
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        shop, to = Address("shop@x.org"), Address(facts.person.mailbox)
        return Message(send_id, shop, to, "Hello", "<p>Hello</p>", "Hello", now)

    def send(self, message: Message, now: datetime) -> Receipt:
        self.sent.append(message.to.email)
        return Receipt("accepted", provider_id="x")

    def slots_after(self, at: datetime) -> list[datetime]:
        with reading(self.engine) as connection:
            [visit, *_] = load(connection, ["ann"], at)
        return [sent.at for sent in visit.life.facts.sent if sent.at > at]

    def statuses(self) -> dict[str, str]:
        with reading(self.engine) as connection:
            rows = connection.execute(text("SELECT person_id, status FROM outbox"))
            return {who: status for who, status in rows}
