"""The daemon itself: a month on a virtual clock, and a clean stop of the real process."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from freezegun import freeze_time
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from engine.adapters.db.connect import connect, passes, reading
from engine.adapters.system_clock import now
from engine.cli.main import group
from engine.daemon.scheduler import Daemon, Tick
from engine.domain.errors import SetupError

PEOPLE = "id,email,first_name,country,time_zone\nann,ann@example.com,Ann,DE,Europe/Berlin\n"
CONSENT = "person,topic,state,at,confirmed\nann,onboarding,given,{at},yes\n"


def sincerely(*arguments: str) -> str:
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    """A project on SQLite and on PostgreSQL."""
    folder = tmp_path / "shop"
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    sincerely("init", str(folder))
    monkeypatch.chdir(folder)
    sincerely("db", "upgrade")
    return folder


def take_in(shop: Path, kind: str, rows: str, at: str) -> None:
    file = shop / f"{kind}.rows"
    file.write_text(rows)
    sincerely("--at", at, "import", kind, str(file))


def event(name: str, at: str) -> str:
    row = {"id": name, "person": "ann", "name": name, "at": at, "order_id": "7", "total": 20}
    return json.dumps(row) + "\n"


@contextmanager
def looking(database: str) -> Iterator[Connection]:
    engine = connect(database)
    try:
        with reading(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def sent(database: str) -> list[tuple[str, str]]:
    """When (UTC) and which mails were handed off."""
    with looking(database) as connection:
        rows = connection.execute(
            text("SELECT sent_at, mail FROM outbox WHERE status = 'sent' ORDER BY sent_at")
        ).all()
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return [(f"{start + timedelta(microseconds=at):%Y-%m-%d %H:%M}", mail) for at, mail in rows]


def test_a_month_of_onboarding_lives_as_its_journey_says(shop: Path, database: str) -> None:
    """R7.1: the daemon's virtual month is the month that the journey's tests describe."""
    take_in(shop, "people", PEOPLE, "2026-03-02 08:00")
    take_in(shop, "consent", CONSENT.format(at="2026-03-02"), "2026-03-02 08:00")
    sincerely("--at", "2026-03-02 08:30", "apply", "--yes")
    take_in(shop, "events", event("order.placed", "2026-03-02T09:00:00Z"), "2026-03-02 10:00")
    sincerely("--at", "2026-03-02 10:00", "run", "--until", "2026-03-04 09:59")
    take_in(shop, "events", event("order.delivered", "2026-03-04T09:00:00Z"), "2026-03-04 10:00")
    sincerely("--at", "2026-03-04 10:00", "run", "--until", "2026-04-02")
    assert sent(database) == [
        ("2026-03-02 09:00", "onboarding/welcome"),
        ("2026-03-05 09:00", "onboarding/first-cup"),
        ("2026-03-11 09:00", "onboarding/meet-the-roaster"),
        ("2026-03-19 09:00", "onboarding/second-bag"),
    ]
    sincerely("--at", "2026-03-04 10:00", "run", "--until", "2026-04-02")
    assert len(sent(database)) == 4, "living the same month again sends nothing"


def test_sigterm_ends_the_real_daemon_with_nothing_claimed(shop: Path, database: str) -> None:
    """R10.1: SIGTERM finishes the batch and leaves nothing claimed."""
    take_in(shop, "people", PEOPLE, "2026-03-02 08:00")
    sincerely("apply", "--yes")
    command = [sys.executable, "-m", "engine", "--project", str(shop), "run"]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        with looking(database) as connection:
            for _ in range(600):
                looked = connection.execute(text("SELECT looked_at FROM due")).scalar()
                connection.rollback()
                if looked is not None or process.poll() is not None:
                    break
                time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, err
    assert "nothing is left claimed" in out
    assert looked is not None, err
    with looking(database) as connection:
        claimed = connection.execute(text("SELECT count(*) FROM due WHERE lease_owner <> ''"))
        assert claimed.scalar() == 0


def test_without_an_applied_version_the_daemon_says_what_to_do(shop: Path) -> None:
    result = CliRunner().invoke(group, ["run", "--once"])
    assert result.exit_code == 1
    assert "sincerely apply" in result.stderr


def test_a_tick_that_fails_stops_the_daemon_and_is_raised() -> None:
    def work(now: datetime, stopping: object) -> int:
        raise LookupError("the database is gone")

    daemon = Daemon([Tick("advance", timedelta(seconds=1), work)], now)
    with pytest.raises(LookupError):
        daemon.run()


def test_trouble_that_passes_is_waited_out_and_said_once(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """R10: a full disk, a restarting server. It is said with its cause, and said when it is over."""
    caplog.set_level("INFO", logger="sincerely.daemon")
    nowhere = tmp_path / "gone" / "sincerely.db"
    (tmp_path / "gone").mkdir()
    engine = connect(f"sqlite:///{nowhere}")
    nowhere.parent.rmdir()
    tries = []

    def work(now: datetime, stopping: object) -> int:
        tries.append(now)
        if len(tries) == 2:
            nowhere.parent.mkdir()
        with reading(engine) as connection:
            found: int = connection.execute(text("SELECT 1")).scalar_one()
        daemon.stop()
        return found

    daemon = Daemon([Tick("advance", timedelta(seconds=1), work)], now)
    daemon.run()
    assert len(tries) == 2
    said = [record.message for record in caplog.records]
    assert said == ["tick waits", "tick goes on", "tick"]
    assert "unable to open database file" in vars(caplog.records[0])["because"]


@pytest.mark.parametrize("statement", ["SELECT * FROM nothing", "INSERT INTO person"])
def test_what_waiting_does_not_mend_is_no_passing_trouble(database: str, statement: str) -> None:
    """SQLite calls a missing table operational, too."""
    engine = connect(database)
    with pytest.raises(DBAPIError) as raised, reading(engine) as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert not passes(raised.value)
    assert not passes(LookupError("a mistake of ours"))


def test_a_server_that_is_not_there_passes() -> None:
    engine = connect("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(SetupError) as raised, reading(engine):
        pass
    assert passes(raised.value)
    assert not passes(SetupError("a key is missing"))


@freeze_time("2026-03-04 10:00")
def test_the_one_reader_of_the_clock_gives_aware_utc() -> None:
    assert now() == datetime(2026, 3, 4, 10, tzinfo=UTC)
