"""New thresholds change stages, and say so (R6.1, R6.2)."""

from datetime import UTC, datetime, timedelta

from engine.domain.changes import Life, Noted
from engine.domain.event import Event
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Policy
from engine.domain.lifecycle import Thresholds
from engine.domain.person import Person
from engine.domain.turn import turn

ORDERED = datetime(2026, 1, 1, tzinfo=UTC)
LEARNED = ORDERED + timedelta(days=60)


def rules(at_risk: int) -> Rulebook:
    thresholds = Thresholds(timedelta(days=at_risk), timedelta(days=400), holds_from=LEARNED)
    return Rulebook({}, {}, (), Policy({}), {}, thresholds=thresholds)


def ordered_once() -> Life:
    order = Event("o1", "order.placed", ORDERED, {"total": 10})
    life = Life(Facts(Person("p", created_at=ORDERED)))
    life = turn(rules(100), life, [order], ORDERED).life
    return turn(rules(100), life, (), LEARNED).life


def changes(life: Life, at_risk: int, now: datetime) -> list[tuple[object, object, object, bool]]:
    taken = turn(rules(at_risk), life, (), now)
    return [
        (e.properties["from"], e.properties["to"], e.properties["because"], e.starts)
        for e in (change.event for change in taken.changes if isinstance(change, Noted))
        if e.name == "stage.changed"
    ]


def test_a_stage_that_new_thresholds_change_is_announced_and_starts_nothing() -> None:
    assert changes(ordered_once(), 50, LEARNED) == [("active", "at-risk", "new thresholds", False)]


def test_a_stage_that_time_changes_by_the_same_thresholds_may_start_a_journey() -> None:
    later = ORDERED + timedelta(days=100, microseconds=1)
    assert changes(ordered_once(), 100, later) == [
        ("active", "at-risk", "time since the last order", True)
    ]


def test_thresholds_that_change_nothing_for_a_person_say_nothing() -> None:
    assert changes(ordered_once(), 90, LEARNED) == []
