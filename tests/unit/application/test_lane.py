"""R10.5: the way out closes after trouble, for longer each time, and few messages are at stake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.application.lane import LONGEST_WAIT, Lane
from engine.domain.message import Receipt

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
AWAY = Receipt("later", detail="connection refused")
TAKEN = Receipt("accepted")


def test_the_wait_doubles_and_never_passes_five_minutes() -> None:
    lane, now, waits = Lane(), NOW, []
    for _ in range(9):
        lane.hears(AWAY, now)
        assert lane.opens_at is not None
        assert not lane.is_open(lane.opens_at - timedelta(microseconds=1))
        waits.append((lane.opens_at - now).total_seconds())
        now = lane.opens_at
        assert lane.is_open(now)
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]


@pytest.mark.parametrize(
    "answer", [TAKEN, Receipt("refused"), Receipt("later", paced=True)], ids=lambda r: r.outcome
)
def test_an_answer_opens_the_way_whatever_it_is(answer: Receipt) -> None:
    lane = Lane()
    lane.hears(AWAY, NOW)
    lane.hears(answer, NOW)
    assert lane.is_open(NOW)
    lane.hears(AWAY, NOW)
    assert lane.opens_at == NOW + timedelta(seconds=5), "the next outage is a new one"


def test_an_answer_that_never_came_is_trouble_too() -> None:
    """Each one costs a message whose outcome nobody knows."""
    lane = Lane()
    lane.hears(Receipt("unknown"), NOW)
    assert not lane.is_open(NOW)


def test_a_way_that_somebody_has_to_mend_rests_for_longest() -> None:
    lane = Lane()
    lane.hears(Receipt("later", stops_lane=True), NOW)
    assert lane.opens_at == NOW + LONGEST_WAIT


def test_as_many_messages_are_at_stake_as_leave_in_a_tenth_of_a_second() -> None:
    lane = Lane()
    for _ in range(6):
        lane.took(timedelta(milliseconds=20))
    assert lane.group() == 50
    for _ in range(7):
        lane.took(timedelta(seconds=2))
    assert lane.group() == 1
    lane.took(timedelta(milliseconds=20))
    assert lane.group() == 2
    lane.hears(AWAY, NOW)
    assert lane.group() == 1, "while there is trouble one message tries the way"


def test_an_outage_is_said_once_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    lane = Lane()
    for answer in (TAKEN, AWAY, AWAY, AWAY, TAKEN, TAKEN):
        lane.hears(answer, NOW)
    assert [record.message for record in caplog.records] == ["delivery stopped", "delivery goes on"]
