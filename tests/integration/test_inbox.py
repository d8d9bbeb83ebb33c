"""The inbox: what comes in is safe before it is answered, processed once, and kept where it is not
understood. On both databases."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import inbox as module
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.inbox import LEASE, DatabaseInbox, Kept, find, glance, kept, remove_old
from engine.adapters.db.profiles import DatabaseProfiles
from engine.application.ports.inbox import Delivery, Part, Sent
from engine.application.take_in import (
    INTERRUPTED,
    MOST_ATTEMPTS,
    NotUnderstood,
    Processor,
    one_by_one,
)
from engine.application.take_in import drain as drain_by
from engine.domain.arrival import PersonArrived
from engine.domain.errors import MistakeError

NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def inbox(store_engine: Engine) -> DatabaseInbox:
    return DatabaseInbox(store_engine)


def drain(inbox: DatabaseInbox, processors: Mapping[str, Processor], now: datetime) -> int:
    return drain_by(inbox, processors, lambda: now)


def held(engine: Engine) -> list[Kept]:
    with reading(engine) as connection:
        return kept(connection)


def test_what_was_put_in_comes_out_as_it_was_and_the_oldest_first(inbox: DatabaseInbox) -> None:
    first = inbox.put("mail", b"\x00\xff one", NOW, sender="bounces", content_type="message/rfc822")
    inbox.put_all([Sent("segment", b"{}", NOW), Sent("mail", b"two", NOW)])
    taken = inbox.take(["mail"], NOW, 10)
    assert taken[0] == Delivery(first, "mail", "bounces", "message/rfc822", b"\x00\xff one", NOW, 1)
    assert [one.body for one in taken] == [b"\x00\xff one", b"two"]
    assert [one.kind for one in inbox.take(["mail", "segment"], NOW, 10)] == ["segment"]


def test_what_somebody_has_in_hand_nobody_else_gets_until_the_lease_runs_out(
    inbox: DatabaseInbox,
) -> None:
    inbox.put("mail", b"one", NOW)
    [taken] = inbox.take(["mail"], NOW, 10)
    assert inbox.anything(NOW) is False
    assert inbox.take(["mail"], NOW + LEASE - timedelta(seconds=1), 10) == []
    assert inbox.anything(NOW + LEASE)
    [again] = inbox.take(["mail"], NOW + LEASE, 10)
    assert (again.id, again.attempts) == (taken.id, 2)


def test_an_id_is_never_used_twice(inbox: DatabaseInbox) -> None:
    """A worker that comes late must not end what it never saw."""
    gone = inbox.put("mail", b"one", NOW)
    inbox.done([gone])
    assert inbox.put("mail", b"two", NOW) != gone


def test_no_more_is_taken_than_fits_into_memory(
    inbox: DatabaseInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 25)
    for _ in range(3):
        inbox.put("mail", b"0123456789", NOW)
    inbox.put("mail", b"x" * 100, NOW)
    assert [len(inbox.take(["mail"], NOW, 10)) for _ in range(4)] == [2, 1, 1, 0]


def test_what_is_done_is_gone_and_what_is_not_understood_stays(
    inbox: DatabaseInbox, store_engine: Engine
) -> None:
    for body in (b"good", b"bad", b"half"):
        inbox.put("mail", body, NOW, sender="box")

    def process(delivery: Delivery) -> None:
        if delivery.body == b"bad":
            raise MistakeError("it is bad")
        if delivery.body == b"half":
            raise NotUnderstood("two of it", [Part("no id", b"ha"), Part("no name", b"lf")])

    assert drain(inbox, {"mail": one_by_one(process)}, NOW) == 3
    assert [(one.body, one.problem, one.sender) for one in held(store_engine)] == [
        (b"bad", "it is bad", "box"),
        (b"ha", "no id", "box"),
        (b"lf", "no name", "box"),
    ]
    with reading(store_engine) as connection:
        seen = glance(connection)
    assert (seen.waiting, seen.since, seen.kept) == ({}, None, {"mail": 3})


def test_what_was_kept_can_be_mended_tried_again_and_dropped(
    inbox: DatabaseInbox, store_engine: Engine
) -> None:
    ids = [inbox.put("mail", body, NOW) for body in (b"a", b"b", b"c")]
    for key in ids:
        inbox.keep(key, "why", b"short" if key == ids[0] else None)
    assert inbox.mend(ids[0], b"better")
    assert inbox.retry([ids[1], 10**9]) == 1
    assert inbox.drop([ids[2]]) == 1
    assert not inbox.mend(ids[0], b"it waits already")
    assert [one.body for one in inbox.take(["mail"], NOW, 10)] == [b"better", b"b"]
    with reading(store_engine) as connection:
        assert find(connection, ids[0]) is None


def test_one_that_never_comes_to_its_end_stops_only_itself(
    inbox: DatabaseInbox, store_engine: Engine
) -> None:
    """A delivery that kills its processor each time is set aside; those that came with it are not."""
    poison = inbox.put("mail", b"poison", NOW)
    inbox.put("mail", b"fine", NOW)
    done: list[bytes] = []

    def process(deliveries: Sequence[Delivery]) -> Mapping[int, Sequence[Part]]:
        if any(one.body == b"poison" for one in deliveries):
            raise ZeroDivisionError
        done.extend(one.body for one in deliveries)
        return {}

    now, table = NOW, {"mail": process}
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            drain(inbox, table, now)
        now += LEASE
    assert drain(inbox, table, now) == 2
    assert drain(inbox, table, now + LEASE) == 0
    assert done == [b"fine"]
    assert [(one.id, one.problem) for one in held(store_engine)] == [(poison, INTERRUPTED)]


def test_a_kind_that_nobody_here_reads_waits(inbox: DatabaseInbox, store_engine: Engine) -> None:
    inbox.put("sendgrid.events", b"[]", NOW)
    table: dict[str, Processor] = {"mail": one_by_one(lambda _: None)}
    assert drain(inbox, table, NOW) == 0
    with reading(store_engine) as connection:
        assert glance(connection).waiting == {"sendgrid.events": 1}


def test_of_one_that_somebody_else_finished_nothing_is_kept(
    inbox: DatabaseInbox, store_engine: Engine
) -> None:
    key = inbox.put("mail", b"one", NOW)
    inbox.done([key])
    inbox.keep_parts(key, [Part("why", b"part")])
    assert held(store_engine) == []


def test_a_text_that_no_database_holds_is_a_reason_all_the_same(
    inbox: DatabaseInbox, store_engine: Engine
) -> None:
    key = inbox.put("mail", b"one", NOW, sender="a\x00b")
    inbox.keep(key, "it says \x00 and \ud800")
    assert len(held(store_engine)) == 1


def test_what_nobody_mended_goes_in_the_end(inbox: DatabaseInbox, store_engine: Engine) -> None:
    for at in (NOW - DAY, NOW):
        inbox.keep(inbox.put("mail", b"one", at), "why")
    inbox.put("mail", b"still waits", NOW - DAY)
    with writing(store_engine) as connection:
        assert remove_old(connection, NOW, 10) == 1
    assert [one.received_at for one in held(store_engine)] == [NOW]
    assert len(inbox.take(["mail"], NOW, 10)) == 1


# ── whom it is about (R5.9) ───────────────────────────────────────────────────────────────────

THEIRS = [
    json.dumps({"userId": "ann"}).encode(),
    json.dumps({"traits": {"email": "ann@x.org"}}).encode(),
    json.dumps([{"userId": 7, "text": "write to ANN@x.org."}]).encode(),
    b"From: Ann <ann@x.org>\r\n\r\nstop",
    b"RCPT TO:<bounces=ann@x.org>",
]
OTHERS = [
    json.dumps({"userId": "joann", "text": "ann"}).encode(),
    json.dumps({"email": "joann@x.org"}).encode(),
    b"From: ann@x.org.example, jo-ann@x.org, ann",
    b"\xff\xfe no text",
    b"[" * 100_000,
]


def test_export_and_erasure_find_people_inside_of_what_was_kept(
    inbox: DatabaseInbox, store_engine: Engine
) -> None:
    """R5.9, GDPR 15: a raw body has no column that says whom it is about."""
    profiles = DatabaseProfiles(store_engine)
    with writing(store_engine) as connection:
        ingest(connection, [PersonArrived("ann", "ann@x.org", "ann@x.org", {}, NOW)], NOW)
    for body in [*THEIRS, *OTHERS]:
        inbox.keep(inbox.put("segment", body, NOW), "why")
    exported = profiles.export("ann", NOW)["holds"]["inbox"]["rows"]
    assert [one["body"].encode() for one in exported] == THEIRS
    erased = profiles.erase("ann", "erased-1", NOW)
    assert erased is not None
    assert erased.removed["inbox"] == len(THEIRS)
    assert [one.body for one in held(store_engine)] == OTHERS
    with reading(store_engine) as connection:
        assert connection.execute(sql("SELECT count(*) FROM inbox")).scalar_one() == len(OTHERS)
