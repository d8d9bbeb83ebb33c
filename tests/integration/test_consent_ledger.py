"""The consent ledger in the database: whole, append-only, and never raised but by the person (R5)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, inspect
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.consents import EVIDENCE, LEDGER, ledger_of
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.application.row_kinds import Reader
from engine.application.rows import Accepted, read_rows
from engine.domain.answer import consent_of
from engine.domain.arrival import ConsentArrived, PersonArrived
from engine.domain.consent import ConsentEntry, Evidence
from engine.domain.facts import Rulebook
from engine.domain.journey import Category, Class, Policy
from engine.domain.turn import turn
from tests.laws import LAW

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
PROOF = Evidence(
    jurisdiction="AT",
    captured_at=NOW - timedelta(minutes=5),
    url="https://shop.example/join",
    ip="2001:db8::1",
    user_agent="Firefox",
    language="de",
    wording_hash="sha256:9f",
    document="sha256:aa",
    actor="shop",
)


@pytest.fixture
def ledger(store_engine: Engine) -> Engine:
    """A database with one person in it, and one line of theirs."""
    with writing(store_engine) as connection:
        person = PersonArrived("p", "p@a.example", "p@a.example", {"country": "de"}, NOW)
        agreed = ConsentEntry("news", "express", NOW, basis="form", confirmed=True, wording="v1")
        ingest(connection, [person, ConsentArrived("p", agreed, PROOF)], NOW)
    return store_engine


def test_a_line_keeps_all_its_evidence(ledger: Engine) -> None:
    """R5.1"""
    with reading(ledger) as connection:
        [(entry, evidence, recorded)] = ledger_of(connection, "p")
    assert (entry.topic, entry.wording, recorded) == ("news", "v1", NOW)
    assert evidence == PROOF


def test_a_line_without_a_jurisdiction_has_that_of_the_person(ledger: Engine) -> None:
    """R5.2: the person's country names it."""
    left = ConsentArrived("p", ConsentEntry("news", "unsubscribed", NOW + timedelta(days=1)))
    with writing(ledger) as connection:
        ingest(connection, [left], NOW + timedelta(days=1))
    with reading(ledger) as connection:
        assert ledger_of(connection, "p")[1][1] == Evidence(jurisdiction="DE")


def test_the_same_line_again_is_no_second_one(ledger: Engine) -> None:
    """R1.4"""
    again = ConsentEntry("news", "express", NOW, basis="form", confirmed=True, wording="v1")
    with writing(ledger) as connection:
        assert ingest(connection, [ConsentArrived("p", again)], NOW).consents == 0


@pytest.mark.parametrize("column", ["seq", "recorded_at", *LEDGER, *EVIDENCE])
def test_the_database_refuses_to_change_a_line(ledger: Engine, column: str) -> None:
    """R5.1: append-only, whatever code tries."""
    with pytest.raises(DBAPIError, match="append-only"), writing(ledger) as connection:
        connection.execute(sql(f"UPDATE consent SET {column} = {column}"))


def test_the_database_refuses_to_delete_a_line_until_its_person_is_erased(ledger: Engine) -> None:
    """R5.1, R5.9"""
    with pytest.raises(DBAPIError, match="append-only"), writing(ledger) as connection:
        connection.execute(sql("DELETE FROM consent"))
    with writing(ledger) as connection:
        connection.execute(sql("UPDATE person SET erased = true WHERE id = 'p'"))
        connection.execute(sql("DELETE FROM consent WHERE person_id = 'p'"))
    with reading(ledger) as connection:
        assert ledger_of(connection, "p") == []


def test_to_whom_a_line_belongs_may_change(ledger: Engine) -> None:
    """A merge unites ledgers, and addresses get a new key."""
    with writing(ledger) as connection:
        connection.execute(sql("UPDATE consent SET person_id = 'q', mailbox_key = 'k'"))
    with reading(ledger) as connection:
        assert len(ledger_of(connection, "q")) == 1


