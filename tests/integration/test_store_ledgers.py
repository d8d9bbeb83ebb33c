"""Versions, the switch, thresholds, approvals, tasks, suppression, traces and counts."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from engine.adapters.db import (
    approvals,
    due,
    stats,
    suppressions,
    switches,
    tasks,
    thresholds,
    traces,
    versions,
)
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.turns import store
from engine.application.ports.deployments import Version
from engine.domain.arrival import PersonArrived
from engine.domain.facts import Facts, Judgement, Rulebook
from engine.domain.journey import Policy
from engine.domain.lifecycle import Thresholds
from engine.domain.reasons import Reason
from engine.domain.run import Run
from engine.domain.turn import Change, Joined, Life, Moved, TaskOpened, TaskRaised, Traced, Turn

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
LEASE = timedelta(minutes=1)
RULES = Rulebook(journeys={}, segments={}, personas=(), policy=Policy(categories={}), mails={})


def test_the_last_version_applied_is_in_force_and_makes_everybody_due(
    store_engine: Engine,
) -> None:
    """R2.8"""
    _person(store_engine)
    due.claim(store_engine, NOW, 10, "w", LEASE)
    first = Version("h1", {"journeys/a.yaml": "journey: ü"}, NOW, "ann")
    second = Version(
        "h2",
        {"journeys/a.yaml": "journey: b"},
        NOW + DAY,
        assets={"templates/_assets/cup.png": "d1"},
        segments_since={"vips": NOW},
        journeys_since={"a": NOW + DAY},
    )
    with writing(store_engine) as connection:
        assert versions.current_version(connection) is None
        assert versions.current_hash(connection) is None
        versions.apply_version(connection, first, {})
        assert versions.apply_version(connection, second, {"d1": ("cup.png", b"\x00png")}) == 1
        versions.apply_version(connection, second, {"d1": ("cup.png", b"\x00png")})
    with reading(store_engine) as connection:
        assert versions.current_version(connection) == second
        assert versions.current_hash(connection) == "h2"
        assert versions.version_by_hash(connection, "h1") == first
        assert versions.picture(connection, "d1") == ("cup.png", b"\x00png")
        assert versions.picture(connection, "d2") is None
        assert due.next_due(connection, NOW - timedelta(seconds=1)) == NOW


def test_a_turn_that_an_older_version_decided_is_not_stored(store_engine: Engine) -> None:
    """R2.8: a step runs in the version that is live when it runs."""
    _person(store_engine)
    [visit] = _claim(store_engine)
    with writing(store_engine) as connection:
        versions.apply_version(connection, Version("h1", {}, NOW), {})
    with writing(store_engine) as connection:
        decided = Turn(visit.life, (), None)
        assert store(connection, [(visit, decided)], RULES, NOW, "w") == frozenset()
    assert [again.person_id for again in _claim(store_engine)] == ["p"]


def test_the_switch_pauses_the_engine_or_one_journey(store_engine: Engine) -> None:
    """R2.11"""
    with writing(store_engine) as connection:
        assert switches.paused(connection) == (False, frozenset())
        switches.pause(connection, NOW, "welcome", "ann")
        switches.pause(connection, NOW, "welcome", "ann")
        assert switches.paused(connection) == (False, {"welcome"})
        switches.pause(connection, NOW)
        assert switches.paused(connection) == (True, {"welcome"})
        assert switches.resume(connection, NOW + DAY)
        assert not switches.resume(connection, NOW + DAY)
        assert switches.paused(connection) == (False, {"welcome"})


def test_thresholds_hold_from_their_day_until_the_next(store_engine: Engine) -> None:
    """R6.2"""
    learned = Thresholds(60 * DAY, 120 * DAY, 20 * DAY, NOW, "80th and 95th percentile")
    with writing(store_engine) as connection:
        thresholds.record_thresholds(connection, learned, NOW)
        thresholds.record_thresholds(connection, learned, NOW)
        assert thresholds.thresholds_at(connection, NOW - DAY) == Thresholds()
        assert thresholds.thresholds_at(connection, NOW) == learned
        assert thresholds.thresholds_at(connection, NOW + DAY) == learned


def test_a_judged_draft_is_seen_by_the_turn_of_its_person(store_engine: Engine) -> None:
    """R7.3"""
    _person(store_engine)
    with writing(store_engine) as connection:
        no, yes = Judgement(False, "ann", NOW, "too long"), Judgement(True, "bob", NOW + DAY)
        approvals.judge(connection, [approvals.Judged("v1", "s1", "p", no)], ["p"])
        approvals.judge(connection, [approvals.Judged("v1", "s1", "p", yes)], ["p"])
        approvals.judge(connection, [approvals.Judged("v1", "hello", None, no)], [])
        assert approvals.first_sends(connection) == {("v1", "hello"): no}
        assert approvals.judged_drafts(connection) == {("v1", "s1"): yes}
        [visit] = load(connection, ["p"], NOW)
    assert visit.life.facts.judged == {("v1", "s1"): yes}


def test_a_task_is_open_until_somebody_closes_it(store_engine: Engine) -> None:
    """R2.7"""
    opened = TaskOpened("abc1", "r", "apology", "call", "care", "angry", "now", NOW, NOW + DAY, "b")
    _take_turn(store_engine, opened)
    with writing(store_engine) as connection:
        [task] = tasks.open_tasks(connection, NOW)
        assert (task.opened, task.person_id) == (opened, "p")
        assert tasks.open_tasks(connection, NOW, "care") == [task]
        assert tasks.open_tasks(connection, NOW, "billing") == []
        assert tasks.find_task(connection, "abc") == task
        assert tasks.find_task(connection, "xyz") is None
        assert tasks.close_task(connection, "abc1", NOW + DAY, "ann", "called")
        assert not tasks.close_task(connection, "abc1", NOW + DAY, "bob")
        assert tasks.open_tasks(connection, NOW) == []
        closed = tasks.find_task(connection, "abc1")
    assert closed is not None
    assert (closed.closed_at, closed.closed_by, closed.note) == (NOW + DAY, "ann", "called")


def test_a_day_that_the_law_gives_makes_an_open_task_due_sooner_and_never_later(
    store_engine: Engine,
) -> None:
    """GDPR Art. 12(3)"""
    _take_turn(store_engine, TaskOpened("t", "", "", "", "care", "asks", "today", NOW, None))
    ends = []
    with writing(store_engine) as connection:
        for until in (None, NOW + 30 * DAY, NOW + 9 * DAY, NOW + 20 * DAY, None):
            tasks.raise_task(connection, TaskRaised("t", "today", False, NOW, True, until))
            [task] = tasks.open_tasks(connection, NOW)
            ends.append(task.opened.until)
    assert ends == [None, NOW + 30 * DAY, *[NOW + 9 * DAY] * 3]


@pytest.mark.parametrize(
    ("because", "lifted"),
    [("hard_bounce", True), ("manual", True), ("complaint", False), ("opt_out", False)],
)
def test_a_bounce_may_be_lifted_but_a_complaint_never(
    store_engine: Engine, because: str, lifted: bool
) -> None:
    """R5.8; the command `suppression remove`"""
    _person(store_engine)
    with writing(store_engine) as connection:
        assert suppressions.suppress(connection, "p@x.org", because, NOW, "provider")
        assert not suppressions.suppress(connection, "p@x.org", "hard_bounce", NOW)
        [visit] = load(connection, ["p"], NOW)
        assert visit.life.facts.suppressed == because
        [listed] = suppressions.all_suppressions(connection)
        assert (listed.address, listed.since, listed.source) == ("p@x.org", NOW, "provider")
        stays = suppressions.lift(connection, "p@x.org", NOW, "ann")
        assert (stays is None) is lifted
        assert (suppressions.find_suppression(connection, "p@x.org") is None) is lifted


def test_a_complaint_takes_the_place_of_a_bounce(store_engine: Engine) -> None:
    """R5.8"""
    with writing(store_engine) as connection:
        suppressions.suppress(connection, "p@x.org", "hard_bounce", NOW)
        assert not suppressions.suppress(connection, "p@x.org", "complaint", NOW + DAY)
        found = suppressions.find_suppression(connection, "p@x.org")
    assert found is not None
    assert found.because == "complaint"


def test_a_suppressed_address_stays_so_when_its_person_has_a_new_one(
    store_engine: Engine,
) -> None:
    """Scenario 35"""
    _person(store_engine)
    with writing(store_engine) as connection:
        suppressions.suppress(connection, "p@x.org", "hard_bounce", NOW)
        ingest(connection, [PersonArrived("p", "new@x.org", "new@x.org", {}, NOW)], NOW)
        [visit] = load(connection, ["p"], NOW)
        assert visit.life.facts.suppressed is None
        assert suppressions.find_suppression(connection, "p@x.org") is not None


def test_the_trace_tells_what_happened_between_two_instants(store_engine: Engine) -> None:
    lines = tuple(
        Traced(at, journey, "r", "hello", "postponed", Reason.QUIET_HOURS, "night", {"n": 1}, "v1")
        for at, journey in ((NOW, "a"), (NOW, "b"), (NOW + DAY, "a"))
    )
    _take_turn(store_engine, *lines)
    with reading(store_engine) as connection:
        assert traces.traces_of(connection, "p") == list(lines)
        assert traces.traces_of(connection, "p", until=NOW) == list(lines[:2])
        assert traces.traces_of(connection, "p", since=NOW + DAY) == [lines[2]]
        assert traces.traces_of(connection, "p", journey="b") == [lines[1]]
        assert traces.traces_of(connection, "nobody") == []


def test_the_counts_tell_the_state_of_the_engine(store_engine: Engine) -> None:
    _take_turn(store_engine, Moved(Run("r", "a", "p", "k", NOW, "v", "hello", NOW)))
    _person(store_engine, "q")
    with reading(store_engine) as connection:
        counted = stats.counts(connection, NOW)
        assert stats.people_at_steps(connection) == {"a": {"hello": 1}}
        assert stats.segment_sizes(connection) == {}
    assert (counted.people, counted.overdue, counted.overdue_since) == (2, 1, NOW)
    assert (counted.live_runs, counted.messages) == ({"a": 1}, {})
    assert (counted.events, counted.open_tasks, counted.suppressed, counted.in_hand) == (0, 0, 0, 0)


def test_segment_sizes_follow_the_memberships(store_engine: Engine) -> None:
    _person(store_engine)
    [visit] = _claim(store_engine)
    life = Life(Facts(visit.life.facts.person, memberships={"vips": NOW}))
    with writing(store_engine) as connection:
        store(connection, [(visit, Turn(life, (Joined("vips", NOW),), None))], RULES, NOW, "w")
        assert stats.segment_sizes(connection) == {"vips": 1}


def test_a_process_killed_within_a_transaction_leaves_the_state_before_it(database: str) -> None:
    """R10.1: no exception, no roll-back by hand, just gone."""
    code = (
        "import os, sys\n"
        "from datetime import datetime, UTC\n"
        "from engine.adapters.db.connect import connect, writing\n"
        "from engine.adapters.db.events import ingest\n"
        "from engine.domain.arrival import PersonArrived\n"
        "now = datetime(2027, 3, 4, tzinfo=UTC)\n"
        "engine = connect(sys.argv[1])\n"
        "with writing(engine) as connection:\n"
        "    ingest(connection, [PersonArrived('before', None, None, {}, now)], now)\n"
        "with writing(engine) as connection:\n"
        "    ingest(connection, [PersonArrived('within', None, None, {}, now)], now)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, database], check=False)
    assert killed.returncode == -9
    from engine.adapters.db.connect import connect
    from engine.adapters.db.people import page

    engine = connect(database)
    with reading(engine) as connection:
        assert [person.id for person in page(connection)] == ["before"]
    engine.dispose()


def _person(engine: Engine, person_id: str = "p") -> None:
    address = f"{person_id}@x.org"
    with writing(engine) as connection:
        ingest(connection, [PersonArrived(person_id, address, address, {}, NOW)], NOW)


def _claim(engine: Engine):  # type: ignore[no-untyped-def]
    claimed = due.claim(engine, NOW, 10, "w", LEASE)
    with reading(engine) as connection:
        return load(connection, [c.person_id for c in claimed], NOW)


def _take_turn(engine: Engine, *changes: Change) -> None:
    _person(engine)
    [visit] = _claim(engine)
    with writing(engine) as connection:
        store(connection, [(visit, Turn(visit.life, changes, None))], RULES, NOW, "w")
