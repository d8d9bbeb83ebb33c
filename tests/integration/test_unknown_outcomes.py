"""R10.1: what becomes of messages that may have left, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db import due, outbox
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.mail.folder import FolderMailer
from engine.application.hand_off import LEASE
from engine.application.lane import Lane
from engine.domain.arrival import ConsentArrived, EventArrived
from engine.domain.consent import ConsentEntry
from engine.domain.event import PROVIDER, Event
from engine.domain.journey import Class
from engine.domain.message import Message, Receipt
from tests.integration.news_shop import NOW, Letters, Mailer, hand_off, people, queue

LOST = Receipt("unknown", detail="no answer after the mail")
TRANSACTIONAL = Class.TRANSACTIONAL
LATER = NOW + LEASE


def test_marketing_of_unknown_outcome_is_never_sent_again(store_engine: Engine) -> None:
    mailer = shop(store_engine, Class.MARKETING, LOST)
    hand_off(store_engine, mailer).send_due(NOW, "s")
    hand_off(store_engine, mailer).send_due(LATER, "s")
    assert mailer.sent == ["m"]
    assert standing(store_engine) == ("unknown", "unknown", "no answer after the mail")
    assert slots(store_engine) == 1, "R3.3: unknown counts"


def test_transactional_of_unknown_outcome_is_tried_once_more_after_a_while(
    store_engine: Engine,
) -> None:
    mailer = shop(store_engine, TRANSACTIONAL, LOST)
    hand_off(store_engine, mailer).send_due(NOW, "s")
    hand_off(store_engine, mailer).send_due(LATER - timedelta(microseconds=1), "s")
    assert mailer.sent == ["m"], "a provider's event may still come"
    mailer.answer = Receipt("accepted")
    hand_off(store_engine, mailer).send_due(LATER, "s")
    assert mailer.sent == ["m", "m"]
    assert standing(store_engine)[0] == "sent"


@pytest.mark.parametrize(
    "second", [LOST, Receipt("refused", detail="554 no"), Receipt("later", detail="421 busy")]
)
def test_there_is_one_retry_and_its_failure_leaves_the_outcome_unknown(
    store_engine: Engine, second: Receipt
) -> None:
    """R3.3, R10.1: the first one may have left, so the slot stays taken whatever the second says."""
    mailer = shop(store_engine, TRANSACTIONAL, LOST)
    hand_off(store_engine, mailer).send_due(NOW, "s")
    mailer.answer = second
    hand_off(store_engine, mailer).send_due(LATER, "s")
    mailer.answer = LOST
    for hours in (1, 2, 3):
        hand_off(store_engine, mailer).send_due(LATER + timedelta(hours=hours), "s")
    tries = 3 if second.outcome == "later" else 2  # 421: it certainly did not leave that time
    assert mailer.sent == ["m"] * tries
    assert standing(store_engine)[:2] == ("unknown", "unknown")
    assert slots(store_engine) == 1


def test_a_retry_that_the_gate_stops_leaves_the_outcome_unknown(store_engine: Engine) -> None:
    """R3.9: consent may have gone in the meantime; the first one may have left all the same."""
    mailer = shop(store_engine, TRANSACTIONAL, LOST)
    hand_off(store_engine, mailer).send_due(NOW, "s")
    left = ConsentArrived("a", ConsentEntry("news", "unsubscribed", NOW, own_act=True))
    with writing(store_engine) as connection:
        ingest(connection, [left], NOW)
    hand_off(store_engine, mailer).send_due(LATER, "s")
    assert mailer.sent == ["m"]
    status, reason, detail = standing(store_engine)
    assert (status, reason) == ("unknown", "unknown")
    assert "unsubscribed" in detail
    assert slots(store_engine) == 1


def test_a_retry_that_has_to_wait_is_still_the_one_retry(store_engine: Engine) -> None:
    """R10.1: its person is in other hands for a moment; whatever comes then, the first may have left."""
    mailer = shop(store_engine, TRANSACTIONAL, LOST)
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert due.claim_these(store_engine, ["a"], LATER, "turns", LEASE)
    hand_off(store_engine, mailer).send_due(LATER, "s")
    assert mailer.sent == ["m"]
    due.release(store_engine, "turns")
    for minutes in (1, 20, 40, 60):
        hand_off(store_engine, mailer).send_due(LATER + timedelta(minutes=minutes), "s")
    assert mailer.sent == ["m", "m"]
    assert standing(store_engine)[:2] == ("unknown", "unknown")


@pytest.mark.parametrize("klass", [Class.MARKETING, TRANSACTIONAL])
@pytest.mark.parametrize("what", ["delivered", "bounced", "opened"])
def test_an_event_of_the_provider_settles_it(store_engine: Engine, klass: Class, what: str) -> None:
    """Whatever became of it there, the provider had accepted it."""
    mailer = shop(store_engine, klass, LOST)
    hand_off(store_engine, mailer).send_due(NOW, "s")
    told = EventArrived("a", Event("e-1", f"mail.{what}", NOW, {"send_id": "m"}, PROVIDER))
    taken = DatabaseIntake(store_engine).take_in([told, told], NOW + timedelta(minutes=1))
    assert (taken.events, taken.duplicates) == (1, 1), "our own note is not counted as theirs"
    assert standing(store_engine)[:2] == ("sent", None)
    assert left_at(store_engine) == [NOW]
    hand_off(store_engine, mailer).send_due(LATER, "s")
    assert mailer.sent == ["m"]


@pytest.mark.parametrize(
    ("person", "source", "send_id"),
    [("b", PROVIDER, "m"), ("a", "import", "m"), ("a", PROVIDER, "x"), ("a", PROVIDER, 7)],
)
def test_nobody_elses_word_settles_it(
    store_engine: Engine, person: str, source: str, send_id: str
) -> None:
    mailer = shop(store_engine, Class.MARKETING, LOST)
    hand_off(store_engine, mailer).send_due(NOW, "s")
    told = EventArrived(person, Event("e", "mail.delivered", NOW, {"send_id": send_id}, source))
    DatabaseIntake(store_engine).take_in([told], NOW)
    assert standing(store_engine)[0] == "unknown"


def test_an_event_that_comes_during_the_hand_off_wins_over_what_the_sender_says(
    store_engine: Engine,
) -> None:
    """Fencing: the message is out of its hand, so a lost answer does not undo what is known."""
    told = EventArrived("a", Event("e", "mail.delivered", NOW, {"send_id": "m"}, PROVIDER))
    intake = DatabaseIntake(store_engine)

    class Quick(Mailer):
        def send(self, message: Message, now: datetime) -> Receipt:
            intake.take_in([told], now)
            return LOST

    shop(store_engine, Class.MARKETING, LOST)
    hand_off(store_engine, Quick()).send_due(NOW, "s")
    assert standing(store_engine)[:2] == ("sent", None)
    assert left_at(store_engine) == [NOW]


@pytest.mark.parametrize("written", [True, False])
def test_a_folder_settles_what_it_knows(
    store_engine: Engine, tmp_path: Path, written: bool
) -> None:
    """A killed daemon: its files say whether the mail left, so nothing stays unknown."""
    shop(store_engine, Class.MARKETING, LOST)
    folder = FolderMailer(tmp_path)
    assert len(outbox.claim_outbox(store_engine, NOW, 1, "dead", LEASE)) == 1
    with writing(store_engine) as connection:
        outbox.mark_sending(connection, ["m"], "dead", NOW + LEASE)
    if written:
        receipt = folder.send(Letters().write_to_send("m", None, Known(), NOW), NOW)
        assert receipt.outcome == "accepted"
    hand_off(store_engine, folder).send_due(LATER, "s")
    assert standing(store_engine)[0] == "sent"
    assert len(list(tmp_path.rglob("*.eml"))) == 1


def test_what_the_database_could_not_take_down_is_told_when_it_can(store_engine: Engine) -> None:
    """R10.1: the server restarts between a hand-off and its record; the outcome is not forgotten."""
    mailer = shop(store_engine, Class.MARKETING, Receipt("accepted", provider_id="x-1"))
    lane = Lane()
    sending = hand_off(store_engine, mailer, lane)

    def gone(*_: object) -> None:
        raise ConnectionError("the server closed the connection")

    record, sending._outbox.finish = sending._outbox.finish, gone  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        sending.send_due(NOW, "s")
    sending._outbox.finish = record  # type: ignore[method-assign]
    assert standing(store_engine)[0] == "sending"
    hand_off(store_engine, mailer, lane).send_due(NOW + timedelta(seconds=2), "s")
    assert standing(store_engine)[0] == "sent"
    assert mailer.sent == ["m"]


# ── a shop with one message on its way ────────────────────────────────────────────────────────


@dataclass
class Known:
    """As much of a person as the letter needs."""

    mailbox: str = "a@x.org"
    person: Known = field(init=False)

    def __post_init__(self) -> None:
        self.person = self


def shop(engine: Engine, klass: Class, answer: Receipt) -> Mailer:
    people(engine, "a", "b")
    queue(engine, "a", "m", NOW, klass)
    return Mailer(answer)


def standing(engine: Engine) -> tuple[str, str | None, str]:
    with reading(engine) as connection:
        [message] = outbox.messages_of(connection, "a")
    return message.status, message.reason, message.detail


def slots(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text("SELECT count(*) FROM slot")).scalar_one())


def left_at(engine: Engine) -> list[datetime]:
    """The instants of `mail.sent`."""
    from engine.adapters.db.stored import instant

    with reading(engine) as connection:
        found = connection.execute(text("SELECT at FROM event WHERE name = 'mail.sent'")).scalars()
        return [at for at in map(instant, found) if at is not None]
