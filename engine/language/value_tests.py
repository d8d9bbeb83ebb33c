"""Tests of one value: of an attribute, of an event's property (`seats: { at_least: 3 }`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

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
from engine.language import leaf_time
from engine.language.nodes import Items, Node, Text, is_empty, place_of
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    YES_NO,
    NotAPhrase,
    as_entries,
    as_items,
    as_text,
    one_or_more,
    phrase,
    short,
)
from engine.language.suggest import did_you_mean, listed
from engine.language.values import LOOKING_BACK, NUMBER

Found = tuple[Test, bool]
"""A test, and whether its answer is turned round."""

_LITERALS = one_or_more(TEXT)
_BIRTHDAYS = phrase("a length of time", leaf_time.looking_ahead_days, "7 days")


def read_tests(name: str, node: Node, pen: Pen) -> list[Found]:
    """What is asked of the value called `name`: a literal, a list of them, or a block of tests."""
    if isinstance(node, Text | Items):
        return [(OneOf(_literals(name, node, pen)), False)]
    found: list[Found] = []
    broken = False
    entries = as_entries(node, pen, f"the test of `{short(name)}`").entries
    for key, value in entries:
        try:
            found.append(_test(name, key, value, pen))
        except Unreadable:
            broken = True
    if not entries:
        raise pen.error(
            "Y141",
            place_of(node),
            f"nothing is asked of `{short(name)}`",
            "write for example `{ at_least: 3 }`",
        )
    if broken:
        raise Unreadable
    return found


def _test(name: str, key: Text, value: Node, pen: Pen) -> Found:
    make = _TESTS.get(key.text)
    if make is None:
        raise pen.error(
            "Y141",
            place_of(key),
            f"`{short(key.text)}` is not a test of a value",
            did_you_mean(key.text, _TESTS) or f"the tests are {listed(_TESTS)}",
        )
    if is_empty(value):
        raise pen.error(
            "103",
            place_of(key),
            f"nothing stands behind `{key.text}`",
            "write a value, or delete it",
        )
    return make(name, value, pen)


def _literals(name: str, node: Node, pen: Pen) -> tuple[str, ...]:
    texts = _LITERALS.read(node, pen)
    return tuple(text.lower() for text in texts) if name == "email" else texts


def _compare(op: Op) -> Callable[[str, Node, Pen], Found]:
    def make(name: str, node: Node, pen: Pen) -> Found:
        text = as_text(node, pen, "this").text
        try:
            leaf_time.day(text.split(" ")[0])
        except NotAPhrase:
            return Compare(op, NUMBER.read(node, pen)), False
        later = "after" if op in (Op.AT_LEAST, Op.MORE_THAN) else "before"
        raise pen.error(
            "Y142",
            place_of(node),
            f"`{op}` compares numbers, not dates",
            f"write `{later}: {text}`",
        )

    return make


def _between(name: str, node: Node, pen: Pen) -> Found:
    ends = [NUMBER.read(item, pen) for item in as_items(node, pen, "`between`").items]
    if len(ends) != 2 or ends[0] > ends[1]:
        raise pen.error(
            "Y143",
            place_of(node),
            "`between` needs two numbers, the smaller first",
            "write for example `between: [3, 10]`",
        )
    return Between(ends[0], ends[1]), False


def _text_test(op: str) -> Callable[[str, Node, Pen], Found]:
    def make(name: str, node: Node, pen: Pen) -> Found:
        text = as_text(node, pen, f"`{op}`").text
        if not text:
            raise pen.error(
                "103", place_of(node), "there is nothing between the quotes", "write some text"
            )
        if name == "email":
            text = text.lower()
        return TextTest(op, text), False  # type: ignore[arg-type]

    return make


def _one_of(name: str, node: Node, pen: Pen) -> Found:
    return OneOf(_literals(name, node, pen)), False


def _none_of(name: str, node: Node, pen: Pen) -> Found:
    return OneOf(_literals(name, node, pen)), True


def _is_set(name: str, node: Node, pen: Pen) -> Found:
    return IsSet(), not YES_NO.read(node, pen)


def _within(name: str, node: Node, pen: Pen) -> Found:
    return Within(LOOKING_BACK.read(node, pen)), False


def _within_next(name: str, node: Node, pen: Pen) -> Found:
    yearly = name == "birthday"
    return WithinNext((_BIRTHDAYS if yearly else LOOKING_BACK).read(node, pen), yearly), False


def _instant(node: Node, pen: Pen) -> date | datetime:
    """A local date, or an instant: with its own offset, else in the company's zone."""
    text = as_text(node, pen, "a date").text.strip()
    try:
        if " " not in text and "T" not in text:
            return leaf_time.day(text)
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = leaf_time.wall_time(text)
    except NotAPhrase as wrong:
        raise pen.error(wrong.code, place_of(node), wrong.message, wrong.help) from None
    return (at if at.tzinfo else at.replace(tzinfo=pen.zone)).astimezone(UTC)


def _before(name: str, node: Node, pen: Pen) -> Found:
    return Before(_instant(node, pen)), False


def _after(name: str, node: Node, pen: Pen) -> Found:
    return After(_instant(node, pen)), False


_TESTS: Mapping[str, Callable[[str, Node, Pen], Found]] = {
    "at_least": _compare(Op.AT_LEAST),
    "at_most": _compare(Op.AT_MOST),
    "more_than": _compare(Op.MORE_THAN),
    "less_than": _compare(Op.LESS_THAN),
    "between": _between,
    "starts_with": _text_test("starts_with"),
    "ends_with": _text_test("ends_with"),
    "contains": _text_test("contains"),
    "one_of": _one_of,
    "none_of": _none_of,
    "is_set": _is_set,
    "within": _within,
    "within_next": _within_next,
    "before": _before,
    "after": _after,
}

_SINGLE = {"type": ["string", "number", "boolean"]}
_SINGLES = {"anyOf": [_SINGLE, {"type": "array", "items": _SINGLE, "minItems": 1}]}
TESTS: Mapping[str, object] = {
    "anyOf": [
        *_SINGLES["anyOf"],
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {
                **{name: _SINGLE for name in _TESTS},
                "between": {"type": "array", "items": NUMBER.schema, "minItems": 2, "maxItems": 2},
                "one_of": _SINGLES,
                "none_of": _SINGLES,
                "is_set": YES_NO.schema,
            },
        },
    ]
}
"""The JSON Schema of a test."""
