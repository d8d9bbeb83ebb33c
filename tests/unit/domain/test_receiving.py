"""What arrives changes what is known (R5.10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.arrival import Arrival, ConsentArrived, MessageRead
from engine.domain.consent import ConsentEntry, State
from engine.domain.facts import Facts
from engine.domain.person import Person
from engine.domain.profile import hand_written
from engine.domain.receiving import receive

START, DAY = datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(days=1)


def line(state: State, day: int, topic: str = "profiling_emotion") -> ConsentArrived:
    return ConsentArrived("p", ConsentEntry(topic, state, START + day * DAY, own_act=True))


def message(day: int) -> MessageRead:
    return MessageRead("p", hand_written(f"m{day}", START + day * DAY, {"angry": 0.8}))


def kept(*arrivals: Arrival) -> list[str]:
    facts = Facts(Person("p"))
    for arrival in arrivals:
        facts = receive(facts, arrival)  # type: ignore[arg-type]
    return [reading.message for reading in facts.readings]


def test_a_mood_is_kept_with_consent_of_its_time_only() -> None:
    """R5.10"""
    assert kept(message(1)) == []
    assert kept(line("express", 0), message(1)) == ["m1"]
    assert kept(line("express", 2), message(1)) == []
    assert kept(line("express", 0), message(1), message(1)) == ["m1"]


@pytest.mark.parametrize("topic", ["profiling_emotion", "*"])
def test_a_withdrawal_clears_what_was_read_and_what_comes_late(topic: str) -> None:
    """R5.10, scenario 36: also one that leaves everything, and also when they agree again later."""
    agreed, left, again = line("express", 0), line("unsubscribed", 3, topic), line("express", 5)
    assert kept(agreed, message(1), left) == []
    assert kept(agreed, left, message(1)) == []
    assert kept(agreed, left, again, message(1)) == []
    assert kept(agreed, message(1), left, again, message(6)) == ["m6"]
