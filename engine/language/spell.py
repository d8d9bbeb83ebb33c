"""The tree back to words, short: for diagrams, `why` and reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from engine.domain.condition import (
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
from engine.domain.duration import Duration
from engine.domain.emotion import GROUPS

_MAILS = {"mail.sent": "received", "mail.opened": "opened", "mail.clicked": "clicked"}


def spell_duration(length: Duration | timedelta) -> str:
    """`1 day 12 hours`; empty for no time at all."""
    if isinstance(length, timedelta):
        length = Duration(days=length.days, elapsed=length - timedelta(days=length.days))
    years, months = divmod(length.months, 12)
    weeks, days = (length.days // 7, 0) if length.days % 7 == 0 else (0, length.days)
    hours, seconds = divmod(round(length.elapsed.total_seconds()), 3600)
    minutes, seconds = divmod(seconds, 60)
    amounts = {
        "year": years, "month": months, "week": weeks, "day": days,
        "hour": hours, "minute": minutes, "second": seconds,
    }  # fmt: skip
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for unit, n in amounts.items() if n)


def spell_condition(condition: Condition) -> str:
    """A condition in the words of the language, in one line."""
    if isinstance(condition, All):
        return " and ".join(map(_inner, condition.parts)) if condition.parts else "everyone"
    if isinstance(condition, AnyOf):
        return " or ".join(map(_inner, condition.parts)) if condition.parts else "nobody"
    if isinstance(condition, Not):
        return f"not {_inner(condition.part)}"
    if isinstance(condition, Attribute):
        name = f"event.{condition.name}" if condition.of == "entry" else condition.name
        return f"{name} {spell_test(condition.test)}"
    if isinstance(condition, Did | TotalOf):
        return _of_events(condition)
    return _of_people(condition)


def _inner(condition: Condition) -> str:
    text = spell_condition(condition)
    return f"({text})" if isinstance(condition, All | AnyOf) and len(condition.parts) > 1 else text


def _of_events(condition: Did | TotalOf) -> str:
    within = f" within {spell_duration(condition.within)}" if condition.within else ""
    if isinstance(condition, TotalOf):
        where = "".join(f" where {_property(test)}" for test in condition.where)
        total = f"total of {condition.event}.{condition.property}"
        return f"{total} {_op(condition.op)} {condition.number:g}{where}{within}"
    word, tests = _MAILS.get(condition.event), condition.where
    if word and tests and tests[0].name == "mail" and isinstance(tests[0].test, OneOf):
        event, tests = f"{word} {_or(tests[0].test.values)}", tests[1:]
    else:
        event = f"did {condition.event}"
    once = condition.op is Op.AT_LEAST and condition.times == 1
    times = "time" if condition.times == 1 else "times"
    count = "" if once else f" {_op(condition.op)} {condition.times} {times}"
    where = "".join(f" where {_property(test)}" for test in tests)
    same = f" same {condition.same}" if condition.same else ""
    return f"{event}{count}{where}{same}{within}"


def _of_people(condition: Condition) -> str:
    if isinstance(condition, Feels):
        group = next((name for name, e in GROUPS.items() if e == condition.emotions), "")
        name = group or _or(condition.emotions)
        return f"{name} {condition.level} within {spell_duration(condition.within)}"
    if isinstance(condition, InStage):
        return f"lifecycle {_or(condition.stages)}"
    if isinstance(condition, QuietFor):
        return f"quiet for {condition.thousandths / 1000:g} times their usual gap"
    if isinstance(condition, ConsentIs):
        return f"consent for {condition.topic} {_or(condition.states)}"
    if isinstance(condition, Disposition):
        return f"disposition {_or(condition.emotions)}"
    if isinstance(condition, IsPersona):
        return f"persona {_or(condition.names)}"
    if isinstance(condition, InSegment):
        return f"segment {condition.name}"
    if isinstance(condition, MoodUnknown):
        return "mood unknown"
    assert isinstance(condition, OpenTicket)
    return "open ticket"


def spell_test(test: Test) -> str:
    """A test of a value, without the value's name."""
    if isinstance(test, OneOf):
        return f"is {_or(test.values)}"
    if isinstance(test, Compare):
        return f"{_op(test.op)} {test.number:g}"
    if isinstance(test, Between):
        return f"between {test.low:g} and {test.high:g}"
    if isinstance(test, TextTest):
        return f"{test.op.replace('_', ' ')} {test.text}"
    if isinstance(test, IsSet):
        return "is set"
    if isinstance(test, Within):
        return f"within {spell_duration(test.length)}"
    if isinstance(test, WithinNext):
        return f"within the next {spell_duration(test.length)}"
    word = "before" if isinstance(test, Before) else "after"
    moment = test.moment
    return f"{word} {moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"{word} {moment}"


def _property(test: PropertyTest) -> str:
    return f"{'not ' if test.negated else ''}{test.name} {spell_test(test.test)}"


def _op(op: Op) -> str:
    return op.value.replace("_", " ")


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)
