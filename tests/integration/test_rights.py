"""Export and erasure: what is held of a person, and what stays of somebody who is forgotten (R5.9)."""

from __future__ import annotations

from datetime import timedelta
from json import dumps
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Engine,
    Float,
    Integer,
    LargeBinary,
    SmallInteger,
    insert,
)
from sqlalchemy import text as sql

from engine.adapters.db import due, erasure, stats
from engine.adapters.db.address_key import key_of
from engine.adapters.db.codec import packed
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.erasure import erase
from engine.adapters.db.events import ingest
from engine.adapters.db.export import export
from engine.adapters.db.inbox import DatabaseInbox, kept
from engine.adapters.db.lives import load
from engine.adapters.db.people import find
from engine.adapters.db.personal import ALL, HOLDINGS, NOBODYS, RAW
from engine.adapters.db.stored import mailbox_key
from engine.adapters.db.tables import METADATA
from engine.adapters.db.turns import store
from engine.application.ports.intake import Taken
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import EMOTIONS
from engine.domain.event import Event
from engine.domain.turn import Turn
from tests.integration.news_shop import (
    LEASE,
    NOW,
    RULES,
    Letters,
    Mailer,
    hand_off,
    people,
    queue,
    statuses,
)

WHO = "person-4711"
ADDRESS = "ann@secret.example"
NOBODY = "erased-0123"
DAY = timedelta(days=1)


# ── the list of where personal data lives ─────────────────────────────────────────────────────


def test_every_table_says_whether_it_holds_anything_of_a_person() -> None:
    """A new table cannot be forgotten by export and erasure: give it a place in `db.personal`."""
    assert not HOLDINGS.keys() & NOBODYS.keys()
    assert METADATA.tables.keys() == HOLDINGS.keys() | NOBODYS.keys() | RAW.keys()


@pytest.mark.parametrize("table", [t for t, h in HOLDINGS.items() if h.gone != ALL])
def test_every_column_says_what_becomes_of_it_at_an_erasure(table: str) -> None:
    """A new column cannot be forgotten either: kept, blank or stripped, in `db.personal`."""
    holding = HOLDINGS[table]
    said = {holding.by, *holding.kept, *holding.blank, *holding.stripped}
    assert set(METADATA.tables[table].columns.keys()) == said
    assert not holding.kept & (holding.blank.keys() | holding.stripped.keys())


def test_an_export_holds_everything_of_every_table(store_engine: Engine) -> None:
    """GDPR 15 and 20: all there is, but for the engine's clockwork."""
    everything(store_engine)
    with reading(store_engine) as connection:
        found = export(connection, WHO, NOW)
    assert found["holds"].keys() == HOLDINGS.keys() | RAW.keys()
    for table, holding in HOLDINGS.items():
        [row] = found["holds"][table]["rows"]
        assert set(row) == set(METADATA.tables[table].columns.keys()) - holding.clockwork
        for column in set(row) - {holding.by}:
            assert row[column] not in (None, "", {}), f"{table}.{column} is empty"
    assert found["holds"]["event"]["rows"][0]["at"] == "1970-01-01T00:00:00.000001Z"
    assert found["holds"]["score"]["rows"][0]["probabilities"] == [0.5] * len(EMOTIONS)
    assert "other@secret.example" not in dumps(found)


def test_nothing_of_a_person_is_left_anywhere(store_engine: Engine) -> None:
    """R5.9: neither their id, nor their address, nor anything that was said of them."""
    everything(store_engine)
    _erase(store_engine)
    with reading(store_engine) as connection:
        for name, table in METADATA.tables.items():
            rows = dumps([list(map(str, row)) for row in connection.execute(table.select())])
            assert WHO not in rows, name
            assert "secret 0" not in rows, name
            assert ADDRESS not in rows, name
            if name in HOLDINGS and HOLDINGS[name].gone == ALL:
                theirs = connection.execute(table.select()).all()
                assert len(theirs) == 1, f"{name}: somebody else's"


# ── what stays ────────────────────────────────────────────────────────────────────────────────


def test_totals_stay(store_engine: Engine) -> None:
    """R5.9: what was sent was sent."""
    people(store_engine, "a", "b")
    queue(store_engine, "a", "m1", NOW)
    queue(store_engine, "b", "m2", NOW)
    hand_off(store_engine, Mailer()).send_due(NOW, "s")
    before = _totals(store_engine)
    with writing(store_engine) as connection:
        assert erase(connection, "a", NOBODY, NOW)
    assert _totals(store_engine) == before