ROW = {"person": "p", "topic": "news", "at": "2026-03-06T10:00:00Z", "own_act": True}
ATTACKS: dict[str, tuple[str, dict[str, object]]] = {
    "an import": ("consent", {**ROW, "state": "given"}),
    "a confirmed one": ("consent", {**ROW, "state": "confirmed", "basis": "double opt-in"}),
    "one of all mail": ("consent", {**ROW, "state": "confirmed", "topic": "all"}),
    "one that signs up": ("consent", {**ROW, "state": "pending"}),
    "one with a later confirmation": (
        "consent",
        {**ROW, "state": "given", "confirmed_at": "2026-03-07T10:00:00Z"},
    ),
    "one dated ahead": ("consent", {**ROW, "state": "given", "at": "2031-01-01"}),
    "an event of that name": (
        "events",
        {"person": "p", "name": "consent.confirmed", "at": "2026-03-06", "topic": "news"},
    ),
    "another country": ("people", {"id": "p", "country": "US", "consent": "given"}),
    "an order": (
        "events",
        {"person": "p", "name": "order.placed", "at": "2026-03-06", "soft_opt_in": True},
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_comes_in_raises_who_has_left(ledger: Engine, attack: str) -> None:
    """R5.5, scenario 33: only an act of the person's own leads back, and no file holds one."""
    left, later = NOW + timedelta(days=1), NOW + timedelta(days=3)
    kind, row = ATTACKS[attack]
    reader = Reader(later, ZoneInfo("UTC"), lambda text: (text, text))
    rows = read_rows(BytesIO(json.dumps(row).encode()), kind, reader)
    arrivals = [a for one in rows if isinstance(one, Accepted) for a in one.arrivals]
    with writing(ledger) as connection:
        said = ConsentEntry("news", "unsubscribed", left, own_act=True)
        ingest(connection, [ConsentArrived("p", said)], left)
        ingest(connection, arrivals, later)
        [visit] = load(connection, ["p"], later)
    rules = Rulebook(
        journeys={}, segments={}, personas=(), mails={}, law=LAW,
        policy=Policy({"news": Category("news", Class.MARKETING, consent="soft opt-in")}),
    )  # fmt: skip
    after = turn(rules, visit.life, visit.arrivals, later).life.facts
    for at in (later, later + timedelta(days=3000)):
        assert consent_of("news", after, rules, at) == "unsubscribed"


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_comes_in_confirms_a_sign_up_of_who_had_left(
    ledger: Engine, attack: str
) -> None:
    """R5.4, R5.5: anybody can type an address."""
    left, later = NOW + timedelta(days=1), NOW + timedelta(days=3)
    kind, row = ATTACKS[attack]
    reader = Reader(later, ZoneInfo("UTC"), lambda text: (text, text))
    rows = read_rows(BytesIO(json.dumps(row).encode()), kind, reader)
    arrivals = [a for one in rows if isinstance(one, Accepted) for a in one.arrivals]
    with writing(ledger) as connection:
        for state, at in (("unsubscribed", left), ("pending", left + timedelta(hours=1))):
            said = ConsentEntry("news", state, at, own_act=True)  # type: ignore[arg-type]
            ingest(connection, [ConsentArrived("p", said)], at)
        ingest(connection, arrivals, later)
        [visit] = load(connection, ["p"], later)
    rules = Rulebook(
        journeys={}, segments={}, personas=(), mails={}, law=LAW,
        policy=Policy({"news": Category("news", Class.MARKETING, consent="soft opt-in")}),
    )  # fmt: skip
    after = turn(rules, visit.life, visit.arrivals, later).life.facts
    for at in (later, later + timedelta(days=3000)):
        assert consent_of("news", after, rules, at) in ("pending", "unknown")


def test_every_column_but_whose_it_is_is_guarded(ledger: Engine) -> None:
    """A column added later is guarded as well, or this fails."""
    columns = {column["name"] for column in inspect(ledger).get_columns("consent")}
    assert columns == {"seq", "recorded_at", *LEDGER, *EVIDENCE, "person_id", "mailbox_key"}
