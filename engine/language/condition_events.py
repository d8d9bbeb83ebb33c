"""Conditions on what happened: `did`, `received`, `total_of` …"""

from __future__ import annotations

from collections.abc import Callable

from engine.domain.condition import (
    Condition,
    Did,
    Not,
    OneOf,
    Op,
    PropertyTest,
    TotalOf,
)
from engine.language import leaf
from engine.language.condition_parts import (
    COUNTS,
    SIDE_WORDS,
    Builder,
    Head,
    Sides,
    all_of,
    counts,
)
from engine.language.nodes import Node, Text, place_of
from engine.language.pen import Pen
from engine.language.reader import (
    as_entries,
    as_text,
    each,
    one_or_more,
    phrase,
    short,
)
from engine.language.value_tests import read_tests
from engine.language.values import (
    ATTRIBUTE,
    EVENT,
    LOOKING_BACK,
    MAIL,
    NUMBER,
)

_TIMES = phrase("a number of times", leaf.times, "3 times")


def _where(sides: Sides, pen: Pen) -> tuple[PropertyTest, ...]:
    found = sides.nodes.get("where")
    if found is None:
        return ()
    tests: list[PropertyTest] = []
    for key, value in as_entries(found[1], pen, "`where`").entries:
        name = ATTRIBUTE.read(key, pen)
        tests += [PropertyTest(name, test, no) for test, no in read_tests(name, value, pen)]
    return tuple(tests)


def _same(sides: Sides, pen: Pen) -> str | None:
    found = sides.nodes.get("same")
    if found is None:
        return None
    if not pen.in_run:
        raise pen.error(
            "Y134", place_of(found[0]), "`same` compares with the event that started a journey",
            "use it in a journey's own conditions",
        )  # fmt: skip
    return ATTRIBUTE.read(found[1], pen)


def _counted(
    event: Callable[[], str], where: Callable[[], tuple[PropertyTest, ...]], sides: Sides, pen: Pen
) -> Condition:
    """Counted events. All parts are read before the first mistake ends it."""
    name, tests, more, asked, within, same = each(
        event,
        where,
        lambda: _where(sides, pen),
        lambda: counts(sides, _TIMES, pen),
        lambda: sides.read("within", LOOKING_BACK, pen),
        lambda: _same(sides, pen),
    )
    asked = asked or [(Op.AT_LEAST, 1)]
    return all_of([Did(name, op, times, within, tests + more, same) for op, times in asked])


def _did(key: Text, value: Node, sides: Sides, pen: Pen) -> Condition:
    happened = _counted(lambda: EVENT.read(value, pen), tuple, sides, pen)
    return Not(happened) if key.text == "did_not" else happened


def _mail_event(event: str) -> Builder:
    def build(key: Text, value: Node, sides: Sides, pen: Pen) -> Condition:
        if event == "mail.opened" and pen.in_goal:
            raise pen.error(
                "Y501",
                place_of(key),
                "an open decides nothing: machines open mails too",
                "use `clicked`, or better what the person did, like `did: order.placed`",
            )

        def is_one_of_these() -> tuple[PropertyTest, ...]:
            return (PropertyTest("mail", OneOf(_MAILS.read(value, pen))),)

        return _counted(lambda: event, is_one_of_these, sides, pen)

    return build


_MAILS = one_or_more(MAIL)


def _total_of(key: Text, value: Node, sides: Sides, pen: Pen) -> Condition:
    text = as_text(value, pen, "`total_of`").text
    event, _, name = text.rpartition(".")
    if "." not in event:
        raise pen.error(
            "Y136", place_of(value), f"`{short(text)}` does not name an event and its property",
            "write for example `total_of: order.placed.total`",
        )  # fmt: skip
    named = Text(value.start, value.end, event, False)
    event, where, asked, within = each(
        lambda: EVENT.read(named, pen),
        lambda: _where(sides, pen),
        lambda: counts(sides, NUMBER, pen),
        lambda: sides.read("within", LOOKING_BACK, pen),
    )
    if not asked:
        raise pen.error(
            "Y136",
            place_of(key),
            "`total_of` needs a number to compare with",
            "add for example `at_least: 500`",
        )
    return all_of([TotalOf(event, name, op, number, within, where) for op, number in asked])


_MAIL_SIDES = (*COUNTS, "within")
_SUM_SIDES = (*_MAIL_SIDES, "where")
_TEXT_SCHEMA = {"type": "string"}

EVENT_HEADS = (
    Head(
        "did",
        _did,
        "It happened, as often as is said.",
        "did: order.placed",
        SIDE_WORDS,
        EVENT.schema,
    ),
    Head("did_not", _did, "It did not happen.", "did_not: order.placed", SIDE_WORDS, EVENT.schema),
    Head(
        "total_of",
        _total_of,
        "The sum of a property over events.",
        "total_of: order.placed.total",
        _SUM_SIDES,
        _TEXT_SCHEMA,
    ),
    Head(
        "received",
        _mail_event("mail.sent"),
        "Got this mail, or one of these.",
        "received: onboarding/welcome",
        _MAIL_SIDES,
        _MAILS.schema,
    ),
    Head(
        "opened",
        _mail_event("mail.opened"),
        "Opened this mail, if they allow it to be known.",
        "opened: onboarding/welcome",
        _MAIL_SIDES,
        _MAILS.schema,
    ),
    Head(
        "clicked",
        _mail_event("mail.clicked"),
        "Clicked in this mail, if they allow it to be known.",
        "clicked: onboarding/welcome",
        _MAIL_SIDES,
        _MAILS.schema,
    ),
)
