"""What values mean: equality with a literal, numbers, dates and instants.

The forms of `event.Value` are taken literally, so that SQL can do the same: a date is text
`YYYY-MM-DD`, an instant is text `YYYY-MM-DDTHH:MM:SS.ffffffZ`, anything else is no moment.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import eq, ge, gt, le, lt
from typing import TypeGuard

from engine.domain import calendar
from engine.domain.condition import Op
from engine.domain.event import Value

MICROSECOND = timedelta(microseconds=1)
BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)

COMPARE: dict[Op, Callable[[float, float], bool]] = {
    Op.AT_LEAST: ge,
    Op.AT_MOST: le,
    Op.MORE_THAN: gt,
    Op.LESS_THAN: lt,
    Op.EXACTLY: eq,
}


# ── equality and numbers ──────────────────────────────────────────────────────────────────────


def same_value(value: Value, literal: str) -> bool:
    """Whether a value, or one element of a list, equals a literal as written in the YAML.

    Text equals exactly; a number equals a literal that spells the same number; true equals `yes` and
    `true`, false `no` and `false`.
    """
    if isinstance(value, str):
        return value == literal
    if isinstance(value, tuple):
        return literal in value
    if isinstance(value, bool):
        return literal in (("yes", "true") if value else ("no", "false"))
    return is_number(value) and value == number_of(literal)


@lru_cache(maxsize=4096)
def number_of(literal: str) -> float | None:
    """The number that a literal spells (`3`, `-0.5`), or None; `007` and `1e3` spell none."""
    return float(literal) if _NUMBER.fullmatch(literal) else None


def same_stored(one: Value | None, other: Value | None) -> bool:
    """Whether two stored values are equal: of one kind, where all numbers are one kind."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def is_number(value: Value | None) -> TypeGuard[float]:
    """Whether conditions take a value for a number: neither a truth value nor beyond 2 ** 53, where
    not every whole number can be told from the next."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return -BIGGEST <= value <= BIGGEST
    return False


def millionths(number: float) -> int:
    """A number with at most six decimals as a whole number of millionths: sums are exact."""
    whole = int(number)
    return whole * 1_000_000 + round((number - whole) * 1_000_000)


BIGGEST = 2**53
BIGGEST_SUMMAND = 10**12
"""What is larger counts nothing in a sum."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


# ── dates and instants ────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=65536)
def moment_of(text: str) -> date | datetime | None:
    """The date or the instant (aware, UTC) that a text is, in the one stored form of each."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:  # a 31st of February
        return None
    return None


def midnight(day: date, zone: str) -> datetime:
    """The first instant of a local date; at the ends of the calendar, the end of all time."""
    try:
        return calendar.midnight(day, zone)
    except OverflowError:
        return BEGINNING if day.year == 1 else END


def midnight_after(day: date, zone: str) -> datetime:
    """The first instant of the date that follows a local date."""
    return midnight(day + calendar.DAY, zone) if day < date.max else END


def wall(moment: datetime, zone: str) -> datetime:
    """The instant of a moment in a condition: a naive one is a wall time of the person."""
    return moment if moment.tzinfo is not None else calendar.instant(moment, zone)


def day_of(instant: datetime, zone: str) -> date:
    """The local date whose midnight was the last one at `instant`.

    That is the date on the wall, save for the hour in which clocks go back over midnight: a day that
    has begun does not end before the next one begins.
    """
    day = calendar.local(instant, zone).date()
    tomorrow = day + timedelta(days=1)
    return tomorrow if midnight(tomorrow, zone) <= instant else day


def back(instant: datetime, length: timedelta) -> datetime:
    """`instant - length`, or the beginning of all time."""
    try:
        return instant - length
    except OverflowError:
        return BEGINNING


def ahead(instant: datetime, length: timedelta) -> datetime:
    """`instant + length`, or the end of all time."""
    try:
        return instant + length
    except OverflowError:
        return END


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