def test_an_import_does_not_bring_them_back(store_engine: Engine) -> None:
    """R5.9: neither by their id, nor by their address under another id."""
    people(store_engine, WHO)
    _erase(store_engine)
    address = f"{WHO}@x.org"
    again: list[Arrival] = [
        PersonArrived(WHO, "another@x.org", "another@x.org", {}, NOW),
        EventArrived(WHO, Event("o1", "order.placed", NOW)),
        PersonArrived("new", address, address, {"first_name": "Ann"}, NOW),
        EventArrived("new", Event("o2", "order.placed", NOW)),
        PersonArrived("z", "z@x.org", "z@x.org", {}, NOW),
    ]
    assert _take(store_engine, again) == Taken(people=1, left_out=4)
    assert _take(store_engine, [EventArrived("new", Event("o3", "a", NOW))]) == Taken(left_out=1)
    with reading(store_engine) as connection:
        assert find(connection, WHO) is find(connection, address) is find(connection, "new") is None
        assert erasure.erased_at(connection, WHO) == NOW
        assert erasure.erased_at(connection, address.upper()) == NOW
        assert erasure.erased_at(connection, "z@x.org") is None


def test_somebody_who_is_here_does_not_take_the_address_over(store_engine: Engine) -> None:
    people(store_engine, WHO, "b")
    _erase(store_engine)
    address = f"{WHO}@x.org"
    _take(store_engine, [PersonArrived("b", address, address, {"first_name": "Ben"}, NOW)])
    with reading(store_engine) as connection:
        [visit] = load(connection, ["b"], NOW)
    person = visit.life.facts.person
    assert (person.mailbox, person.attribute("first_name")) == ("b@x.org", "Ben")


def test_only_their_own_newer_act_lets_them_in_again(store_engine: Engine) -> None:
    """R5.5 and R5.9"""
    people(store_engine, WHO)
    _erase(store_engine)
    address = f"{WHO}@x.org"
    row = PersonArrived(WHO, address, address, {}, NOW + DAY)
    older = ConsentEntry("news", "express", NOW - DAY, own_act=True)
    filed = ConsentEntry("news", "express", NOW + DAY, confirmed=True)
    for entry in (older, filed):
        assert _take(store_engine, [row, ConsentArrived(WHO, entry)]).left_out == 2
    own = ConsentEntry("news", "express", NOW + DAY, own_act=True)
    assert _take(store_engine, [row, ConsentArrived(WHO, own)]) == Taken(people=1, consents=1)
    with reading(store_engine) as connection:
        assert find(connection, address) == WHO


def test_an_opt_out_is_kept_for_the_others_of_the_mailbox(store_engine: Engine) -> None:
    """R5.9 and R3.5: who left leaves with their mailbox, also when they are forgotten."""
    people(store_engine, WHO, "b", mailbox="both@x.org")
    left = ConsentEntry("news", "unsubscribed", NOW, own_act=True, source="page", wording="w")
    _take(store_engine, [ConsentArrived(WHO, left)])
    with writing(store_engine) as connection:
        erased = erase(connection, WHO, NOBODY, NOW)
    assert erased is not None
    assert erased.sharing == ["b"]
    queue(store_engine, "b", "m1", NOW)
    mailer = Mailer()
    hand_off(store_engine, mailer).send_due(NOW, "s")
    assert (mailer.sent, statuses(store_engine, "b")) == ([], {"m1": "dropped"})


# ── while the engine works on ─────────────────────────────────────────────────────────────────


def test_a_waiting_mail_is_not_sent_also_if_it_was_claimed_already(store_engine: Engine) -> None:
    """R5.9: erased between the claim of the mail and the mark that its hand-off begins."""
    people(store_engine, WHO)
    queue(store_engine, WHO, "m1", NOW)
    mailer = Mailer()
    hands = hand_off(store_engine, mailer)

    def write_and_erase(*given):  # type: ignore[no-untyped-def]
        message = Letters().write_to_send(*given)
        _erase(store_engine)
        return message

    hands._letters.write_to_send = write_and_erase  # type: ignore[method-assign]
    hands.send_due(NOW, "s")
    hands.send_due(NOW + DAY, "s")
    assert mailer.sent == []
    with reading(store_engine) as connection:
        told = connection.execute(sql("SELECT status, reason, person_id FROM outbox"))
        assert told.one() == ("dropped", "erased", NOBODY)
        assert connection.execute(sql("SELECT because FROM run")).scalar_one() == "erased"


def test_a_mail_that_is_just_leaving_is_finished_as_nobodys(store_engine: Engine) -> None:
    """R10.1: its hand-off had begun; it counts, and nobody can be told from it."""
    people(store_engine, WHO)
    queue(store_engine, WHO, "m1", NOW)
    mailer = Mailer()
    sending = mailer.send

    def erase_and_send(message, now):  # type: ignore[no-untyped-def]
        with writing(store_engine) as connection:
            erased = erase(connection, WHO, NOBODY, NOW)
        assert erased is not None
        assert (erased.leaving, erased.stopped) == (1, 0)
        return sending(message, now)

    mailer.send = erase_and_send  # type: ignore[method-assign]
    hand_off(store_engine, mailer).send_due(NOW, "s")
    with reading(store_engine) as connection:
        told = connection.execute(sql("SELECT status, person_id FROM outbox"))
        assert told.one() == ("sent", NOBODY)
        assert stats.counts(connection, NOW).waiting_events == 0


