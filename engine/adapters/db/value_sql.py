"""The tests of one value, as SQL (`domain.value_tests` in Python)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Text,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    true,
)

from engine.adapters.db.json_sql import (
    Bytewise,
    IsDate,
    IsInstant,
    JsonIsNumber,
    JsonNumber,
    JsonText,
    JsonTruth,
    Position,
    elements,
)
from engine.domain.calendar import DAY
from engine.domain.condition import (
    After,
    Before,
    Between,
    Compare,
    IsSet,
    OneOf,
    Op,
    Test,
    TextTest,
    Within,
    WithinNext,
)
from engine.domain.values import (
    BEGINNING,
    END,
    MICROSECOND,
    ahead,
    back,
    day_of,
    midnight,
    midnight_after,
    number_of,
    wall,
)

Sql = ColumnElement[Any]

COMPARE: dict[Op, Callable[[Any, Any], Any]] = {
    Op.AT_LEAST: ge,
    Op.AT_MOST: le,
    Op.MORE_THAN: gt,
    Op.LESS_THAN: lt,
    Op.EXACTLY: eq,
}

YES, NO = ("yes", "true"), ("no", "false")


def sure(answer: Sql) -> Sql:
    """An answer that is never unknown: a missing value answers no."""
    return func.coalesce(answer, false())


# ── where a value is read from ────────────────────────────────────────────────────────────────


class Member:
    """A value in a JSON document: an attribute, or a property of an event."""

    def __init__(self, document: Sql, name: str) -> None:
        self.document, self.name = document, name
        self.text: Sql = JsonText(document, name)

    def equals_any(self, literals: tuple[str, ...]) -> Sql:
        """Text, truth or number that one of the literals spells."""
        spelled: list[Sql] = [self.text.in_(literals)]
        numbers = [n for n in map(number_of, literals) if n is not None]
        if numbers:
            number = JsonNumber(self.document, self.name)
            spelled.append(number.in_([literal(n, Double()) for n in numbers]))
        truths = [word for word, words in (("true", YES), ("false", NO)) if {*words} & {*literals}]
        if truths:
            spelled.append(JsonTruth(self.document, self.name).in_(truths))
        return or_(*(sure(each) for each in spelled))

    def element_that(self, test: Callable[[Sql], Sql]) -> Sql:
        """Whether an element of a list passes."""
        listed = elements(self.document, self.name)
        return exists().select_from(listed).where(test(listed.c.value)).correlate_except(listed)

    def compares(self, test: Callable[[Sql], Sql]) -> Sql:
        """Whether the value is a number that passes."""
        return test(JsonNumber(self.document, self.name))

    def is_more_than_text(self) -> Sql:
        """Whether there is a number, a truth value or a list that is not empty."""
        return or_(
            sure(JsonIsNumber(self.document, self.name)),
            JsonTruth(self.document, self.name).is_not(None),
            self.element_that(lambda _value: true()),
        )


class Column:
    """A value that is a column of text, null or empty where it is missing."""

    def __init__(self, text: Sql) -> None:
        self.text: Sql = func.nullif(text, "")

    def equals_any(self, literals: tuple[str, ...]) -> Sql:
        """Text that one of the literals spells."""
        return self.text.in_(literals)

    def element_that(self, test: Callable[[Sql], Sql]) -> Sql:
        """A text has no elements."""
        return false()

    def compares(self, test: Callable[[Sql], Sql]) -> Sql:
        """A text is no number."""
        return false()

    def is_more_than_text(self) -> Sql:
        """A text is nothing more."""
        return false()


# ── zones ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Setting:
    """The present, and the zones in which people live.

    `zone` is the expression for a person's zone (never null), `zones` gives all names that it may
    have, in order.
    """

    now: datetime
    zone: Sql
    zones: Callable[[], Sequence[str]]

    def by_zone(self, worked_out: Callable[[str], str]) -> Sql:
        """What a text is for each person, worked out once for each zone."""
        zones_of: dict[str, list[str]] = defaultdict(list)
        for zone in self.zones():
            zones_of[worked_out(zone)].append(zone)
        if len(zones_of) == 1:
            return literal(next(iter(zones_of)), Text())
        rows = [(self.zone.in_(zones), literal(text, Text())) for text, zones in zones_of.items()]
        return case(*rows)


def instant_text(instant: datetime) -> str:
    """An instant in the one form in which values hold it."""
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _last_day(instant: datetime, zone: str) -> str:
    """The last date whose midnight lies at or before an instant, as text; "0000" before all dates."""
    if instant <= BEGINNING:
        return "0000"
    return "9999-12-31" if instant >= END - DAY else day_of(instant, zone).isoformat()


# ── the tests ─────────────────────────────────────────────────────────────────────────────────


def passes(test: Test, value: Member | Column, setting: Setting) -> Sql:
    """Whether a value passes; never null."""
    return sure(_TESTS[type(test)](test, value, setting))


def _one_of(test: OneOf, value: Member | Column, setting: Setting) -> Sql:
    listed = value.element_that(lambda element: element.in_(test.values))
    return or_(sure(value.equals_any(test.values)), listed)


def _compare(test: Compare, value: Member | Column, setting: Setting) -> Sql:
    number: Sql = literal(test.number, Double())
    return value.compares(lambda own: COMPARE[test.op](own, number))


def _between(test: Between, value: Member | Column, setting: Setting) -> Sql:
    low: Sql = literal(test.low, Double())
    high: Sql = literal(test.high, Double())
    return value.compares(lambda own: and_(own >= low, own <= high))


def _text(test: TextTest, value: Member | Column, setting: Setting) -> Sql:
    def is_like(text: Sql) -> Sql:
        if test.op == "starts_with":
            return func.substr(text, 1, len(test.text)) == test.text
        if test.op == "contains":
            return Position(text, literal(test.text, Text())) > 0
        length = func.length(text)
        end = func.substr(text, length - len(test.text) + 1)
        return and_(length >= len(test.text), end == test.text)

    return or_(sure(is_like(value.text)), value.element_that(is_like))


def _is_set(test: IsSet, value: Member | Column, setting: Setting) -> Sql:
    return or_(sure(value.text != ""), value.is_more_than_text())


def _of_date_or_instant(value: Member | Column, on_date: Sql, on_instant: Sql) -> Sql:
    return or_(and_(IsDate(value.text), on_date), and_(IsInstant(value.text), on_instant))


def _in_window(value: Member | Column, after: datetime, until: datetime, setting: Setting) -> Sql:
    text = Bytewise(value.text)
    return _of_date_or_instant(
        value,
        and_(
            text > setting.by_zone(lambda zone: _last_day(after, zone)),
            text <= setting.by_zone(lambda zone: _last_day(until, zone)),
        ),
        and_(text > instant_text(after), text <= instant_text(until)),
    )


def _within(test: Within, value: Member | Column, setting: Setting) -> Sql:
    return _in_window(value, back(setting.now, test.length), setting.now, setting)


def _within_next(test: WithinNext, value: Member | Column, setting: Setting) -> Sql:
    if not test.yearly:
        return _in_window(value, setting.now, ahead(setting.now, test.length), setting)
    days = min(test.length.days, 366)
    month_and_day = func.substr(value.text, 6, 5)
    zones_of: dict[date, list[str]] = defaultdict(list)
    for zone in setting.zones():
        zones_of[day_of(setting.now, zone)].append(zone)
    near = [
        and_(setting.zone.in_(zones), month_and_day.in_(_days_of_the_year(today, days)))
        for today, zones in zones_of.items()
    ]
    return and_(or_(IsDate(value.text), IsInstant(value.text)), or_(*near))


def _days_of_the_year(today: date, days: int) -> list[str]:
    """`MM-DD` of the birthdays that are celebrated from `today` to so many days ahead."""
    celebrated = set()
    for ahead_by in range(days + 1):
        day = today + timedelta(days=ahead_by)
        celebrated.add(f"{day:%m-%d}")
        if (day.month, day.day) == (2, 28) and (day + DAY).day == 1:
            celebrated.add("02-29")
    return sorted(celebrated)


def _before(test: Before, value: Member | Column, setting: Setting) -> Sql:
    text, moment = Bytewise(value.text), test.moment
    if isinstance(moment, datetime):
        return _of_date_or_instant(
            value,
            text <= setting.by_zone(lambda zone: _last_day(wall(moment, zone) - MICROSECOND, zone)),
            text < setting.by_zone(lambda zone: instant_text(wall(moment, zone))),
        )
    return _of_date_or_instant(
        value,
        text < moment.isoformat(),
        text < setting.by_zone(lambda zone: instant_text(midnight(moment, zone))),
    )


def _after(test: After, value: Member | Column, setting: Setting) -> Sql:
    text, moment = Bytewise(value.text), test.moment
    if isinstance(moment, datetime):
        return _of_date_or_instant(
            value,
            text > setting.by_zone(lambda zone: _last_day(wall(moment, zone) - MICROSECOND, zone)),
            text >= setting.by_zone(lambda zone: instant_text(wall(moment, zone))),
        )
    return _of_date_or_instant(
        value,
        text > moment.isoformat(),
        text >= setting.by_zone(lambda zone: instant_text(midnight_after(moment, zone))),
    )


_TESTS: dict[type, Callable[[Any, Member | Column, Setting], Sql]] = {
    OneOf: _one_of,
    Compare: _compare,
    Between: _between,
    TextTest: _text,
    IsSet: _is_set,
    Within: _within,
    WithinNext: _within_next,
    Before: _before,
    After: _after,
}
