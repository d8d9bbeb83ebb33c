"""A machine whose clock is off claims no work (R10.3); SQLite has the machine's own clock."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from engine.adapters.db.connect import reading
from engine.adapters.db.due import database_clock
from engine.adapters.system_clock import now
from engine.daemon.living import Living
from engine.settings import Settings


def test_a_clock_half_a_minute_off_claims_nothing(store_engine: Engine, tmp_path: Path) -> None:
    living = Living(store_engine, Settings(tmp_path), "test")
    present = now()
    with reading(store_engine) as connection:
        has_clock = database_clock(connection) is not None
    assert living.keeps_time(present)
    assert living.keeps_time(present + timedelta(minutes=2)) is not has_clock
    assert living.keeps_time(present - timedelta(minutes=2)) is not has_clock


def test_a_virtual_clock_may_be_anywhere(store_engine: Engine, tmp_path: Path) -> None:
    living = Living(store_engine, Settings(tmp_path, at=now()), "test")
    assert living.keeps_time(now() - timedelta(days=9999))
