"""Calendar arithmetic: instants, wall times, windows (R2.1, R4).

An *instant* is an aware `datetime` in UTC. A *wall time* is a naive `datetime` (or a `date`, a
`time`) that means something only together with an IANA zone name. There is one bridge each way,
`local` and `instant`, and everything else is built on these two, so the odd days on which clocks
change are decided in one place (R4.3): a wall time that does not exist moves forward by the gap, and
one that repeats means the first.
Thousands of people take their turns at one and the same instant: what depends on the instant, a window
and a zone alone is worked out once.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from engine.domain.duration import Duration

if TYPE_CHECKING:
    from engine.domain.journey import Window

MIDNIGHT = time(0)
DAY = timedelta(days=1)


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=8192)
def local(moment: datetime, zone: str) -> datetime:
    """The wall time (naive) in `zone` at an instant."""
    return moment.astimezone(_zone(zone)).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=8192)
def instant(wall: datetime, zone: str) -> datetime:
    """The instant (UTC) of a naive wall time; gaps move forward, repeats mean the first (R4.3)."""
    return wall.replace(tzinfo=_zone(zone), fold=0).astimezone(UTC)


@lru_cache(maxsize=8192)
def midnight(day: date, zone: str) -> datetime:
    """The instant at which a local date begins."""
    return instant(datetime.combine(day, MIDNIGHT), zone)


def add(moment: datetime, length: Duration, zone: str) -> datetime:
    """`moment + length` (R2.1): months (clamped), then days, at the same wall time, then elapsed.

    Negative parts count back. A length without calendar parts is elapsed time in every zone.
    """
    if length.months or length.days:
        wall = local(moment, zone)
        day = _add_months(wall.date(), length.months) + timedelta(days=length.days)
        moment = instant(datetime.combine(day, wall.time()), zone)
    return moment + length.elapsed


def back(length: Duration) -> Duration:
    """The same length in the other direction."""
    return Duration(-length.months, -length.days, -length.elapsed)


def _add_months(day: date, months: int) -> date:
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=8192)
def period(
    moment: datetime, unit: Literal["day", "week", "month"], zone: str
) -> tuple[datetime, datetime]:
    """The local day, week (from Monday) or month around an instant, as instants `[start, end)`."""
    day = local(moment, zone).date()
    if unit == "day":
        first, last = day, day + DAY
    elif unit == "week":
        first = day - timedelta(days=day.weekday())
        last = first + 7 * DAY
    else:
        first = day.replace(day=1)
        last = _add_months(first, 1)
    return midnight(first, zone), midnight(last, zone)


def next_time_of_day(moment: datetime, at: time, zone: str) -> datetime:
    """The first instant not before `moment` at which it is `at` o'clock in `zone`."""
    day = local(moment, zone).date()
    while (found := instant(datetime.combine(day, at), zone)) < moment:
        day += DAY
    return found


def next_weekday(moment: datetime, weekday: int, at: time, zone: str) -> datetime:
    """The first instant not before `moment` on that weekday (0 is Monday) at that wall time."""
    day = local(moment, zone).date()
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while (found := instant(datetime.combine(day, at), zone)) < moment:
        day += 7 * DAY
    return found


# ── anniversaries ─────────────────────────────────────────────────────────────────────────────


def anniversary(born: date, year: int, leap_day: Literal["feb28", "mar1"] = "feb28") -> date:
    """The anniversary of a date in a year; 29 February in other years is `leap_day` (R4.6)."""
    if (born.month, born.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28) if leap_day == "feb28" else date(year, 3, 1)
    return born.replace(year=year)


def next_anniversary(born: date, day: date, leap_day: Literal["feb28", "mar1"] = "feb28") -> date:
    """The first anniversary on or after a local date."""
    found = anniversary(born, day.year, leap_day)
    return found if found >= day else anniversary(born, day.year + 1, leap_day)


# ── windows ───────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=8192)
def _opening(window: Window, day: date, zone: str) -> tuple[datetime, datetime]:
    """The window that starts on a local date, as instants `[start, end)`."""
    last = day + DAY if window.end <= window.start else day
    return (
        instant(datetime.combine(day, window.start), zone),
        instant(datetime.combine(last, window.end), zone),
    )


@lru_cache(maxsize=8192)
def closing_of(window: Window, moment: datetime, zone: str) -> datetime | None:
    """When the window that is open at an instant closes; None where it is closed then (R4.2).

    Two windows that touch (`00:00-00:00`) are two: the answer is the end of the later one that is
    open at the instant.
    """
    today = local(moment, zone).date()
    for day in (today, today - DAY):
        if day.weekday() in window.weekdays:
            start, end = _opening(window, day, zone)
            if start <= moment < end:
                return end
    return None


def inside(window: Window, moment: datetime, zone: str) -> bool:
    """Whether the window is open at an instant (R4.2)."""
    return closing_of(window, moment, zone) is not None


def next_opening(window: Window, moment: datetime, zone: str) -> datetime:
    """The first instant not before `moment` at which the window is open.

    Raises:
        ValueError: for a window on no weekday at all; the language refuses those.
    """
    if inside(window, moment, zone):
        return moment
    today = local(moment, zone).date()
    for ahead in range(9):
        day = today + ahead * DAY
        if day.weekday() in window.weekdays:
            start, end = _opening(window, day, zone)
            if start >= moment and start < end:
                return start
    raise ValueError("a window on no weekday never opens")


def next_outside(window: Window, moment: datetime, zone: str) -> datetime:
    """The first instant not before `moment` at which the window is closed (quiet hours over).

    Raises:
        ValueError: for a window that is open all week; the language refuses those (R4.2).
    """
    for _ in range(9):
        end = closing_of(window, moment, zone)
        if end is None:
            return moment
        moment = end
    raise ValueError("a window that is always open never closes")


def next_closing(window: Window, moment: datetime, closed: Collection[date], zone: str) -> datetime:
    """The first closing time of a team after an instant; `closed` days do not open at all (R2.7)."""
    day = local(moment, zone).date() - DAY
    while True:
        if day.weekday() in window.weekdays and day not in closed:
            end = _opening(window, day, zone)[1]
            if end > moment:
                return end
        day += DAY


def next_working_day(moment: datetime, closed: Collection[date], zone: str) -> datetime:
    """The first instant not before `moment` on a local date that is not `closed`."""
    day = local(moment, zone).date()
    if day not in closed:
        return moment
    while day in closed:
        day += DAY
    return midnight(day, zone)
