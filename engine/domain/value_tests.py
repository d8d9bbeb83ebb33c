"""The tests of one value (an attribute of a person, a property of an event) and their answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from engine.domain import calendar
from engine.domain.asking import Asking
from engine.domain.condition import (
    After,
    Before,
    Between,
    Compare,
    IsSet,
    OneOf,
    PropertyTest,
    Test,
    TextTest,
    Within,
    WithinNext,
)
from engine.domain.event import Event, Value
from engine.domain.values import (
    COMPARE,
    ahead,
    day_of,
    is_number,
    midnight,
    midnight_after,
    moment_of,
    same_value,
    wall,
)


def passes(test: Test, value: Value | None, asking: Asking) -> bool:
    """Whether a value passes; a missing one passes nothing."""
    return value is not None and _TESTS[type(test)](test, value, asking)


def counts(event: Event, where: tuple[PropertyTest, ...], asking: Asking) -> bool:
    """Whether an event passes every test of a `where`."""
    properties = event.properties
    for test in where:
        if passes(test.test, properties.get(test.name), asking) is test.negated:
            return False
    return True


def instant_of(value: Value, asking: Asking) -> datetime | None:
    """When a date begins where the person lives, or the instant that a value is."""
    moment = moment_of(value) if isinstance(value, str) else None
    if moment is None or isinstance(moment, datetime):
        return moment
    return midnight(moment, asking.zone)


def birthday_of(value: Value) -> date | None:
    """The date of a yearly day as it is written; of an instant, its date in UTC."""
    moment = moment_of(value) if isinstance(value, str) else None
    return moment.date() if isinstance(moment, datetime) else moment


# ── one function a test ───────────────────────────────────────────────────────────────────────


def _one_of(test: OneOf, value: Value, asking: Asking) -> bool:
    if isinstance(value, str):
        return value in test.values
    return any(same_value(value, literal) for literal in test.values)


def _compare(test: Compare, value: Any, asking: Asking) -> bool:
    return is_number(value) and COMPARE[test.op](value, test.number)


def _between(test: Between, value: Any, asking: Asking) -> bool:
    return is_number(value) and test.low <= value <= test.high


def _text(test: TextTest, value: Value, asking: Asking) -> bool:
    is_like = _IS_LIKE[test.op]
    if isinstance(value, str):
        return is_like(value, test.text)
    return isinstance(value, tuple) and any(is_like(element, test.text) for element in value)


def _is_set(test: IsSet, value: Value, asking: Asking) -> bool:
    return value != "" and value != ()


def _within(test: Within, value: Value, asking: Asking) -> bool:
    at = instant_of(value, asking)
    if at is None:
        return False
    after, until = asking.span(test.length)
    return after < at <= until


def _within_next(test: WithinNext, value: Value, asking: Asking) -> bool:
    if test.yearly:
        born = birthday_of(value)
        if born is None:
            return False
        today = day_of(asking.now, asking.zone)
        return calendar.next_anniversary(born, today) - today <= test.length
    at = instant_of(value, asking)
    return at is not None and asking.now < at <= ahead(asking.now, test.length)


def _before(test: Before, value: Value, asking: Asking) -> bool:
    moment = moment_of(value) if isinstance(value, str) else None
    if moment is None:
        return False
    if isinstance(test.moment, datetime):
        at = moment if isinstance(moment, datetime) else midnight(moment, asking.zone)
        return at < wall(test.moment, asking.zone)
    if isinstance(moment, datetime):
        return moment < midnight(test.moment, asking.zone)
    return moment < test.moment


def _after(test: After, value: Value, asking: Asking) -> bool:
    moment = moment_of(value) if isinstance(value, str) else None
    if moment is None:
        return False
    if isinstance(test.moment, datetime):
        at = moment if isinstance(moment, datetime) else midnight(moment, asking.zone)
        return at >= wall(test.moment, asking.zone)
    if isinstance(moment, datetime):
        return moment >= midnight_after(test.moment, asking.zone)
    return moment > test.moment


_IS_LIKE: dict[str, Callable[[str, str], bool]] = {
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": str.__contains__,
}

_TESTS: dict[type, Callable[[Any, Value, Asking], bool]] = {
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
