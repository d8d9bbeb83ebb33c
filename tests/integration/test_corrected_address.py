"""An address is corrected while mail waits, is in hand, or has left (scenario 35, R3.5)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.suppressions import find_suppression, suppress
from engine.domain.arrival import PersonArrived
from tests.integration.news_shop import DAY, NOW, Letters, Mailer, hand_off, people, queue


def test_a_corrected_address_gets_the_mail_and_the_old_one_stays_suppressed(
    store_engine: Engine,
) -> None:
    """Scenario 35"""
    people(store_engine, "a")
    with writing(store_engine) as connection:
        suppress(connection, "a@x.org", "hard_bounce", NOW - DAY)
    queue(store_engine, "a", "m1", NOW)
    _corrected(store_engine, "a", "new@x.org")
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.to == ["new@x.org"]
    with reading(store_engine) as connection:
        assert find_suppression(connection, "a@x.org") is not None


def test_a_mail_in_hand_is_not_sent_to_the_address_of_a_moment_ago(store_engine: Engine) -> None:
    """Scenario 35: the address is corrected after the mail was written and before it is marked."""
    people(store_engine, "a")
    queue(store_engine, "a", "m1", NOW)
    mailer = Mailer()
    hands = hand_off(store_engine, mailer)
    letters = hands._letters

    def write_and_correct(*given):  # type: ignore[no-untyped-def]
        message = Letters().write_to_send(*given)
        _corrected(store_engine, "a", "new@x.org")
        letters.write_to_send = Letters().write_to_send  # type: ignore[method-assign]
        return message

    letters.write_to_send = write_and_correct  # type: ignore[method-assign]
    hands.send_due(NOW, "s")
    hands.send_due(NOW, "s")
    assert mailer.to == ["new@x.org"]


def test_a_corrected_address_brings_its_waiting_mail_under_the_caps_of_the_new_one(
    store_engine: Engine,
) -> None:
    """R3.5: by person and by mailbox across the change."""
    people(store_engine, "a", "b")
    queue(store_engine, "b", "m1", NOW)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    queue(store_engine, "a", "m2", NOW)
    _corrected(store_engine, "a", "b@x.org")
    hand_off(store_engine, mailer).send_due(NOW + timedelta(seconds=1), "s")
    assert mailer.sent == ["m1"], "b@x.org had its one mail of the day"
    hand_off(store_engine, mailer).send_due(NOW + DAY, "s")
    assert mailer.to == ["b@x.org", "b@x.org"]
    _corrected(store_engine, "a", "third@x.org")
    queue(store_engine, "a", "m3", NOW + DAY)
    hand_off(store_engine, mailer).send_due(NOW + DAY + timedelta(minutes=2), "s")
    assert mailer.sent == ["m1", "m2"], "and a had theirs, whatever the address"


def _corrected(engine: Engine, person: str, address: str) -> None:
    with writing(engine) as connection:
        ingest(connection, [PersonArrived(person, address, address, {}, NOW)], NOW)
