"""`pause` and `resume` of one journey: nobody enters it by what was scheduled meanwhile (R2.11), and
what was in force before can still be told."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from engine.adapters.db import switches, versions
from engine.adapters.db.connect import writing
from engine.application.ports.deployments import Version

APPLIED = datetime(2026, 3, 1, tzinfo=UTC)
PAUSED = APPLIED + timedelta(days=1)
RESUMED = APPLIED + timedelta(days=3)


def test_a_resumed_journey_is_open_from_then_on_and_the_others_as_before(
    store_engine: Engine,
) -> None:
    since = {"birthday": APPLIED, "welcome": APPLIED}
    with writing(store_engine) as connection:
        versions.apply_version(connection, Version("h", {}, APPLIED, journeys_since=since), {})
        switches.pause(connection, PAUSED, "birthday")
        assert switches.resume(connection, RESUMED, "birthday")
        found = versions.in_force(connection)
        before = versions.in_force(connection, PAUSED)
    assert found is not None
    assert found.journeys_since == {"birthday": RESUMED, "welcome": APPLIED}
    assert before is not None
    assert before.journeys_since == since


def test_resuming_the_engine_changes_no_journey(store_engine: Engine) -> None:
    with writing(store_engine) as connection:
        version = Version("h", {}, APPLIED, journeys_since={"birthday": APPLIED})
        versions.apply_version(connection, version, {})
        switches.pause(connection, PAUSED)
        assert switches.resume(connection, RESUMED)
        found = versions.in_force(connection)
    assert found is not None
    assert found.journeys_since == {"birthday": APPLIED}
