"""A condition in the words of the language, on one line: `did: order.placed, at least 3 times`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from engine.domain.condition import (
    After,
    All,
    AnyOf,
    Attribute,
    Before,
    Between,
    Compare,
    Condition,
    ConsentIs,
    Did,
    Disposition,
    Feels,
    InSegment,
    InStage,
    IsPersona,
    IsSet,
    MoodUnknown,
    Not,
    OneOf,
    Op,
    OpenTicket,
    PropertyTest,
    QuietFor,
    Test,
    TextTest,
    TotalOf,
    Within,
    WithinNext,
)
from engine.domain.emotion import GROUPS

_OPS: Mapping[Op, str] = {op: op.value.replace("_", " ") for op in Op}
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def words(condition: Condition) -> str:
    """What a marketer would have written for it."""
    return _WORDS[type(condition)](condition)


def length(span: timedelta) -> str:
    """`14 days`, `36 hours`: days, hours, minutes or seconds, the largest that divides it."""
    seconds = span.total_seconds()
    for name, size in _UNITS:
        if seconds % size == 0:
            return f"{seconds // size:g} {name}" + ("" if seconds == size else "s")
    return f"{seconds:g} seconds"


def of_value(test: Test) -> str:
    """A test of one value: `at least 3`, `starts with x`, `within 30 days`."""
    match test:
        case OneOf(values):
            return _list(values)
        case Compare(op, number):
            return f"{_OPS[op]} {number:g}"
        case Between(low, high):
            return f"between {low:g} and {high:g}"
        case TextTest(op, text):
            return f'{op.replace("_", " ")} "{text}"'
        case IsSet():
            return "is set"
        case Within(span):
            return f"within {length(span)}"
        case WithinNext(span):
            return f"within the next {length(span)}"
        case Before(moment):
            return f"before {moment}"
        case After(moment):
            return f"after {moment}"


def _list(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _attribute(condition: Attribute) -> str:
    name = condition.name if condition.of == "person" else f"event.{condition.name}"
    return f"{name}: {of_value(condition.test)}"


def _where(tests: tuple[PropertyTest, ...]) -> str:
    said = [f"{t.name} {'not ' if t.negated else ''}{of_value(t.test)}" for t in tests]
    return f", where {' and '.join(said)}" if said else ""


def _within(span: timedelta | None) -> str:
    return "" if span is None else f", within {length(span)}"


def _did(condition: Did) -> str:
    times = ""
    if (condition.op, condition.times) != (Op.AT_LEAST, 1):
        times = f", {_OPS[condition.op]} {condition.times} times"
    same = f", same {condition.same}" if condition.same else ""
    return (
        f"did: {condition.event}{times}{_within(condition.within)}{_where(condition.where)}{same}"
    )


def _total_of(condition: TotalOf) -> str:
    wanted = f"{_OPS[condition.op]} {condition.number:g}"
    name = f"{condition.event}.{condition.property}"
    return f"total_of: {name}, {wanted}{_within(condition.within)}{_where(condition.where)}"


def _not(condition: Not) -> str:
    part = condition.part
    if isinstance(part, Did):
        return "did_not" + words(part).removeprefix("did")
    if isinstance(part, All | AnyOf):
        return "none of" if isinstance(part, AnyOf) else "not all of"
    return f"not {words(part)}"


def _feels(condition: Feels) -> str:
    group = [name for name, emotions in GROUPS.items() if emotions == condition.emotions]
    who = group[0] if group else _list(condition.emotions)
    return f"{who}: {condition.level}, within {length(condition.within)}"


_WORDS: dict[type, Callable[[Any], str]] = {
    All: lambda _: "all of",
    AnyOf: lambda _: "any of",
    Not: _not,
    Attribute: _attribute,
    Did: _did,
    TotalOf: _total_of,
    InStage: lambda condition: f"lifecycle: {_list(condition.stages)}",
    QuietFor: lambda condition: (
        f"quiet_for: {condition.thousandths / 1000:g} times their usual gap"
    ),
    Feels: _feels,
    MoodUnknown: lambda condition: f"mood: unknown, within {length(condition.within)}",
    Disposition: lambda condition: f"disposition: {_list(condition.emotions)}",
    IsPersona: lambda condition: f"persona: {_list(condition.names)}",
    InSegment: lambda condition: f"segment: {condition.name}",
    ConsentIs: lambda condition: f"consent: {condition.topic} {_list(condition.states)}",
    OpenTicket: lambda _: "open_ticket: yes",
}
