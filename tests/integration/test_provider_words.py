"""Bounces, complaints and deliveries that the provider tells of act as they come in (R5.8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import suppressions
from engine.adapters.db.address_key import key_of
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.stored import mailbox_key, micros
from engine.domain.arrival import EventArrived, PersonArrived
from engine.domain.event import Event, Value

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def shop(store_engine: Engine) -> Engine:
    """One person with an address."""
    _arrive(store_engine, PersonArrived("p", "p@x.org", "p@x.org", {}, NOW))
    return store_engine


@pytest.mark.parametrize(
    ("name", "properties", "because"),
    [
        ("mail.bounced", {"status": "5.1.1"}, "hard_bounce"),
        ("mail.complained", {}, "complaint"),
        ("mail.bounced", {"status": "5.2.2"}, None),
        ("mail.delivered", {}, None),
    ],
)
def test_a_bad_address_and_a_complaint_suppress_at_once(
    shop: Engine, name: str, properties: dict[str, Value], because: str | None
) -> None:
    """R5.8"""
    _said(shop, name, NOW, **properties)
    assert _suppressed(shop) == because


def test_a_shop_that_says_so_suppresses_nobody(shop: Engine) -> None:
    """R5.8: whoever may import orders may not silence people."""
    event = Event("e", "mail.complained", NOW, {}, "shop")
    _arrive(shop, EventArrived("p", event))
    assert _suppressed(shop) is None


def test_a_complaint_follows_a_lifted_bounce_and_history_stays(shop: Engine) -> None:
    """The command `suppression`: adding and lifting is a history; a complaint is never lifted."""
    _said(shop, "mail.bounced", NOW, status="5.1.1")
    with writing(shop) as connection:
        assert suppressions.lift(connection, "p@x.org", NOW + DAY, "ann: typing error") is None
    assert _suppressed(shop) is None
    _said(shop, "mail.bounced", NOW + 2 * DAY, status="5.1.1")
    _said(shop, "mail.complained", NOW + 3 * DAY)
    with writing(shop) as connection:
        stays = suppressions.lift(connection, "p@x.org", NOW + 4 * DAY, "ann")
        assert stays is not None
        history = suppressions.all_suppressions(connection, lifted=True)
    assert [(one.because, one.since, one.lifted_at) for one in history] == [
        ("complaint", NOW + 3 * DAY, None),
        ("hard_bounce", NOW + 2 * DAY, NOW + 3 * DAY),
        ("hard_bounce", NOW, NOW + DAY),
    ]
    assert history[2].lifted_by == "ann: typing error"


def test_soft_bounces_count_once_a_message_and_begin_anew_after_a_delivery(shop: Engine) -> None:
    """R5.8: 7 in a row over at least 7 days."""
    for day in range(6):
        _said(shop, "mail.bounced", NOW + day * DAY, send_id=f"m{day}")
        _said(shop, "mail.bounced", NOW + day * DAY + DAY / 2, send_id=f"m{day}")
    assert _suppressed(shop) is None
    _said(shop, "mail.delivered", NOW + 6 * DAY, send_id="m6")
    for day in range(7, 13):
        _said(shop, "mail.bounced", NOW + day * DAY, send_id=f"m{day}")
    assert _suppressed(shop) is None, "six since the delivery"
    _said(shop, "mail.bounced", NOW + 14 * DAY, send_id="m14")
    assert _suppressed(shop) == "soft_bounces"


def test_seven_soft_bounces_within_a_week_are_not_enough(shop: Engine) -> None:
    """R5.8"""
    for hour in range(9):
        _said(shop, "mail.bounced", NOW + hour * DAY / 24, send_id=f"m{hour}")
    assert _suppressed(shop) is None


def test_a_soft_bounce_that_is_told_after_a_later_delivery_counts_nothing(shop: Engine) -> None:
    """R5.8: providers tell things in any order."""
    _said(shop, "mail.delivered", NOW + 30 * DAY, send_id="m30")
    for day in range(10):
        _said(shop, "mail.bounced", NOW + day * DAY, send_id=f"m{day}")
    assert _suppressed(shop) is None


@pytest.mark.parametrize("sign", ["mail.opened", "mail.clicked"])
def test_soft_bounces_begin_anew_when_somebody_reads_a_mail(shop: Engine, sign: str) -> None:
    """R5.8: whom a mail reaches is there, whatever reports say."""
    for day in range(0, 12, 2):
        _said(shop, "mail.bounced", NOW + day * DAY, send_id=f"m{day}")
    _said(shop, sign, NOW + 11 * DAY, send_id="m10")
    for day in range(12, 24, 2):
        _said(shop, "mail.bounced", NOW + day * DAY, send_id=f"m{day}")
    assert _suppressed(shop) is None, "six since then"
    _said(shop, "mail.bounced", NOW + 24 * DAY, send_id="m24")
    assert _suppressed(shop) == "soft_bounces"


def test_a_lifted_suppression_of_soft_bounces_counts_from_nothing(shop: Engine) -> None:
    """R5.8"""
    for day in range(0, 16, 2):
        _said(shop, "mail.bounced", NOW + day * DAY, send_id=f"m{day}")
    assert _suppressed(shop) == "soft_bounces"
    with writing(shop) as connection:
        suppressions.lift(connection, "p@x.org", NOW + 15 * DAY, "ann")
    _said(shop, "mail.bounced", NOW + 16 * DAY, send_id="m16")
    assert _suppressed(shop) is None


def test_what_comes_in_twice_acts_once(shop: Engine) -> None:
    """R1.4: a bounce that was lifted is not raised again by its replay."""
    _said(shop, "mail.bounced", NOW, status="5.1.1")
    with writing(shop) as connection:
        suppressions.lift(connection, "p@x.org", NOW, "ann")
    _said(shop, "mail.bounced", NOW, status="5.1.1")
    assert _suppressed(shop) is None


def test_a_bounce_is_of_the_address_that_the_mail_went_to(shop: Engine) -> None:
    """Scenario 35: the address was corrected before the bounce of the old one came back."""
    with writing(shop) as connection:
        connection.execute(
            sql(
                "INSERT INTO slot (send_id, person_id, mailbox_key, mail, category, klass, at, tags,"
                " run, step, ghost)"
                " VALUES ('m1', 'p', :key, 'a/b', 'c', 'marketing', :at, '[]', '', '', false)"
            ),
            {"key": mailbox_key(key_of(connection), "p@x.org", ""), "at": micros(NOW)},
        )
    _arrive(shop, PersonArrived("p", "new@x.org", "new@x.org", {}, NOW))
    _said(shop, "mail.bounced", NOW, status="5.1.1", send_id="m1")
    _said(shop, "mail.bounced", NOW + DAY, status="5.1.1", address="Third@X.org")
    assert _suppressed(shop) is None
    with reading(shop) as connection:
        for address in ("p@x.org", "third@x.org"):
            assert suppressions.find_suppression(connection, address) is not None


def _said(engine: Engine, name: str, at: datetime, **properties: Value) -> None:
    event = Event(f"{name} {at}", name, at, properties, "provider")
    _arrive(engine, EventArrived("p", event), at)


def _arrive(engine: Engine, arrival: PersonArrived | EventArrived, at: datetime = NOW) -> None:
    with writing(engine) as connection:
        ingest(connection, [arrival], at)


def _suppressed(engine: Engine) -> str | None:
    with reading(engine) as connection:
        [visit] = load(connection, ["p"], NOW)
    return visit.life.facts.suppressed
