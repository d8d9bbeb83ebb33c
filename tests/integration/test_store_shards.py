"""Claims within shards: workers that take different ones do not wait for each other (R10.2)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db import due
from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.stored import SHARDS, mailbox_key, shard
from engine.domain.arrival import PersonArrived

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
LEASE = timedelta(minutes=2)


@pytest.fixture
def crowd(store_engine: Engine) -> Engine:
    """Two hundred people, two to a mailbox, all of them due."""
    people = [
        PersonArrived(f"p{n:03}", f"m{n // 2}@x.org", f"m{n // 2}@x.org", {}, NOW)
        for n in range(200)
    ]
    with writing(store_engine) as connection:
        ingest(connection, people, NOW)
    return store_engine


def test_a_claim_within_shards_takes_the_people_of_these_and_no_others(crowd: Engine) -> None:
    some = range(0, 64)
    claimed = {one.person_id for one in due.claim(crowd, NOW, 1_000, "w", LEASE, some)}
    with reading(crowd) as connection:
        shards = connection.execute(text("SELECT person_id, shard FROM due")).all()
    assert claimed == {person for person, place in shards if place in some}
    assert 0 < len(claimed) < 200


def test_people_of_one_mailbox_lie_in_one_shard(crowd: Engine) -> None:
    with reading(crowd) as connection:
        rows = connection.execute(text("SELECT mailbox_key, shard FROM due")).all()
    assert all(shard(key) == place for key, place in rows)
    assert shard(mailbox_key(b"key", "m1@x.org", "p002")) in range(SHARDS)


def test_workers_within_shards_and_without_never_have_one_mailbox_in_two_hands(
    crowd: Engine,
) -> None:
    """R10.2, R3.5: narrow claims, overlapping ones and one of everybody, all at once."""
    claimed: list[str] = []
    owners: dict[str, set[str]] = {}
    parts = [range(0, 128), range(64, 192), range(128, 256), range(0, 256), None, None]
    start = threading.Barrier(len(parts))

    def work(name: str, shards: range | None) -> None:
        start.wait()
        while taken := due.claim(crowd, NOW, 7, name, LEASE, shards):
            for one in taken:
                owners.setdefault(one.mailbox_key, set()).add(name)
                claimed.append(one.person_id)

    threads = [
        threading.Thread(target=work, args=(f"w{number}", shards))
        for number, shards in enumerate(parts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == [f"p{n:03}" for n in range(200)]
    assert all(len(names) == 1 for names in owners.values())


def test_a_claim_of_other_shards_does_not_wait_for_one_in_progress(postgres_url: str) -> None:
    """P17: with the lock of all claims held by each, two workers would stand in line."""
    engine = connect(postgres_url)
    with writing(engine) as held:
        due._stand_in_line(held, range(0, 128))
        with engine.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = '2s'"))
            due._stand_in_line(other, range(128, 256))
        with engine.begin() as third:
            got = third.execute(text(f"SELECT pg_try_advisory_xact_lock({due._CLAIMING}, 5)"))
            assert got.scalar() is False, "its own shards it has to itself"
            everybody = third.execute(text(f"SELECT pg_try_advisory_xact_lock({due._CLAIMING})"))
            assert everybody.scalar() is False, "a claim of everybody waits for it"
    engine.dispose()
