"""Counting for caps (R3.2-3.5), against an oracle that looks at every instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendar import local
from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.counting import broken, counting, describe, free_at
from engine.domain.facts import Sent
from engine.domain.journey import Class

NY = "America/New_York"
NOW = datetime(2027, 3, 14, 16, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

CAPS = st.one_of(
    st.builds(RollingCap, st.integers(1, 4), st.sampled_from([HOUR, DAY, 7 * DAY])),
    st.builds(CalendarCap, st.integers(1, 4), st.sampled_from(["day", "week", "month"])),
    st.builds(GapCap, st.sampled_from([HOUR, 16 * HOUR])),
)
AGES = st.lists(st.integers(0, 40 * 24), max_size=10)


def sent(
    at: datetime, category: str = "news", klass: Class = Class.MARKETING, ghost: bool = False
) -> Sent:
    return Sent("p", "a/b", category, klass, at, ghost=ghost)


def full(cap: Cap, instants: list[datetime], now: datetime) -> bool:
    """Whether there is no room, read off the rule."""
    if isinstance(cap, GapCap):
        return any(now < at + cap.gap for at in instants)
    if isinstance(cap, RollingCap):
        return sum(now - cap.window < at <= now for at in instants) >= cap.times
    here = local(now, NY)
    same = {
        "day": lambda wall: wall.date() == here.date(),
        "week": lambda wall: wall.isocalendar()[:2] == here.isocalendar()[:2],
        "month": lambda wall: (wall.year, wall.month) == (here.year, here.month),
    }[cap.unit]
    return sum(same(local(at, NY)) for at in instants) >= cap.times


@given(cap=CAPS, ages=AGES)
def test_a_cap_is_broken_exactly_where_the_rule_says_so(cap: Cap, ages: list[int]) -> None:
    sends = [sent(NOW - age * HOUR) for age in ages]
    assert (broken(cap, sends, NOW, NY) is not None) is full(cap, [one.at for one in sends], NOW)


@given(cap=CAPS, ages=AGES)
def test_it_is_free_at_the_first_instant_that_has_room(cap: Cap, ages: list[int]) -> None:
    sends = [sent(NOW - age * HOUR) for age in ages]
    instants = [one.at for one in sends]
    free = free_at(cap, sends, NOW, NY)
    assert free is not None
    assert free >= NOW
    assert not full(cap, instants, free)
    if free > NOW:
        assert full(cap, instants, free - timedelta(microseconds=1))
        assert all(full(cap, instants, NOW + n * (free - NOW) / 50) for n in range(50))


def test_a_send_dated_ahead_by_another_clock_counts_already() -> None:
    """Invariant 2 of the house: workers whose clocks differ never let one too many through."""
    ahead = [sent(NOW + timedelta(seconds=20))]
    for cap in (RollingCap(1, DAY), CalendarCap(1, "day"), GapCap(HOUR)):
        assert broken(cap, ahead, NOW, NY) is not None


def test_no_room_at_all_is_never_free() -> None:
    assert free_at(RollingCap(0, DAY), (), NOW, NY) is None
    assert broken(CalendarCap(0, "day"), (), NOW, NY) == "0 per calendar day: sent none"


def test_a_category_counts_its_own_and_marketing_counts_all_marketing() -> None:
    """R3.4, R3.5."""
    sends = [
        sent(NOW),
        sent(NOW, "promotion"),
        sent(NOW, "receipt", Class.TRANSACTIONAL),
        sent(NOW, ghost=True),
    ]
    assert counting(sends, "news", ghosts=False) == (sends[0],)
    assert counting(sends, None, ghosts=False) == (sends[0], sends[1])
    assert counting(sends, "receipt", ghosts=False) == (sends[2],)
    assert counting(sends, None, ghosts=True) == (sends[3],)


def test_a_cap_is_described_as_it_is_written() -> None:
    assert describe(RollingCap(3, 7 * DAY)) == "3 per 7 days"
    assert describe(RollingCap(1, DAY + 2 * HOUR)) == "1 per 1 day 2 hours"
    assert describe(CalendarCap(1, "week")) == "1 per calendar week"
    assert describe(GapCap(16 * HOUR)) == "at least 16 hours apart"
    assert describe(GapCap(timedelta(minutes=1, seconds=5))) == "at least 1 minute 5 seconds apart"
