"""Messages that waited are asked again, and no delay ever lets a cap be exceeded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from engine.adapters.db import due, outbox
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.domain.arrival import ConsentArrived, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.message import Receipt
from tests.integration.news_shop import (
    DAY,
    LEASE,
    NOW,
    Mailer,
    hand_off,
    people,
    queue,
    statuses,
)


def test_a_fresh_message_leaves_and_is_logged(store_engine: Engine) -> None:
    people(store_engine, "a")
    queue(store_engine, "a", "m1", NOW)
    mailer = Mailer()
    assert hand_off(store_engine, mailer).send_due(NOW, "s") == 1
    assert mailer.sent == ["m1"]
    assert statuses(store_engine, "a") == {"m1": "sent"}
    with reading(store_engine) as connection:
        [visit] = load(connection, ["a"], NOW)
    assert [event.name for event in visit.arrivals] == ["mail.sent"]
    assert hand_off(store_engine, mailer).send_due(NOW, "s") == 0


def test_two_messages_that_an_outage_held_back_do_not_leave_at_once_over_the_cap(
    store_engine: Engine,
) -> None:
    """R3.9, invariant 2: one per day; their slots lie three and two days back, and both would pass."""
    people(store_engine, "a")
    queue(store_engine, "a", "m1", NOW - 3 * DAY)
    queue(store_engine, "a", "m2", NOW - 2 * DAY)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == ["m1"]
    assert statuses(store_engine, "a") == {"m1": "sent", "m2": "queued"}
    hand_off(store_engine, mailer).send_due(NOW + DAY - timedelta(microseconds=1), "s")
    assert mailer.sent == ["m1"]
    hand_off(store_engine, mailer).send_due(NOW + DAY, "s")
    assert mailer.sent == ["m1", "m2"]


def test_two_profiles_with_one_mailbox_share_the_cap_at_hand_off_too(store_engine: Engine) -> None:
    """R3.5"""
    people(store_engine, "a", "b", mailbox="both@x.org")
    queue(store_engine, "a", "m1", NOW - 3 * DAY)
    queue(store_engine, "b", "m2", NOW - 2 * DAY)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == ["m1"]


def test_a_message_whose_mailbox_is_being_decided_waits_a_moment(store_engine: Engine) -> None:
    """R3.3: a turn might take the slot that the message moves to."""
    people(store_engine, "a")
    queue(store_engine, "a", "m1", NOW - 2 * DAY)
    with writing(store_engine) as connection:
        due.mark(connection, ["a"], NOW)
    assert due.claim(store_engine, NOW, 10, "turns", LEASE)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == []
    due.release(store_engine, "turns")
    hand_off(store_engine, mailer).send_due(NOW + timedelta(seconds=5), "s")
    assert mailer.sent == ["m1"]
    with reading(store_engine) as connection:
        [visit] = load(connection, ["a"], NOW)
    assert [sent.at for sent in visit.life.facts.sent] == [NOW + timedelta(seconds=5)]


@pytest.mark.parametrize(("paced", "reason"), [(True, "provider_rate"), (False, "provider_down")])
def test_a_provider_that_is_down_is_told_from_one_that_slows_us(
    store_engine: Engine, paced: bool, reason: str
) -> None:
    """R3.10, R10.5"""
    people(store_engine, "a")
    queue(store_engine, "a", "m1", NOW)
    later = Mailer(Receipt("later", detail="no", retry_at=NOW + DAY, paced=paced))
    hand_off(store_engine, later).send_due(NOW, "s")
    with reading(store_engine) as connection:
        [message] = outbox.messages_of(connection, "a")
    assert (message.status, message.reason) == ("queued", reason)


def test_consent_withdrawn_after_queueing_stops_the_message(store_engine: Engine) -> None:
    """Scenario 29, R5.7"""
    people(store_engine, "a")
    queue(store_engine, "a", "m1", NOW)
    left = ConsentArrived("a", ConsentEntry("news", "unsubscribed", NOW, own_act=True))
    with writing(store_engine) as connection:
        ingest(connection, [left], NOW)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == []
    assert statuses(store_engine, "a") == {"m1": "dropped"}
    with reading(store_engine) as connection:
        [visit] = load(connection, ["a"], NOW)
    assert visit.life.facts.sent == ()


def test_who_left_hears_nothing_by_way_of_another_profile_of_their_mailbox(
    store_engine: Engine,
) -> None:
    """R5.5, R3.5: what a file says of the other profile leads nobody back, their own act does."""
    people(store_engine, "a", "b", mailbox="both@x.org")
    left = ConsentArrived("a", ConsentEntry("news", "unsubscribed", NOW - DAY, own_act=True))
    imported = ConsentArrived("b", ConsentEntry("news", "express", NOW, confirmed=True))
    with writing(store_engine) as connection:
        ingest(connection, [left, imported], NOW)
    queue(store_engine, "b", "m1", NOW)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == []
    assert statuses(store_engine, "b") == {"m1": "dropped"}
    later = NOW + DAY
    back = ConsentEntry("news", "express", later, confirmed=True, own_act=True)
    with writing(store_engine) as connection:
        ingest(connection, [ConsentArrived("a", back)], later)
    queue(store_engine, "b", "m2", later)
    hand_off(store_engine, mailer).send_due(later, "s")
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
    queue(store_engine, "b", "m1", NOW)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert mailer.sent == []
    assert statuses(store_engine, "b") == {"m1": "dropped"}
