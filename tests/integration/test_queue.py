"""The queue between processes: jobs are hints, asked for with the work and never in its way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from engine.adapters.db.clock import Clock
from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.schema import upgrade
from engine.adapters.db.stored import SHARDS
from engine.adapters.db.waiting import DatabaseWaiting
from engine.adapters.queue import install
from engine.adapters.queue.jobs import SCHEMA, Jobs, defer, glance
from engine.adapters.system_clock import now as clock
from engine.application.ports.queue import Job
from engine.application.share_out import everybody
from engine.bootstrap import intake_of, make_queue, require_queue
from engine.daemon.living import Living
from engine.domain.arrival import PersonArrived
from engine.domain.errors import SetupError
from engine.settings import Settings

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
ANN = PersonArrived("ann", "ann@x.org", "ann@x.org", {}, NOW)


@pytest.fixture
def engine(postgres_database: str) -> Iterator[Engine]:
    """A database with a fresh queue, in which one worker was seen just now."""
    engine = connect(postgres_database)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    make_queue(engine)
    seen(engine)
    yield engine
    engine.dispose()


def seen(engine: Engine, ago: timedelta = timedelta(0)) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO {SCHEMA}.procrastinate_workers (last_heartbeat)"
                " VALUES (now() - CAST(:ago AS interval))"
            ),
            {"ago": ago},
        )


def waiting(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(
            text(f"SELECT queueing_lock, status FROM {SCHEMA}.procrastinate_jobs ORDER BY id")
        )
        return [(name, status) for name, status in rows]


def test_a_job_is_asked_for_in_the_transaction_that_makes_the_work(engine: Engine) -> None:
    """R10.1: rolled back with it, there with it."""
    with pytest.raises(LookupError), writing(engine) as connection:
        defer(connection, [everybody(SHARDS)])
        raise LookupError
    assert waiting(engine) == []
    intake_of(engine).take_in([ANN], NOW)
    assert waiting(engine) == [("decide 0+256", "todo")]


def test_a_job_that_waits_is_not_asked_for_twice(engine: Engine) -> None:
    assert Jobs(engine).defer([Job("send"), Job("send", 1)]) == 2
    assert Jobs(engine).defer([Job("send"), Job("send", 2)]) == 1


def test_two_transactions_that_ask_for_the_same_job_do_not_wait_for_each_other(
    engine: Engine,
) -> None:
    with writing(engine) as first:
        assert defer(first, [everybody(SHARDS)]) == 1
        with engine.begin() as second:
            second.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert defer(second, [everybody(SHARDS), Job("send")]) == 1
    assert sorted(name for name, _ in waiting(engine)) == ["decide 0+256", "send 0+1"]


def test_where_no_worker_has_been_seen_lately_nobody_is_asked(engine: Engine) -> None:
    """A daemon alone fills no queue that nobody empties."""
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {SCHEMA}.procrastinate_workers"))
    seen(engine, ago=timedelta(minutes=2))
    assert Jobs(engine).defer([Job("send")]) == 0
    with reading(engine) as connection:
        found = glance(connection)
    assert found is not None
    assert (found.hands, found.jobs) == (0, {})


def test_a_job_in_hand_keeps_no_like_job_from_being_asked_for(engine: Engine) -> None:
    """A killed worker leaves a job that is being done for ever; its shards are looked at all the same."""
    jobs = Jobs(engine)
    assert jobs.defer([everybody(SHARDS)]) == 1
    with engine.begin() as connection:
        connection.execute(
            text(
                f"UPDATE {SCHEMA}.procrastinate_jobs SET status = 'doing',"
                f" worker_id = (SELECT id FROM {SCHEMA}.procrastinate_workers)"
            )
        )
    assert jobs.defer([everybody(SHARDS)]) == 1


def test_jobs_of_workers_that_were_killed_are_swept_and_those_of_the_living_are_not(
    engine: Engine,
) -> None:
    jobs = Jobs(engine)
    seen(engine, ago=timedelta(minutes=10))
    jobs.defer([Job("send"), Job("send", 1), Job("send", 2)])
    with engine.begin() as connection:
        for which, order in (("send 0+1", "DESC"), ("send 1+1", "ASC")):
            connection.execute(
                text(
                    f"UPDATE {SCHEMA}.procrastinate_jobs SET status = 'doing', worker_id = (SELECT id"
                    f" FROM {SCHEMA}.procrastinate_workers ORDER BY last_heartbeat {order} LIMIT 1)"
                    " WHERE queueing_lock = :name"
                ),
                {"name": which},
            )
    assert jobs.sweep() == 1
    assert sorted(waiting(engine)) == [("send 0+1", "doing"), ("send 2+1", "todo")]
    assert jobs.sweep() == 0


def test_what_is_due_is_counted_by_shard_without_what_is_in_hand(store_engine: Engine) -> None:
    from engine.adapters.db import due

    people = [PersonArrived(f"p{n}", f"m{n}@x.org", f"m{n}@x.org", {}, NOW) for n in range(50)]
    with writing(store_engine) as connection:
        ingest(connection, people, NOW)
    looking = DatabaseWaiting(store_engine)
    assert sum(looking.people(NOW)) == 50
    assert len(looking.people(NOW)) == SHARDS
    due.claim(store_engine, NOW, 20, "w", timedelta(minutes=2))
    assert sum(looking.people(NOW)) == 30
    assert sum(looking.people(NOW + timedelta(minutes=2))) == 50, "its lease has run out"
    assert looking.messages(NOW) == 0


def test_one_process_at_a_time_is_the_clock(store_engine: Engine) -> None:
    one, other = Clock(store_engine), Clock(store_engine)
    assert one.is_ours()
    assert one.is_ours()
    several = store_engine.dialect.name == "postgresql"
    assert other.is_ours() is not several, "SQLite has one process"
    one.release()
    assert other.is_ours()
    other.release()


def test_a_clock_whose_connection_was_cut_is_the_clock_no_more(postgres_database: str) -> None:
    engine = connect(postgres_database)
    one, other = Clock(engine), Clock(engine)
    assert one.is_ours()
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
                " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        )
    assert other.is_ours()
    assert not one.is_ours()
    other.release()
    engine.dispose()


def test_a_process_whose_clock_is_off_is_not_the_clock(engine: Engine, tmp_path: Path) -> None:
    """R10.3: it neither shares out nor keeps others from it."""
    living = Living(engine, Settings(tmp_path), "test")
    swept = living.sharing()[1]
    assert swept.name == "sweep"
    swept.work(clock(), bool)
    other = Clock(engine)
    assert not other.is_ours()
    assert waiting(engine) == [("send 0+1", "todo")]
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {SCHEMA}.procrastinate_jobs"))
    swept.work(clock() + timedelta(minutes=2), bool)
    assert waiting(engine) == []
    assert other.is_ours()
    other.release()
    living.close()


def test_an_upgrade_makes_the_queue_once_and_anew_for_another_version(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make_queue(engine) is None
    require_queue(engine)
    Jobs(engine).defer([Job("send")])
    monkeypatch.setattr(install, "installed", lambda: "procrastinate 99.0")
    with pytest.raises(SetupError) as refused:
        require_queue(engine)
    assert refused.value.code == "D123"
    assert make_queue(engine) == "procrastinate 99.0"
    assert waiting(engine) == [], "jobs are hints"
    require_queue(engine)


def test_without_the_library_a_worker_says_what_to_install(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "installed", lambda: None)
    assert make_queue(engine) is None
    with pytest.raises(SetupError, match="not installed") as refused:
        require_queue(engine)
    assert refused.value.code == "D122"
    assert "sincerely[workers]" in refused.value.help


def test_a_role_that_may_not_make_a_schema_is_told_which_right_it_lacks(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        connection.execute(text("DROP ROLE IF EXISTS small"))
        connection.execute(text("CREATE ROLE small LOGIN"))
    small = connect(engine.url.set(username="small").render_as_string(hide_password=False))
    with pytest.raises(SetupError, match="permission denied") as refused:
        make_queue(small)
    assert refused.value.code == "D124"
    small.dispose()
    with engine.begin() as connection:
        connection.execute(text("DROP ROLE small"))


def test_sqlite_has_no_queue_and_takes_arrivals_in_as_ever(sqlite_url: str) -> None:
    engine = connect(sqlite_url)
    assert make_queue(engine) is None
    assert intake_of(engine).take_in([ANN], NOW).people == 1
    with reading(engine) as connection:
        assert glance(connection) is None
    engine.dispose()


def test_a_database_without_a_queue_takes_arrivals_in_as_ever(postgres_database: str) -> None:
    engine = connect(postgres_database)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    bob = PersonArrived("bob", "bob@x.org", "bob@x.org", {}, NOW)
    assert intake_of(engine).take_in([bob], NOW).people == 1
    assert Jobs(engine).sweep() == 0
    upgrade(postgres_database)
    engine.dispose()
