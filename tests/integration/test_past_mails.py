"""The link in a mail finds the mail, and leaving by it holds at the next look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, Engine, literal, select

from engine.adapters.db.connect import writing
from engine.adapters.db.events import ingest
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.keeping import DatabaseKeeping
from engine.adapters.db.past_mails import DatabasePastMails
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import OUTBOX, PERSON, SLOT
from engine.adapters.links import Links
from engine.application.keep_house import keep_house
from engine.application.preferences import Choice, choose, chosen_now
from engine.application.unsubscribe import is_off, unsubscribe
from engine.domain.arrival import ConsentArrived, PersonArrived
from engine.domain.consent import ALL_TOPICS, ConsentEntry
from engine.domain.ids import send_id
from engine.domain.journey import Class
from engine.domain.jurisdiction import CONFIRMED
from tests.integration.test_keeping import project

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
LINKS = Links("https://cozy.example", [b"a key of the coffee shop"])


def sent(engine: Engine, *send_ids: str) -> None:
    with writing(engine) as connection:
        ingest(
            connection, [PersonArrived("p1", "zoe@example.com", "zoe@example.com", {}, NOW)], NOW
        )
        for identity in send_ids:
            connection.execute(
                OUTBOX.insert().values(
                    send_id=identity,
                    person_id="p1",
                    run="r1",
                    journey="win-back",
                    step="hello",
                    mail="win-back/hello",
                    category="promotion",
                    klass="marketing",
                    rank=2,
                    priority=2,
                    due=micros(NOW),
                    ready_at=micros(NOW),
                    queued_at=micros(NOW),
                    status="sent",
                    detail="",
                    attempt=1,
                    provider_id="",
                    message_id="",
                )
            )


def test_R5_6_a_token_finds_its_mail_and_no_other(store_engine: Engine) -> None:
    mails = [send_id("run", str(number)) for number in range(20)]
    sent(store_engine, *mails)
    past = DatabasePastMails(store_engine)
    for identity in mails:
        token_id = LINKS.read("u", LINKS.token("u", identity))
        assert token_id is not None
        found = past.find(token_id)
        assert found is not None
        assert found.send_id == identity
        assert (found.person_id, found.topic, found.klass) == ("p1", "promotion", Class.MARKETING)
        assert found.queued_at == NOW
    assert past.find("0" * 20) is None


def test_R5_6_a_link_works_years_later_when_its_journey_is_gone(store_engine: Engine) -> None:
    """However short things are kept; nothing in force knows of the journey any more."""
    identity = send_id("run", "hello")
    sent(store_engine, identity)
    later = NOW + timedelta(days=4000)
    in_force = project()
    assert "win-back" not in in_force.rulebook.journeys
    keep_house(
        DatabaseKeeping(store_engine), lambda before: 0, in_force.config, in_force.rulebook, later
    )
    past, intake = DatabasePastMails(store_engine), DatabaseIntake(store_engine)
    token_id = LINKS.read("u", LINKS.token("u", identity))
    assert token_id is not None
    mail = past.find(token_id)
    assert mail is not None
    assert unsubscribe(mail, intake, later).changed
    again = past.find(token_id)
    assert again is not None
    assert is_off(again, "promotion", later)


def test_R5_7_leaving_holds_at_the_next_look_and_is_written_once(store_engine: Engine) -> None:
    identity = send_id("run", "hello")
    sent(store_engine, identity)
    past, intake = DatabasePastMails(store_engine), DatabaseIntake(store_engine)
    for hour in range(3):
        mail = past.find(identity[:20])
        assert mail is not None
        now = NOW + timedelta(hours=hour)
        assert unsubscribe(mail, intake, now).changed == (hour == 0)
    mail = past.find(identity[:20])
    assert mail is not None
    [entry] = mail.consents
    assert (entry.topic, entry.state, entry.own_act) == ("promotion", "unsubscribed", True)
    assert is_off(mail, "promotion", NOW + timedelta(hours=1))
    assert not is_off(mail, ALL_TOPICS, NOW + timedelta(hours=1))


def test_R5_5_who_left_by_another_profile_comes_back_by_choosing(store_engine: Engine) -> None:
    """No box is ticked of which nothing would come, and ticking it leads back."""
    identity = send_id("run", "hello")
    sent(store_engine, identity)
    agreed = ConsentEntry("promotion", "express", NOW - timedelta(days=2), confirmed=True)
    left = ConsentEntry("promotion", "unsubscribed", NOW - timedelta(days=1), own_act=True)
    other = PersonArrived("p2", "Zoe@example.com", "zoe@example.com", {}, NOW)
    with writing(store_engine) as connection:
        ingest(connection, [ConsentArrived("p1", agreed), other, ConsentArrived("p2", left)], NOW)
    past = DatabasePastMails(store_engine)
    mail = past.find(identity[:20])
    assert mail is not None
    assert (mail.consents, mail.mailbox_consents) == ((agreed,), (left,))
    assert chosen_now(mail, {"promotion": CONFIRMED}, NOW) == [("promotion", False)]
    choose(mail, {"promotion": CONFIRMED}, Choice(["promotion"]), DatabaseIntake(store_engine), NOW)
    mail = past.find(identity[:20])
    assert mail is not None
    assert chosen_now(mail, {"promotion": CONFIRMED}, NOW) == [("promotion", True)]


def test_the_link_of_a_mail_to_an_old_address_confirms_nothing_of_the_new_one(
    store_engine: Engine,
) -> None:
    """Scenarios 34 and 35: following it proves that the old mailbox is read."""
    mail_id = send_id("run", "1")
    sent(store_engine, mail_id)
    with writing(store_engine) as connection:
        connection.execute(
            SLOT.insert().from_select(
                ["send_id", "person_id", "mailbox_key", "mail", "category", "klass", "at", "tags"],
                select(
                    literal(mail_id), PERSON.c.id, PERSON.c.mailbox_key, literal("win-back/hello"),
                    literal("promotion"), literal("marketing"), literal(0), literal([], JSON),
                ),
                include_defaults=True,
            )
        )  # fmt: skip
    past, token = DatabasePastMails(store_engine), mail_id[:20]
    found = past.find(token)
    assert found is not None
    assert found.went_here
    with writing(store_engine) as connection:
        corrected = PersonArrived("p1", "new@example.com", "new@example.com", {}, NOW)
        ingest(connection, [corrected], NOW)
    found = past.find(token)
    assert found is not None
    assert not found.went_here
    choose(
        found, {"promotion": CONFIRMED}, Choice(["promotion"]), DatabaseIntake(store_engine), NOW
    )
    again = past.find(token)
    assert again is not None
    assert again.consents == (), "whoever reads the old mailbox agrees to nothing"
    unsubscribe(again, DatabaseIntake(store_engine), NOW + timedelta(days=1))
    left = past.find(token)
    assert left is not None
    later = NOW + timedelta(days=2)
    choose(
        left, {"promotion": CONFIRMED}, Choice(["promotion"]), DatabaseIntake(store_engine), later
    )
    still = past.find(token)
    assert still is not None
    assert is_off(still, "promotion", later), "whoever reads the old mailbox leads nobody back"
