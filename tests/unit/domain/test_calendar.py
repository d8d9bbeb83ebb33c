"""Wall times, instants and windows (R2.1, R3.2, R4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendar import (
    add,
    anniversary,
    back,
    closing_of,
    inside,
    instant,
    local,
    midnight,
    next_anniversary,
    next_closing,
    next_opening,
    next_outside,
    next_time_of_day,
    next_weekday,
    next_working_day,
    period,
)
from engine.domain.duration import Duration
from engine.domain.journey import Window

NY = "America/New_York"
ZONES = st.sampled_from(
    [NY, "UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia"]
)  # fmt: skip
INSTANTS = st.datetimes(datetime(2008, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1)
HOURS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    return instant(datetime.fromisoformat(text), NY)


def test_a_wall_time_in_the_gap_moves_forward_by_the_gap() -> None:
    """R4.3, scenario 2."""
    found = instant(datetime(2027, 3, 14, 2, 30), NY)
    assert found == utc("2027-03-14T07:30")
    assert local(found, NY) == datetime(2027, 3, 14, 3, 30)


def test_a_wall_time_that_repeats_means_the_first() -> None:
    """R4.3, scenario 3."""
    assert instant(datetime(2027, 11, 7, 1, 30), NY) == utc("2027-11-07T05:30")
    assert local(utc("2027-11-07T06:30"), NY) == datetime(2027, 11, 7, 1, 30)


@given(moment=INSTANTS, zone=ZONES)
def test_going_to_the_wall_and_back_is_the_same_or_the_first_of_two(
    moment: datetime, zone: str
) -> None:
    there = instant(local(moment, zone), zone)
    assert there == moment or (there < moment and local(there, zone) == local(moment, zone))


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2027-01-31 10:00", Duration(months=1), "2027-02-28 10:00"),
        ("2028-01-31 10:00", Duration(months=1), "2028-02-29 10:00"),
        ("2027-01-31 10:00", Duration(months=1, days=1), "2027-03-01 10:00"),
        ("2027-11-30 10:00", Duration(months=3), "2028-02-29 10:00"),
        ("2027-03-13 10:00", Duration(days=1), "2027-03-14 10:00"),
        ("2027-03-13 10:00", Duration(elapsed=timedelta(hours=24)), "2027-03-14 11:00"),
        ("2027-03-13 02:30", Duration(days=1), "2027-03-14 03:30"),
        ("2027-03-13 23:30", Duration(days=1, elapsed=timedelta(hours=1)), "2027-03-15 00:30"),
    ],
)
def test_days_are_dates_and_hours_are_hours(start: str, length: Duration, end: str) -> None:
    """R2.1, scenario 4."""
    assert add(wall(start), length, NY) == wall(end)


def test_a_length_back_is_the_length_in_the_other_direction() -> None:
    two_days = Duration(days=2)
    assert add(wall("2027-03-15 10:00"), back(two_days), NY) == wall("2027-03-13 10:00")
    assert back(back(two_days)) == two_days


def test_an_hour_added_in_the_repeated_hour_is_an_hour() -> None:
    second = utc("2027-11-07T06:30")
    assert add(second, Duration(elapsed=timedelta(hours=1)), NY) == utc("2027-11-07T07:30")


@pytest.mark.parametrize(
    ("unit", "start", "end", "hours"),
    [
        ("day", "2027-03-14 00:00", "2027-03-15 00:00", 23),
        ("week", "2027-03-08 00:00", "2027-03-15 00:00", 7 * 24 - 1),
        ("month", "2027-03-01 00:00", "2027-04-01 00:00", 31 * 24 - 1),
    ],
)
def test_a_period_is_local(unit: str, start: str, end: str, hours: int) -> None:
    """R3.2: a DST day has 23 hours."""
    found = period(wall("2027-03-14 12:00"), unit, NY)  # type: ignore[arg-type]
    assert found == (wall(start), wall(end))
    assert found[1] - found[0] == timedelta(hours=hours)


@given(moment=INSTANTS, zone=ZONES, unit=st.sampled_from(["day", "week", "month"]))
def test_periods_touch_and_contain_their_instant(moment: datetime, zone: str, unit: str) -> None:
    start, end = period(moment, unit, zone)  # type: ignore[arg-type]
    assert start <= moment < end
    assert period(end, unit, zone)[0] == end  # type: ignore[arg-type]
    assert start == midnight(local(start, zone).date(), zone)


@given(moment=INSTANTS, zone=ZONES, at=HOURS)
def test_the_next_time_of_day_is_the_first(moment: datetime, zone: str, at: time) -> None:
    found = next_time_of_day(moment, at, zone)
    assert moment <= found <= moment + timedelta(hours=50)
    assert found == instant(datetime.combine(local(found, zone).date(), at), zone) or (
        local(found, zone).time() > at
    )


def test_the_next_weekday_may_be_today() -> None:
    tuesday = wall("2027-03-09 09:00")
    assert next_weekday(tuesday, 1, time(9), NY) == tuesday
    assert next_weekday(tuesday + timedelta(seconds=1), 1, time(9), NY) == wall("2027-03-16 09:00")
    assert next_weekday(tuesday, 0, time(9), NY) == wall("2027-03-15 09:00")


def test_a_leap_day_is_never_missed_and_never_twice() -> None:
    """R4.6, scenario 20."""
    born = date(2000, 2, 29)
    assert [anniversary(born, year) for year in (2027, 2028)] == [
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]
    assert anniversary(born, 2027, "mar1") == date(2027, 3, 1)
    assert next_anniversary(born, date(2027, 3, 1)) == date(2028, 2, 29)
    assert next_anniversary(born, date(2027, 3, 1), "mar1") == date(2027, 3, 1)
    assert next_anniversary(date(1990, 7, 4), date(2027, 7, 5)) == date(2028, 7, 4)


# ── windows ───────────────────────────────────────────────────────────────────────────────────

NIGHT = Window(time(22), time(8))
OFFICE = Window(time(9), time(18), frozenset(range(5)))


def test_a_window_wraps_midnight() -> None:
    """R4.2."""
    assert inside(NIGHT, wall("2027-03-03 22:00"), NY)
    assert inside(NIGHT, wall("2027-03-04 07:59:59"), NY)
    assert not inside(NIGHT, wall("2027-03-04 08:00"), NY)
    assert next_outside(NIGHT, wall("2027-03-03 23:10"), NY) == wall("2027-03-04 08:00")
    assert next_outside(NIGHT, wall("2027-03-03 12:00"), NY) == wall("2027-03-03 12:00")


def test_the_weekday_is_that_of_the_start() -> None:
    friday_night = Window(time(22), time(2), frozenset({4}))
    assert inside(friday_night, wall("2027-03-06 01:00"), NY)
    assert not inside(friday_night, wall("2027-03-05 01:00"), NY)


def test_an_office_opens_again_on_monday() -> None:
    assert next_opening(OFFICE, wall("2027-03-05 18:00"), NY) == wall("2027-03-08 09:00")
    assert next_opening(OFFICE, wall("2027-03-05 08:00"), NY) == wall("2027-03-05 09:00")
    assert next_opening(OFFICE, wall("2027-03-05 12:00"), NY) == wall("2027-03-05 12:00")
    assert closing_of(OFFICE, wall("2027-03-05 12:00"), NY) == wall("2027-03-05 18:00")


def test_a_window_that_wraps_is_open_the_whole_day_where_both_ends_are_equal() -> None:
    whole = Window(time(0), time(0))
    assert inside(whole, wall("2027-03-05 12:00"), NY)
    with pytest.raises(ValueError, match="never closes"):
        next_outside(whole, wall("2027-03-05 12:00"), NY)
    with pytest.raises(ValueError, match="never opens"):
        next_opening(Window(time(9), time(10), frozenset()), wall("2027-03-05 12:00"), NY)


def test_a_window_whose_end_falls_into_the_gap_moves_with_it() -> None:
    """R4.3."""
    early = Window(time(1), time(2, 30))
    assert closing_of(early, wall("2027-03-14 01:30"), NY) == utc("2027-03-14T07:30")
    only_gap = Window(time(2), time(2, 45), frozenset({6}))
    assert next_opening(only_gap, wall("2027-03-14 01:00"), NY) == utc("2027-03-14T07:00")


@given(moment=INSTANTS, zone=ZONES, start=HOURS, end=HOURS, weekdays=WEEKDAYS)
def test_an_opening_is_inside_and_nothing_before_it_is(
    moment: datetime, zone: str, start: time, end: time, weekdays: frozenset[int]
) -> None:
    window = Window(start, end, weekdays)
    found = next_opening(window, moment, zone)
    assert inside(window, found, zone)
    assert found >= moment
    if found > moment:
        step = (found - moment) / 20
        assert not any(inside(window, moment + n * step, zone) for n in range(20))
        assert not inside(window, found - timedelta(microseconds=1), zone)
        assert next_outside(window, moment, zone) == moment


def test_a_team_closes_on_its_open_days() -> None:
    """R2.7: holidays are closed days."""
    friday = wall("2027-03-05 18:00")
    assert next_closing(OFFICE, friday, (), NY) == wall("2027-03-08 18:00")
    assert next_closing(OFFICE, friday, {date(2027, 3, 8)}, NY) == wall("2027-03-09 18:00")
    assert next_closing(OFFICE, friday - timedelta(hours=1), (), NY) == friday


def test_the_next_working_day_begins_at_midnight() -> None:
    days = {date(2027, 3, 3), date(2027, 3, 4)}
    assert next_working_day(wall("2027-03-03 12:00"), days, NY) == wall("2027-03-05 00:00")
    assert next_working_day(wall("2027-03-05 12:00"), days, NY) == wall("2027-03-05 12:00")
