"""A machine whose clock is off claims no work (R10.3); SQLite has the machine's own clock."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from engine.adapters.db.connect import reading, writing
from engine.adapters.db.due import database_clock
from engine.adapters.db.events import ingest
from engine.adapters.system_clock import now
from engine.daemon.living import Living
from engine.domain.arrival import ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.settings import Settings
from tests.integration.test_newest_rules import put_in_force


def test_a_clock_half_a_minute_off_claims_nothing(store_engine: Engine, tmp_path: Path) -> None:
    """R10.3"""
    living = Living(store_engine, Settings(tmp_path), "test")
    present = now()
    with reading(store_engine) as connection:
        has_clock = database_clock(connection) is not None
    assert living.keeps_time(present)
    assert living.keeps_time(present + timedelta(minutes=2)) is not has_clock
    assert living.keeps_time(present - timedelta(minutes=2)) is not has_clock


def test_who_keeps_no_time_neither_decides_nor_sends(store_engine: Engine, tmp_path: Path) -> None:
    """R10.3: the work stays for those who do."""
    present = now()
    tonight = f"{(present.hour + 6) % 24:02}:00-{(present.hour + 7) % 24:02}:00"
    put_in_force(store_engine, tonight, present - timedelta(days=1))
    agreed = ConsentEntry("news", "express", present, confirmed=True, own_act=True)
    with writing(store_engine) as connection:
        has_clock = database_clock(connection) is not None
        ingest(
            connection,
            [
                PersonArrived("ann", "ann@x.org", "ann@x.org", {"country": "US"}, present),
                ConsentArrived("ann", agreed),
                EventArrived("ann", Event("o", "order.placed", present)),
            ],
            present,
        )
    living = Living(
        store_engine, Settings(tmp_path, {"LINK_KEY": "of-no-importance-but-long"}), "test"
    )
    off = present + timedelta(minutes=2)
    if has_clock:
        assert living.advance(off, lambda: False) == 0
    assert living.advance(present, lambda: False) == 1
    if has_clock:
        assert living.send(off, lambda: False) == 0
    assert living.send(now(), lambda: False) == 1
    assert living.close()


def test_a_virtual_clock_may_be_anywhere(store_engine: Engine, tmp_path: Path) -> None:
    living = Living(store_engine, Settings(tmp_path, at=now()), "test")
    assert living.keeps_time(now() - timedelta(days=9999))
