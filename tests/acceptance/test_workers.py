"""Real processes that share the work on PostgreSQL: workers, a daemon among them, and kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, text

from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.stored import SHARDS
from engine.adapters.queue.jobs import SCHEMA, Jobs
from engine.adapters.system_clock import now as clock
from engine.application.share_out import everybody
from engine.cli.main import group
from engine.daemon.house import House
from engine.daemon.living import Living
from engine.daemon.working import Worker
from engine.settings import Settings

ROOT = Path(__file__).parents[2]
CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
delivery: { by: folder, to: outbox }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy:
  categories:
    receipt: { class: service }
    care: { class: service, cap: 1 per 7 days }
"""
JOURNEY = """\
journey: {name}
title: {name}
status: live
category: {category}
enter: {{ when: order.placed }}
steps:
  - {{ id: mail, send: {name}/note }}
  - {{ id: rest, wait: 30 days }}
"""
MAIL = "---\nsubject: Thank you\n---\nThank you.\n"
LAYOUT = (ROOT / "templates/_layouts/plain.html.j2").read_text()
PEOPLE = 400


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str) -> Iterator[Path]:
    """A shop on PostgreSQL whose people, two to a mailbox, have all just ordered something.

    Everybody gets a receipt. A mailbox gets one mail of care in a week, so one of two is postponed.
    """
    monkeypatch.setenv("SINCERELY_DATABASE", postgres_url)
    monkeypatch.chdir(tmp_path)
    files = {"config.yaml": CONFIG, "templates/_layouts/letter.html.j2": LAYOUT}
    for name, category in (("receipt", "receipt"), ("hello", "care")):
        files[f"journeys/{name}.yaml"] = JOURNEY.format(name=name, category=category)
        files[f"templates/{name}/note.md.j2"] = MAIL
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    people = [f"p{n:03},m{n // 2}@shop.example" for n in range(PEOPLE)]
    (tmp_path / "people.csv").write_text("\n".join(["id,email", *people, ""]))
    sincerely("db", "upgrade")
    empty(postgres_url)
    sincerely("apply", "--yes")
    yield tmp_path
    empty(postgres_url)


def sincerely(*arguments: str) -> str:
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


def order(shop: Path) -> None:
    """Everybody orders once, now."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    events = [f"{n},p{n:03},order.placed,{now}" for n in range(PEOPLE)]
    (shop / "events.csv").write_text("\n".join(["id,person,name,at", *events, ""]))
    sincerely("import", "people", "people.csv")
    sincerely("import", "events", "events.csv")


def empty(url: str) -> None:
    from engine.adapters.db.tables import METADATA

    engine = connect(url)
    with writing(engine) as connection:
        for table in METADATA.sorted_tables:
            if table.name != "address_key":
                connection.execute(table.delete())
        for table in ("jobs", "workers"):
            connection.execute(text(f"DELETE FROM {SCHEMA}.procrastinate_{table}"))
    engine.dispose()


@contextmanager
def started(*commands: tuple[str, ...]) -> Iterator[list[subprocess.Popen[str]]]:
    """Real processes, stopped at the end: each has to end well, but for those that were killed."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "engine", "--project", str(Path.cwd()), *command],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    try:
        yield processes
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            _, errors = process.communicate(timeout=60)
            assert process.returncode in (0, -signal.SIGKILL), errors
    finally:
        for process in processes:
            process.kill()
            process.communicate()


@pytest.fixture
def engine(shop: Path, postgres_url: str) -> Iterator[Engine]:
    engine = connect(postgres_url)
    yield engine
    engine.dispose()


def until(engine: Engine, reached: Callable[[Connection], bool], seconds: int = 90) -> None:
    for _ in range(seconds * 20):
        with reading(engine) as connection:
            if reached(connection):
                return
        time.sleep(0.05)
    with reading(engine) as connection:
        raise AssertionError(f"it did not come to that: {messages(connection)}")


def count(connection: Connection, statement: str) -> int:
    return int(connection.execute(text(statement)).scalar_one())


def messages(connection: Connection) -> Counter[tuple[str, str]]:
    rows = connection.execute(text("SELECT mail, status FROM outbox"))
    return Counter((mail, status) for mail, status in rows)


def all_settled(connection: Connection) -> bool:
    return not count(connection, "SELECT count(*) FROM event WHERE pending") and not count(
        connection, "SELECT count(*) FROM outbox WHERE status IN ('queued', 'sending')"
    )


def hands(connection: Connection) -> int:
    return count(connection, f"SELECT count(*) FROM {SCHEMA}.procrastinate_workers")


def what_became(engine: Engine) -> list[tuple[object, ...]]:
    """Every message and every line of the trace, without its instant."""
    with reading(engine) as connection:
        sent = connection.execute(text("SELECT person_id, mail, status, reason FROM outbox"))
        trace = connection.execute(text("SELECT person_id, journey, what, reason FROM trace"))
        return sorted((tuple(row) for rows in (sent, trace) for row in rows), key=repr)


def in_the_folder(shop: Path) -> list[str]:
    return [path.name for path in (shop / "outbox").rglob("*.eml")]


