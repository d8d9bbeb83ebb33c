"""The small grammars of time: lengths, times of day, moments, windows.

Like those of `leaf`, they raise `NotAPhrase`, and none of them reads a clock.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from engine.domain.duration import Duration
from engine.domain.journey import (
    FixedMoment,
    Moment,
    RelativeMoment,
    WeekdayMoment,
    Window,
)
from engine.language.reader import NotAPhrase, short
from engine.language.suggest import did_you_mean

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
_MOST_DAYS = 36_600

_PART = re.compile(r"([0-9]{1,9}) +([A-Za-z]+)")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


# ── lengths of time ───────────────────────────────────────────────────────────────────────────


def duration(text: str) -> Duration:
    """`3 days`, `1 day 12 hours` (R2.1)."""
    if re.fullmatch(r"[0-9]+", text):
        raise NotAPhrase(
            "Y301", f"{short(text)} what?", f"write `{short(text)} days`, or another unit"
        )
    parts = _PART.findall(text)
    if not parts or " ".join(f"{n} {u}" for n, u in parts) != " ".join(text.split()):
        raise NotAPhrase(
            "Y302",
            f"`{short(text)}` is not a length of time",
            "write for example `30 minutes` or `1 day 12 hours`",
        )
    amounts: dict[str, int] = {}
    for number, unit in parts:
        name = unit.removesuffix("s")
        if name not in _UNITS:
            raise NotAPhrase(
                "Y302",
                f"`{unit}` is not a unit of time",
                did_you_mean(unit, [f"{u}s" for u in _UNITS])
                or "use seconds, minutes, hours, days, weeks, months or years",
            )
        if name in amounts:
            raise NotAPhrase("Y302", f"`{unit}` stands here twice", "add them up")
        amounts[name] = int(number)
    length = _as_duration(amounts)
    if length.months * 31 + length.days + length.elapsed.days > _MOST_DAYS:
        raise NotAPhrase("Y302", f"`{short(text)}` is longer than a hundred years", "shorten it")
    return length


def _as_duration(amounts: dict[str, int]) -> Duration:
    def of(unit: str) -> int:
        return min(amounts.get(unit, 0), 10**9)

    return Duration(
        months=of("year") * 12 + of("month"),
        days=of("week") * 7 + of("day"),
        elapsed=timedelta(hours=of("hour"), minutes=of("minute"), seconds=of("second")),
    )


def longer_than_nothing(text: str) -> Duration:
    """A duration that is not zero."""
    length = duration(text)
    if length == Duration():
        raise NotAPhrase("Y303", f"`{short(text)}` is no time at all", "write a length above zero")
    return length


def looking_back(text: str) -> timedelta:
    """A duration as conditions and rolling caps use it: a day is 24 hours, no months (R2.1)."""
    length = longer_than_nothing(text)
    if length.months:
        raise NotAPhrase(
            "Y304",
            "months and years have no fixed length, so they cannot look back",
            f"write days: `{length.months * 30 + length.days} days`",
        )
    return length.look_back


def elapsed(text: str) -> timedelta:
    """Like `looking_back`, and zero is allowed."""
    return timedelta(0) if duration(text) == Duration() else looking_back(text)


def looking_ahead_days(text: str) -> timedelta:
    """A duration of whole days, for anniversaries."""
    length = looking_back(text)
    if length % timedelta(days=1):
        raise NotAPhrase(
            "Y304", "a birthday is counted in whole days", "write for example `7 days`"
        )
    return length


def how_often(text: str) -> timedelta:
    """`every hour`, `every 10 minutes`: how late something may be noticed."""
    words = text.split()
    if len(words) == 2 and words[0] == "every":
        return looking_back(f"1 {words[1]}")
    if len(words) > 2 and words[0] == "every":
        return looking_back(" ".join(words[1:]))
    raise NotAPhrase(
        "Y302",
        f"`{short(text)}` is no rhythm",
        "write for example `every hour` or `every 10 minutes`",
    )


def after(text: str) -> Duration:
    """`after 28 days`."""
    if not text.startswith("after "):
        raise NotAPhrase(
            "Y302",
            f"`{short(text)}` does not say after how long",
            "write for example `after 28 days`",
        )
    return longer_than_nothing(text[6:])


# ── times and moments ─────────────────────────────────────────────────────────────────────────


def time_of_day(text: str) -> time:
    """`09:00`, from 00:00 to 23:59."""
    found = _TIME.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise NotAPhrase(
            "Y305", f"`{short(text)}` is not a time of day", "write for example `09:00` or `18:30`"
        )
    return time(int(found[1]), int(found[2]))


def weekday(text: str) -> int | None:
    """0 for Monday, by name or its first three letters; None if it is none."""
    for number, name in enumerate(WEEKDAYS):
        if text.lower() in (name.lower(), name[:3].lower()):
            return number
    return None


def day(text: str) -> date:
    """`2026-12-24`."""
    if not _DATE.fullmatch(text):
        raise NotAPhrase("Y306", f"`{short(text)}` is not a date", "write for example `2026-12-24`")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAPhrase("Y306", f"there is no {text}", "look at the calendar") from None


def wall_time(text: str) -> datetime:
    """`2026-12-24 18:00`, optionally with its weekday in front, which is checked; naive."""
    words = text.split()
    named = weekday(words[0]) if len(words) == 3 else None
    if named is not None:
        words = words[1:]
    if len(words) != 2 or not _DATE.fullmatch(words[0]):
        raise NotAPhrase(
            "Y306",
            f"`{short(text)}` is not a date with a time",
            "write for example `2026-12-24 18:00`",
        )
    on = day(words[0])
    if named is not None and on.weekday() != named:
        right = WEEKDAYS[on.weekday()]
        raise NotAPhrase(
            "Y307", f"{on} is not a {WEEKDAYS[named]}", f"it is a {right}; mend one of the two"
        )
    return datetime.combine(on, time_of_day(words[1]))


def weekly(text: str) -> tuple[int | None, time]:
    """`Monday 09:00` or `day 09:00` (every day): the weekday or None, and the time."""
    words = text.split()
    if len(words) == 2:
        number = weekday(words[0])
        if number is not None or words[0] == "day":
            return number, time_of_day(words[1])
    raise NotAPhrase(
        "Y308",
        f"`{short(text)}` is no day with a time",
        "write for example `Monday 09:00` or `day 09:00`",
    )


_RELATIVE = re.compile(
    r"(?:(?P<length>[0-9].*?) (?P<way>before|after) )?"
    r"(?P<name>(?:event\.)?[a-z][a-z0-9_]*)"
    r"(?:, *(?P<at>\S+))?"
)


def moment(text: str) -> Moment:
    """`2 days before event.trial_ends_at, 10:00`, `Tuesday 09:00`, `2026-12-24 18:00`."""
    words = text.split()
    if _DATE.fullmatch(words[0]):
        return FixedMoment(wall_time(text))
    number = weekday(words[0])
    if number is not None:
        if len(words) != 2:
            raise NotAPhrase(
                "Y308", f"`{short(text)}` does not say at what time", f"write `{words[0]} 09:00`"
            )
        return WeekdayMoment(number, time_of_day(words[1]))
    found = _RELATIVE.fullmatch(text)
    if found is None:
        raise NotAPhrase(
            "Y308",
            f"`{short(text)}` is not a moment",
            "write `2 days before renews_at, 10:00`, `Tuesday 09:00` or `2026-12-24 18:00`",
        )
    name = found["name"]
    return RelativeMoment(
        attribute=name.removeprefix("event."),
        of="entry" if name.startswith("event.") else "person",
        offset=duration(found["length"]) if found["length"] else Duration(),
        direction=1 if found["way"] == "after" else -1,
        at=time_of_day(found["at"]) if found["at"] else None,
    )


def window(text: str) -> Window:
    """`Mon-Fri 09:00-18:00`, `20:00-08:00`, `Mon,Wed 10:00-12:00`."""
    words = text.split()
    example = "write for example `Mon-Fri 09:00-18:00` or `20:00-08:00`"
    if len(words) not in (1, 2) or words[-1].count("-") != 1 or not words[-1][0].isdigit():
        raise NotAPhrase("Y309", f"`{short(text)}` is not a window of time", example)
    days = _weekdays(words[0], text) if len(words) == 2 else frozenset(range(7))
    start, end = words[-1].split("-")
    opens, closes = time_of_day(start), time(0) if end == "24:00" else time_of_day(end)
    if opens == closes:
        raise NotAPhrase("Y309", "this window begins and ends at the same time", example)
    return Window(opens, closes, days)


def _weekdays(text: str, whole: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = weekday(first), weekday(last or first)
        if start is None or end is None:
            raise NotAPhrase(
                "Y309",
                f"`{short(text)}` in `{short(whole)}` names no weekdays",
                "write for example `Mon-Fri` or `Tue,Thu`",
            )
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def day_and_time(text: str) -> tuple[int, time]:
    """`day 1 15:00`: days after the first (day 0), and the wall time."""
    found = re.fullmatch(r"day ([0-9]{1,5}) (\S+)", text)
    if found is None:
        raise NotAPhrase(
            "Y310",
            f"`{short(text)}` is no time of a test",
            "write for example `day 1 15:00`; day 0 is the date of `starts`",
        )
    return int(found[1]), time_of_day(found[2])
