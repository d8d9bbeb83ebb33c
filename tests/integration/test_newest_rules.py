"""Rules that change while somebody works by the old ones: whatever is claimed from then on goes by the
new ones (R2.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db import due, outbox, switches
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.deployments import DatabaseDeployments
from engine.adapters.db.events import ingest
from engine.application import advance_due
from engine.application.deploy import apply
from engine.bootstrap import compile_project
from engine.daemon.living import Living
from engine.daemon.scheduler import Stopping
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.settings import Settings

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
PEOPLE = ("ann", "ben", "cat")
CONFIG = """
company: { name: The Shop, address: 'Street 1, 10115 Berlin', time_zone: UTC, site: 'https://shop.example' }
delivery: { by: folder, to: outbox }
secrets: { links: $LINK_KEY }
senders: { shop: { name: The Shop, email: shop@mail.shop.example } }
policy:
  categories: { news: { class: marketing, consent: opt-in } }
  quiet_hours: QUIET
  over_the_cap: skip
"""
JOURNEY = """
journey: hello
title: Hello
owner: shop@shop.example
status: live
category: news
enter: { when: order.placed, again: always }
steps: [{ id: hello, send: hello/hello }]
"""
MAIL = """---
subject: Hello
preheader: And what happens next
from: shop
---
<html lang="en"><head><title>Hello</title></head><body><p>Hello. The Shop, Street 1, 10115 Berlin.
<a href="{{ links.unsubscribe }}">Unsubscribe</a>, <a href="{{ links.preferences }}">choose</a>, or see
<a href="{{ links.why }}">why you got this</a>.</p></body></html>
"""


def put_in_force(engine: Engine, quiet: str, now: datetime) -> None:
    """Apply the project with these quiet hours."""
    files = {
        "config.yaml": CONFIG.replace("QUIET", quiet),
        "journeys/hello.yaml": JOURNEY,
        "templates/hello/hello.html.j2": MAIL,
    }
    project = compile_project(files)
    assert project.ok, project.diagnostics
    with writing(engine) as connection:
        apply(None, project, {}, DatabaseDeployments(connection), now)


@pytest.fixture
def living(store_engine: Engine, tmp_path: Path) -> Iterator[Living]:
    """The loop on a shop that three people have just ordered from."""
    put_in_force(store_engine, "20:00-08:00", NOW - timedelta(days=1))
    agreed = ConsentEntry("news", "express", NOW, confirmed=True, own_act=True)
    arrivals: list[Arrival] = []
    for who in PEOPLE:
        arrivals += [
            PersonArrived(who, f"{who}@x.org", f"{who}@x.org", {"country": "US"}, NOW),
            ConsentArrived(who, agreed),
            EventArrived(who, Event(who, "order.placed", NOW)),
        ]
    with writing(store_engine) as connection:
        ingest(connection, arrivals, NOW)
    living = Living(
        store_engine,
        Settings(tmp_path, {"LINK_KEY": "of-no-importance-but-long"}, at=NOW),
        "test",
    )
    yield living
    assert living.close()


def between(claims: int, change: Callable[[], None]) -> Stopping:
    """Asked before each claim, this lets so many go and changes something before the next."""
    asked = [0]

    def stopping() -> bool:
        asked[0] += 1
        if asked[0] == claims + 1:
            change()
        return False

    return stopping


def outcomes(engine: Engine) -> list[str]:
    """What became of the hello of each person."""
    with reading(engine) as connection:
        found = connection.execute(
            text(
                "SELECT coalesce(reason, what) FROM trace WHERE step = 'hello'"
                " AND what IN ('queued', 'dropped', 'postponed') ORDER BY person_id, at"
            )
        )
        return list(found.scalars())


def in_hand(engine: Engine) -> int:
    with reading(engine) as connection:
        found = connection.scalar(
            text(
                "SELECT (SELECT count(*) FROM due WHERE lease_owner IS NOT NULL)"
                " + (SELECT count(*) FROM outbox WHERE lease_owner IS NOT NULL)"
            )
        )
    return int(found or 0)


def test_who_is_claimed_after_an_apply_is_decided_by_the_new_quiet_hours(
    store_engine: Engine, living: Living
) -> None:
    """R2.9"""
    closed = between(0, lambda: put_in_force(store_engine, "09:00-12:00", NOW))
    assert living.advance(NOW, closed) == 0
    assert outcomes(store_engine) == []
    assert in_hand(store_engine) == 0
    assert living.advance(NOW, lambda: False) == 3
    assert outcomes(store_engine) == ["quiet_hours"] * 3


def test_turns_in_hand_while_somebody_applies_are_taken_anew(
    store_engine: Engine, living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R2.8, R2.9: the first batch was claimed by the old rules and not yet stored."""
    monkeypatch.setattr(advance_due, "BATCH", 2)
    closed = between(1, lambda: put_in_force(store_engine, "09:00-12:00", NOW))
    assert living.advance(NOW, closed) == 0
    assert living.advance(NOW, lambda: False) == 3
    assert outcomes(store_engine) == ["quiet_hours"] * 3


def test_a_message_claimed_after_an_apply_waits_for_the_new_quiet_hours(
    store_engine: Engine, living: Living, tmp_path: Path
) -> None:
    """R2.9, R3.9"""
    assert living.advance(NOW, lambda: False) == 3
    closed = between(0, lambda: put_in_force(store_engine, "09:00-12:00", LATER))
    assert living.send(LATER, closed) == 0
    assert in_hand(store_engine) == 0
    assert living.send(LATER, lambda: False) == 0
    with reading(store_engine) as connection:
        reasons = [m.reason for who in PEOPLE for m in outbox.messages_of(connection, who)]
    assert reasons == ["quiet_hours"] * 3
    assert not (tmp_path / "outbox").exists()


def test_a_resume_in_the_middle_of_a_tick_postpones_nobody_to_the_expiry(
    store_engine: Engine, living: Living
) -> None:
    """R2.11: whoever is claimed after it is not decided as if the engine were still paused."""

    def resume() -> None:
        with writing(store_engine) as connection:
            assert switches.resume(connection, NOW)
            due.mark_everybody(connection, NOW)

    with writing(store_engine) as connection:
        switches.pause(connection, NOW)
    assert living.advance(NOW, between(0, resume)) == 0
    assert living.advance(NOW, lambda: False) == 3
    assert outcomes(store_engine) == ["queued"] * 3