def test_two_workers_do_what_one_daemon_does(shop: Path, engine: Engine, postgres_url: str) -> None:
    """R10.2, R3.3, R3.5: the same mails, postponements and reasons, and no cap broken by two at once."""
    order(shop)
    sincerely("run", "--once")
    alone = what_became(engine)
    assert len([row for row in alone if row[1:3] == ("hello/note", "sent")]) == PEOPLE // 2
    empty(postgres_url)
    sincerely("apply", "--yes")
    with started(("worker", "--queue", "decide"), ("worker",)):
        until(engine, lambda connection: hands(connection) == 3)
        order(shop)
        until(engine, lambda c: all_settled(c) and messages(c).total() == PEOPLE * 3 // 2)
    assert what_became(engine) == alone


def test_nothing_is_lost_or_doubled_when_workers_and_a_daemon_mix_and_one_is_killed(
    shop: Path, engine: Engine
) -> None:
    """R10.1, R10.2: what a killed worker had in hand comes back when its lease ends."""
    with started(("run",), ("worker",), ("worker",)) as (_, killed, _):
        until(engine, lambda connection: hands(connection) == 4)
        order(shop)
        until(engine, lambda connection: messages(connection).total() > 0)
        killed.kill()
        killed.communicate()
        for _ in range(3):
            time.sleep(0.5)
            leases_run_out(engine, killed.pid)
        until(engine, lambda c: all_settled(c) and messages(c).total() == PEOPLE * 3 // 2)
    with reading(engine) as connection:
        found = messages(connection)
        receipts = count(connection, "SELECT count(*) FROM run WHERE journey = 'receipt'")
        greedy = (
            "SELECT mailbox_key FROM slot WHERE mail = 'hello/note' GROUP BY 1 HAVING count(*) > 1"
        )
        assert connection.execute(text(greedy)).all() == []
    assert {status for _, status in found} <= {"sent", "unknown"}
    assert receipts == PEOPLE
    names = in_the_folder(shop)
    assert len(names) == len(set(names))
    assert len(names) >= sum(n for (_, status), n in found.items() if status == "sent")
    assert len(names) <= found.total()


def leases_run_out(engine: Engine, pid: int) -> None:
    """Time passes for what a killed process had in hand."""
    with writing(engine) as connection:
        for table in ("due", "outbox"):
            connection.execute(
                text(f"UPDATE {table} SET lease_until = 0 WHERE lease_owner LIKE :owner"),
                {"owner": f"worker-{pid}-%"},
            )


def test_a_worker_that_is_told_to_stop_leaves_nothing_claimed(shop: Path, engine: Engine) -> None:
    """R10.1: SIGTERM finishes the batch. The next worker goes on where it stopped."""
    order(shop)
    with started(("worker",)):
        until(engine, lambda connection: messages(connection).total() > 0)
    with reading(engine) as connection:
        assert count(connection, "SELECT count(*) FROM due WHERE lease_owner <> ''") == 0
        assert count(connection, "SELECT count(*) FROM outbox WHERE lease_owner <> ''") == 0
        jobs = "SELECT count(*) FROM {}.procrastinate_jobs WHERE status = 'doing'"
        assert count(connection, jobs.format(SCHEMA)) == 0
        assert hands(connection) == 0
    with started(("worker",)):
        until(engine, lambda c: all_settled(c) and messages(c).total() == PEOPLE * 3 // 2)


def test_a_worker_whose_connections_were_cut_listens_again(shop: Path, engine: Engine) -> None:
    """R10.1: as when the database is restarted."""
    with started(("worker",)):
        until(engine, lambda connection: hands(connection) == 2)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        order(shop)
        until(engine, lambda c: all_settled(c) and messages(c).total() == PEOPLE * 3 // 2)


def test_deciding_and_sending_are_scaled_apart(shop: Path, engine: Engine) -> None:
    order(shop)
    with started(("worker", "--queue", "decide")):
        until(engine, lambda connection: messages(connection).total() == PEOPLE * 3 // 2)
        with reading(engine) as connection:
            assert {status for _, status in messages(connection)} == {"queued"}
        assert "1 pair of hands" in sincerely("status")
    with started(("worker", "--queue", "send")):
        until(engine, lambda c: {status for _, status in messages(c)} == {"sent"})


def test_on_sqlite_a_worker_says_that_one_process_is_all(
    shop: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setenv("SINCERELY_DATABASE", sqlite_url)
    result = CliRunner().invoke(group, ["worker"])
    assert result.exit_code != 0
    assert "D121" in result.stderr
    assert "sincerely run" in result.stderr


def test_before_the_first_version_and_in_another_present_a_worker_says_what_to_do(
    shop: Path, postgres_url: str
) -> None:
    assert CliRunner().invoke(group, ["--at", "2026-03-02", "worker"]).exit_code == 2
    empty(postgres_url)
    result = CliRunner().invoke(group, ["worker"])
    assert result.exit_code == 1
    assert "sincerely apply" in result.stderr


def test_a_worker_whose_clock_is_off_decides_nothing_and_lets_others_look(
    shop: Path, engine: Engine
) -> None:
    """R10.3. The job stays in its hand, so it takes no second one from those whose clocks are right."""
    order(shop)
    settings = Settings(shop)
    fast = partial(ahead, timedelta(minutes=2))
    living = Living(engine, settings, "worker", fast)
    house = House(engine, settings, "worker")
    looked: list[int] = []

    def watch() -> None:
        try:
            until(engine, lambda connection: hands(connection) == 1)
            Jobs(engine).defer([everybody(SHARDS)])
            until(engine, lambda connection: jobs(connection, "doing") == 1)
            time.sleep(1)
            looked.append(Jobs(engine).defer([everybody(SHARDS)]))
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    watching = threading.Thread(target=watch)
    watching.start()
    Worker(engine, living, house, ("decide",), fast).run()
    watching.join()
    living.close()
    house.close()
    assert looked == [1], "another one can be asked for"
    with reading(engine) as connection:
        assert messages(connection).total() == 0
        assert jobs(connection, "todo") == 1


def ahead(length: timedelta) -> datetime:
    return clock() + length


def jobs(connection: Connection, status: str) -> int:
    return count(
        connection, f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs WHERE status = '{status}'"
    )