def test_a_turn_in_hand_is_not_stored(store_engine: Engine) -> None:
    """R5.9: fencing."""
    people(store_engine, WHO)
    due.claim(store_engine, NOW, 10, "w", LEASE)
    with reading(store_engine) as connection:
        [visit] = load(connection, [WHO], NOW)
    _erase(store_engine)
    with writing(store_engine) as connection:
        kept = store(connection, [(visit, Turn(visit.life, (), NOW))], RULES, NOW, "w")
    assert kept == frozenset()
    with reading(store_engine) as connection:
        assert connection.execute(sql("SELECT count(*) FROM due")).scalar_one() == 0


def test_erasing_somebody_again_finds_nobody(store_engine: Engine) -> None:
    people(store_engine, WHO)
    _erase(store_engine)
    with writing(store_engine) as connection:
        assert erase(connection, WHO, "erased-again", NOW) is None
        assert erase(connection, "never was", NOBODY, NOW) is None


# ── helpers ───────────────────────────────────────────────────────────────────────────────────


def everything(engine: Engine) -> None:
    """One row in every table that holds anything of a person, of theirs and of somebody else's; every
    text that must not stay says `secret`."""
    with writing(engine) as connection:
        secret = key_of(connection)
        for number, (who, address) in enumerate([(WHO, ADDRESS), ("o", "other@secret.example")]):
            key = mailbox_key(secret, address, who)
            for table, holding in HOLDINGS.items():
                row = {
                    column.name: _value(table, column, number)
                    for column in METADATA.tables[table].columns
                    if column.name != "seq"
                }
                row[holding.by] = key if holding.of_mailbox else who
                if "mailbox_key" in row:
                    row["mailbox_key"] = key
                fixed = {"email": address, "mailbox": address, "erased": False}
                row |= {name: value for name, value in fixed.items() if name in row}
                row |= _SOUND.get(table, {})
                if table == "due":
                    knock = {"journey": f"secret {number}", "event": _EVENT, "until": 1}
                    row["knocking"] = [knock]
                connection.execute(insert(METADATA.tables[table]), row)


_EVENT = {"id": "e", "name": "n", "at": 1, "properties": {}, "source": "s", "starts": True}
_SOUND: dict[str, dict[str, Any]] = {
    "slot": {"klass": "marketing"},
    "event": {"source": "engine", "name": "mail.sent"},
    "consent": {"state": "unsubscribed"},
}
"""What has to be one of several words, or other rows could not be read."""


def _value(table: str, column: Any, number: int) -> Any:
    kind = column.type
    stays = column.name in HOLDINGS[table].kept
    if isinstance(kind, JSON):
        return ["kept"] if stays else {"text": f"secret {number}", "mail": "kept"}
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, (BigInteger, Integer, SmallInteger)):
        return number + 1
    if isinstance(kind, Float):
        return 0.5
    if isinstance(kind, LargeBinary):
        return packed([0.5] * len(EMOTIONS))
    return f"{'kept' if stays else 'secret'} {number} {table}.{column.name}"


def test_what_a_stranger_answered_goes_with_whom_it_was_written_to(store_engine: Engine) -> None:
    """R5.9: it was kept, for nobody has its address, and by its mark it is about them. It is somebody's own
    letter all the same, so it is not shown to them (GDPR 15(4))."""
    people(store_engine, "ann", "bob")
    queue(store_engine, "ann", "ab" * 16, NOW)
    queue(store_engine, "bob", "cd" * 16, NOW)
    box = DatabaseInbox(store_engine)
    for mark in ("<" + "ab" * 16 + ".mac@x.example>", "reply+" + "cd" * 10 + ".mac@x.example"):
        box.put("mail", f"From: eve@y.example\nIn-Reply-To: {mark}\n\nStop.".encode(), NOW)
    for one in box.take(["mail"], NOW, 9):
        box.keep(one.id, "nobody here has its address")
    with writing(store_engine) as connection:
        assert export(connection, "ann", NOW)["holds"]["inbox"]["rows"] == []
        gone = erase(connection, "ann", NOBODY, NOW)
        assert gone is not None
        assert gone.removed["inbox"] == 1
        [left] = kept(connection)
        assert b"cdcd" in left.body


def _erase(engine: Engine) -> None:
    with writing(engine) as connection:
        assert erase(connection, WHO, NOBODY, NOW) is not None


def _take(engine: Engine, arrivals: list[Arrival]) -> Taken:
    with writing(engine) as connection:
        return ingest(connection, arrivals, NOW + DAY)


def _totals(engine: Engine) -> dict[str, int]:
    """What reports count."""
    with reading(engine) as connection:
        return {
            name: connection.execute(sql(statement)).scalar_one()
            for name, statement in {
                "sent": "SELECT count(*) FROM outbox WHERE status = 'sent'",
                "slots": "SELECT count(*) FROM slot",
                "runs": "SELECT count(DISTINCT person_id) FROM run",
                "said": "SELECT count(*) FROM event WHERE name = 'mail.sent'",
            }.items()
        }
