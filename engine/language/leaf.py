"""The small grammars of phrases, each read by one function.

Every function takes the text as written and raises `NotAPhrase` with a code, a sentence and what to
write instead. None of them reads a clock.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Literal

from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.duration import Duration
from engine.domain.journey import (
    FixedMoment,
    Moment,
    Overflow,
    RelativeMoment,
    WeekdayMoment,
    Window,
)
from engine.language.reader import NotAPhrase, short
from engine.language.suggest import did_you_mean

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
_MOST_DAYS = 36_600

_PART = re.compile(r"(\d{1,9}) +([A-Za-z]+)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


# ── lengths of time ───────────────────────────────────────────────────────────────────────────


def duration(text: str) -> Duration:
    """`3 days`, `1 day 12 hours` (R2.1)."""
    if re.fullmatch(r"\d+", text):
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
    r"(?:(?P<length>\d.*?) (?P<way>before|after) )?(?P<name>(?:event\.)?[a-z][a-z0-9_]*)(?:, *(?P<at>\S+))?"
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
    if len(words) not in (1, 2) or words[-1].count("-") != 1:
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
    found = re.fullmatch(r"day (\d{1,5}) (\S+)", text)
    if found is None:
        raise NotAPhrase(
            "Y310",
            f"`{short(text)}` is no time of a test",
            "write for example `day 1 15:00`; day 0 is the date of `starts`",
        )
    return int(found[1]), time_of_day(found[2])


# ── numbers ───────────────────────────────────────────────────────────────────────────────────

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?")


def number(text: str) -> float:
    """`3`, `-2.5`; at most six decimals."""
    if not _NUMBER.fullmatch(text):
        raise NotAPhrase(
            "Y121", f"`{short(text)}` is not a number", "write digits, with a point for decimals"
        )
    return float(text)


def whole(text: str) -> int:
    """A whole number from zero on."""
    if not re.fullmatch(r"0|[1-9]\d{0,8}", text):
        raise NotAPhrase("Y121", f"`{short(text)}` is not a whole number", "write digits only")
    return int(text)


def times(text: str) -> int:
    """`3 times`, `once`, `twice`, or the bare number."""
    spoken = {"once": 1, "twice": 2}.get(text)
    if spoken is not None:
        return spoken
    found = re.fullmatch(r"(0|[1-9]\d{0,8})(?: times?)?", text)
    if found is None:
        raise NotAPhrase(
            "Y122", f"`{short(text)}` does not say how many times", "write for example `3 times`"
        )
    return int(found[1])


def people(text: str) -> int:
    """`400 people`, or the bare number."""
    found = re.fullmatch(r"([1-9]\d{0,8})(?: people)?", text)
    if found is None:
        raise NotAPhrase(
            "Y123",
            f"`{short(text)}` does not say how many people",
            "write for example `400 people`",
        )
    return int(found[1])


def share(text: str) -> int:
    """`45%`, in hundredths of a per cent: 4500."""
    found = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,2}))? ?%", text)
    hundredths = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= hundredths <= 10_000:
        raise NotAPhrase(
            "Y124", f"`{short(text)}` is no share", "write a percentage from `0%` to `100%`"
        )
    return hundredths


def cap(text: str) -> Cap:
    """`1 per calendar day`, `3 per 7 days`, `at least 16 hours apart` (R3.2)."""
    found = re.fullmatch(r"at least (.+) apart", text)
    if found:
        return GapCap(looking_back(found[1]))
    found = re.fullmatch(r"(\d{1,6}) per (.+)", text)
    if found is None:
        raise NotAPhrase("Y125", f"`{short(text)}` is not a cap", _CAPS)
    count, per = int(found[1]), found[2]
    if count == 0:
        raise NotAPhrase(
            "Y125",
            "a cap of 0 would let nothing through",
            "write at least `1 per …`, or set the journey to `paused`",
        )
    calendar = re.fullmatch(r"calendar (day|week|month)", per)
    if calendar:
        unit: Literal["day", "week", "month"] = calendar[1]  # type: ignore[assignment]
        return CalendarCap(count, unit)
    if per in ("day", "week", "month"):
        rolling = {"day": "24 hours", "week": "7 days", "month": "30 days"}[per]
        raise NotAPhrase(
            "Y125",
            f"`per {per}` can mean two things",
            f"write `per calendar {per}` or `per {rolling}`",
        )
    return RollingCap(count, looking_back(per))


_CAPS = "write for example `1 per calendar day`, `3 per 7 days` or `at least 16 hours apart`"


def overflow(text: str) -> Overflow:
    """`postpone up to 3 days, then drop`, `skip`, `leave` (R3.6)."""
    if text == "skip":
        return Overflow("skip")
    if text == "leave":
        return Overflow("leave")
    found = re.fullmatch(r"postpone up to (.+), then drop", text)
    if found is None:
        raise NotAPhrase(
            "Y126",
            f"`{short(text)}` does not say what happens over a cap",
            "write `postpone up to 3 days, then drop`, `skip` or `leave`",
        )
    return Overflow("postpone", longer_than_nothing(found[1]))


def usual_gaps(text: str) -> int:
    """`2 times their usual gap`, in thousandths."""
    found = re.fullmatch(r"(?:(\d{1,3})(?:\.(\d{1,3}))? times|(once|twice)) their usual gap", text)
    thousandths = 0
    if found:
        spoken = {"once": 1000, "twice": 2000}.get(found[3] or "")
        thousandths = spoken or int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0"))
    if thousandths == 0:
        raise NotAPhrase(
            "Y127",
            f"`{short(text)}` does not say how quiet",
            "write for example `2 times their usual gap`",
        )
    return thousandths


# ── names ─────────────────────────────────────────────────────────────────────────────────────


def kebab(text: str) -> str:
    """A name or step id: `win-back`."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", text) or len(text) > 80:
        raise _not_named(text, "a name", _kebab_of(text))
    return text


def snake(text: str) -> str:
    """An attribute or property: `first_name`."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", text) or len(text) > 80:
        raise _not_named(text, "an attribute", _kebab_of(text).replace("-", "_"))
    return text


def event_name(text: str) -> str:
    """`order.placed`."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+", text) or len(text) > 120:
        raise _not_named(
            text, "an event", "order.placed" if "." not in text else text.lower().replace(" ", "_")
        )
    return text


def mail_name(text: str) -> str:
    """`onboarding/welcome`: a path below `templates/` without its endings."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)+", text) or len(text) > 160:
        raise _not_named(text, "a mail", "onboarding/welcome")
    return text


def _kebab_of(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "a-name"


def _not_named(text: str, what: str, better: str) -> NotAPhrase:
    return NotAPhrase(
        "Y128", f"`{short(text)}` cannot be the name of {what}", f"write it like `{better}`"
    )


def secret(text: str) -> str:
    """`$SMTP_PASSWORD`: the name of an environment variable, never the secret itself."""
    if not re.fullmatch(r"\$[A-Z][A-Z0-9_]*", text):
        raise NotAPhrase(
            "C110",
            "a secret never stands in a file",
            "put it in the environment and write its name, like `$SMTP_PASSWORD`",
        )
    return text


def mail_address(text: str) -> str:
    """`hello@cozy.example`: one plain address of the business's own."""
    if (
        not re.fullmatch(r'[^@\s<>()\[\],;:\\"]+@[^@\s<>.]+(?:\.[^@\s<>.]+)+', text)
        or len(text) > 254
    ):
        raise NotAPhrase(
            "Y129",
            f"`{short(text)}` is not a mail address",
            "write for example `hello@cozy.example`",
        )
    return text
