"""SendGrid's lists are taken over, page by page, from a stand-in that its OpenAPI checks; on both
databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from engine.adapters.db import marks, suppressions, versions
from engine.adapters.db.alerts import open_alerts
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.erasure import erase
from engine.adapters.db.events import ingest
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.lives import load
from engine.adapters.db.suppression_lists import DatabaseSuppressing
from engine.adapters.mail.sendgrid_lists import PAGE, SendGridLists
from engine.application.import_suppressions import Imported, import_suppressions
from engine.application.ports.deployments import Version
from engine.application.ports.suppression_lists import NotAllowed, NotNow
from engine.daemon.providers import Providers
from engine.domain.arrival import ConsentArrived
from engine.domain.consent import ConsentEntry, standing
from engine.domain.jurisdiction import ANY_YES
from engine.settings import Settings
from tests.integration.news_shop import NOW, people
from tests.standins.sendgrid import KEY, Answer, SendGridStandIn, serving

DAY = timedelta(days=1)
CONFIG = "company: { name: Cozy }\nsenders: { l: { name: L, email: l@x.org } }\n"
BOUNCES, INVALID = "/v3/suppression/bounces", "/v3/suppression/invalid_emails"
SPAM, LEFT, GROUPS = (
    "/v3/suppression/spam_reports", "/v3/suppression/unsubscribes", "/v3/asm/suppressions"
)  # fmt: skip


@pytest.fixture
def stand_in() -> Iterator[SendGridStandIn]:
    with serving(NOW.timestamp()) as server:
        yield server


@pytest.fixture
def shop(store_engine: Engine) -> Engine:
    people(store_engine, "a", "b")
    return store_engine


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def entry(address: str, at: datetime = NOW - DAY, **said: Any) -> dict[str, Any]:
    return {"email": address, "created": seconds(at), **said}


def group(address: str, name: str, at: datetime = NOW - DAY) -> dict[str, Any]:
    return {"email": address, "group_id": 7, "group_name": name, "created_at": seconds(at)}


def take_over(
    engine: Engine, stand_in: SendGridStandIn, at: datetime = NOW, **more: Any
) -> Imported:
    lists = SendGridLists(KEY, stand_in.host, timeout=2)
    store, intake = DatabaseSuppressing(engine), DatabaseIntake(engine)
    return import_suppressions(lists, store, intake, ("news", "offers"), at, "sendgrid", **more)


def because(engine: Engine, address: str) -> str | None:
    with reading(engine) as connection:
        found = suppressions.find_suppression(connection, address)
    return None if found is None else found.because


def stands(engine: Engine, person: str, topic: str, at: datetime = NOW) -> str:
    with reading(engine) as connection:
        [visit] = load(connection, [person], at)
    return standing(visit.life.facts.consents, topic, at, ANY_YES)


def test_every_list_is_taken_over(shop: Engine, stand_in: SendGridStandIn) -> None:
    stand_in.lists = {
        BOUNCES: [
            entry("Hard@X.org", reason="550 5.1.1 no such user", status="5.1.1"),
            entry("full@x.org", reason="552 5.2.2 over quota", status="5.2.2"),
        ],
        INVALID: [entry("typo@x.orgg", reason="Mail domain mentioned in email address is unknown")],
        SPAM: [entry("angry@x.org", ip="10.63.202.100")],
        LEFT: [entry("a@x.org"), entry("gone@x.org")],
        GROUPS: [group("b@x.org", "News")],
    }
    assert take_over(shop, stand_in) == Imported(read=7, suppressed=5, left=2, whole=True)
    assert {
        address: because(shop, address)
        for address in ("hard@x.org", "full@x.org", "typo@x.orgg", "angry@x.org", "gone@x.org", "a@x.org")
    } == {
        "hard@x.org": "hard_bounce", "full@x.org": "provider", "typo@x.orgg": "hard_bounce",
        "angry@x.org": "complaint", "gone@x.org": "opt_out", "a@x.org": None,
    }  # fmt: skip
    assert stands(shop, "a", "news") == stands(shop, "b", "news") == "unsubscribed"
    assert stands(shop, "b", "offers") == "unknown", "they left one group only"
    with reading(shop) as connection:
        [found] = [
            s for s in suppressions.all_suppressions(connection) if s.address == "hard@x.org"
        ]
    assert found.source == "sendgrid, list of bounces: 5.1.1"


def test_blocks_are_left_alone(shop: Engine, stand_in: SendGridStandIn) -> None:
    take_over(shop, stand_in)
    assert "/v3/suppression/blocks" not in {path for path, _ in stand_in.asked}


def test_a_second_import_changes_nothing_and_asks_for_what_is_new(
    shop: Engine, stand_in: SendGridStandIn
) -> None:
    stand_in.lists = {LEFT: [entry("a@x.org")], BOUNCES: [entry("c@x.org", reason="", status="")]}
    take_over(shop, stand_in)
    stand_in.asked.clear()
    again = take_over(shop, stand_in, NOW + DAY)
    assert (again.suppressed, again.left) == (0, 0)
    starts = {asked.get("start_time") for path, asked in stand_in.asked if path != GROUPS}
    assert starts == {str(seconds(NOW - DAY))}, "with a day to spare"
    everything = take_over(shop, stand_in, NOW + DAY, everything=True)
    assert (everything.read, everything.suppressed, everything.left) == (2, 0, 0)


def test_long_lists_come_in_pages(shop: Engine, stand_in: SendGridStandIn) -> None:
    stand_in.lists = {
        SPAM: [entry(f"p{number}@x.org", ip="10.0.0.1") for number in range(2 * PAGE + 1)]
    }
    assert take_over(shop, stand_in).suppressed == 2 * PAGE + 1
    assert [asked["offset"] for path, asked in stand_in.asked if path == SPAM] == [
        "0",
        "500",
        "1000",
    ]


def test_what_was_lifted_here_stays_lifted_until_it_is_listed_anew(
    shop: Engine, stand_in: SendGridStandIn
) -> None:
    """Our table is the authority."""
    stand_in.lists = {BOUNCES: [entry("c@x.org", reason="550 5.1.1", status="5.1.1")]}
    take_over(shop, stand_in)
    with writing(shop) as connection:
        suppressions.lift(connection, "c@x.org", NOW, "ann: mended")
    take_over(shop, stand_in, NOW + DAY, everything=True)
    assert because(shop, "c@x.org") is None
    stand_in.lists = {BOUNCES: [entry("c@x.org", NOW + DAY, reason="550 5.1.1", status="5.1.1")]}
    take_over(shop, stand_in, NOW + 2 * DAY)
    assert because(shop, "c@x.org") == "hard_bounce"


def test_what_is_gone_from_the_list_stays_here(shop: Engine, stand_in: SendGridStandIn) -> None:
    stand_in.lists = {SPAM: [entry("c@x.org", ip="10.0.0.1")]}
    take_over(shop, stand_in)
    stand_in.lists = {}
    take_over(shop, stand_in, NOW + DAY, everything=True)
    assert because(shop, "c@x.org") == "complaint"


def test_who_came_back_by_a_newer_act_stays(shop: Engine, stand_in: SendGridStandIn) -> None:
    """R5.5"""
    back = ConsentEntry("news", "express", NOW - DAY / 2, confirmed=True, own_act=True)
    with writing(shop) as connection:
        ingest(connection, [ConsentArrived("a", back)], NOW)
    stand_in.lists = {LEFT: [entry("a@x.org", NOW - DAY)]}
    take_over(shop, stand_in)
    assert stands(shop, "a", "news") == "given"
    assert stands(shop, "a", "offers") == "unsubscribed"


def test_an_address_that_was_forgotten_comes_back_as_a_hash_only(
    shop: Engine, stand_in: SendGridStandIn
) -> None:
    """R5.9"""
    with writing(shop) as connection:
        erase(connection, "a", "nobody-1", NOW)
    stand_in.lists = {SPAM: [entry("a@x.org", ip="10.0.0.1")]}
    take_over(shop, stand_in)
    with reading(shop) as connection:
        assert [one.address for one in suppressions.all_suppressions(connection)] == [""]


def test_too_many_requests_are_waited_out_and_it_goes_on_there(
    shop: Engine, stand_in: SendGridStandIn
) -> None:
    stand_in.lists = {
        SPAM: [entry("c@x.org", ip="10.0.0.1")],
        INVALID: [entry("d@x.org", reason="")],
    }
    stand_in.fail_at = (
        "/v3/suppression/unsubscribes",
        Answer(429, {"X-RateLimit-Reset": str(seconds(NOW) + 40)}, b'{"errors": []}'),
    )
    with pytest.raises(NotNow) as caught:
        take_over(shop, stand_in)
    assert caught.value.retry_at == NOW + timedelta(seconds=40)
    assert because(shop, "c@x.org") == "complaint", "what came until then is in"
    stand_in.fail_at = None
    stand_in.asked.clear()
    assert take_over(shop, stand_in, NOW + timedelta(minutes=1)).whole
    assert SPAM not in {path for path, _ in stand_in.asked}
    assert because(shop, "d@x.org") == "hard_bounce"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500), Answer(503), Answer(200, body=b"<html>"), Answer(200, body=b"{}"), Answer(drop=True),
        Answer(hang=True), Answer(302, {"Location": "https://example.org/"}),
    ],
)  # fmt: skip
def test_an_outage_is_for_later(shop: Engine, stand_in: SendGridStandIn, answer: Answer) -> None:
    stand_in.next_answer = answer
    with pytest.raises((NotNow, NotAllowed)) as caught:
        take_over(shop, stand_in)
    if answer.status != 302:
        assert isinstance(caught.value, NotNow)
        assert caught.value.retry_at > NOW


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_without_the_right_to_it_says_so(
    shop: Engine, stand_in: SendGridStandIn, status: int
) -> None:
    stand_in.next_answer = Answer(status, body=b'{"errors": [{"message": "access forbidden"}]}')
    with pytest.raises(NotAllowed, match=f"{status} access forbidden"):
        take_over(shop, stand_in)


def test_an_entry_that_makes_no_sense_is_counted_and_stops_nothing(
    shop: Engine, stand_in: SendGridStandIn
) -> None:
    """R10.4"""
    stand_in.next_answer = Answer(
        200,
        body=b'[{"email": "c@x.org", "created": 1}, {"email": "", "created": 1}, 7, {"email": "d@x.org"},'
        b' {"email": "e@x.org", "created": 1e300}, {"email": "f@x.org", "created_at": 5}]',
    )
    done = take_over(shop, stand_in)
    assert done.unread == 5 * 4 + 5, "in each of five lists; the groups say `created_at`"
    assert because(shop, "c@x.org") == "complaint", "the weightiest list comes first"
    assert because(shop, "f@x.org") == "opt_out"


# ── once a day ────────────────────────────────────────────────────────────────────────────────


def test_the_daemon_does_it_once_a_day_and_tells_what_is_wrong(
    shop: Engine, stand_in: SendGridStandIn
) -> None:
    version = Version("h", {"config.yaml": CONFIG}, NOW - DAY)
    with writing(shop) as connection:
        versions.apply_version(connection, version, {})
    providers = Providers(
        shop,
        Settings(Path()),
        lambda project, settings: SendGridLists(KEY, stand_in.host, timeout=2),
    )
    tick = {tick.name: tick for tick in providers.ticks()}["lists"]

    def go(at: datetime) -> int:
        return tick.work(at, lambda: False)

    stand_in.lists = {SPAM: [entry("c@x.org", ip="10.0.0.1")]}
    assert providers._begin(NOW - timedelta(hours=1)), "somebody began, and died"
    assert go(NOW - timedelta(minutes=1)) == 0
    assert [go(NOW), go(NOW + DAY / 2)] == [1, 0]
    assert len(stand_in.asked) == 5
    stand_in.next_answer = Answer(503)
    assert go(NOW + DAY) == 0
    stand_in.next_answer = Answer(403)
    assert go(NOW + DAY + timedelta(minutes=5)) == 0, "not before the time that was said"
    with reading(shop) as connection:
        assert open_alerts(connection) == []
    assert go(NOW + DAY + timedelta(minutes=10)) == 0
    with reading(shop) as connection:
        [alert] = open_alerts(connection)
    assert "the right to read Suppressions" in alert.text
    stand_in.next_answer = None
    go(NOW + 2 * DAY)
    with reading(shop) as connection:
        assert open_alerts(connection) == []
        assert marks.marked(connection, "imported suppression lists") is not None
