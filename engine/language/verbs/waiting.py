"""`wait`, `wait_until`, `wait_for`."""

from __future__ import annotations

from engine.domain.condition import Condition
from engine.domain.journey import (
    Wait,
    WaitFor,
    WaitUntil,
)
from engine.language import leaf_time
from engine.language.conditions import CONDITION
from engine.language.nodes import Node, Text
from engine.language.pen import Pen
from engine.language.reader import (
    Got,
    Kind,
    Word,
    one_of,
    phrase,
)
from engine.language.values import (
    ATTRIBUTE,
    DURATION,
    EVENT,
    TIME,
)
from engine.language.verbs.tree import (
    OTHERWISE,
    THEN,
    Common,
    Step,
    add_verb,
    then_and_otherwise,
)

WAIT = Word("wait", DURATION, "How long to wait.", "3 days", required=True)
WAIT_AT = Word("at", TIME, "The time of day at which the wait ends.", '"15:00"')
MOMENT = phrase(
    "a moment",
    leaf_time.moment,
    "2 days before renews_at, 10:00",
    "Tuesday 09:00",
    "2026-12-24 18:00",
)
WAIT_UNTIL = Word("wait_until", MOMENT, "The moment to wait for.", "Tuesday 09:00", required=True)
IF_PAST = Word(
    "if_past",
    one_of("go_on", "skip_next", "leave"),
    "What happens if the moment is past (R2.2).",
    "skip_next",
)
SAME_DAY_AFTER = Word(
    "same_day_after",
    one_of("go_on", "next_week"),
    "What happens on that weekday after that time (R2.2).",
    "next_week",
)


def _wait(got: Got, common: Common, pen: Pen) -> Step:
    return Step(Wait(**common, length=got.need(WAIT), at=got.get(WAIT_AT)), "wait", got)


def _wait_until(got: Got, common: Common, pen: Pen) -> Step:
    node = WaitUntil(
        **common,
        moment=got.need(WAIT_UNTIL),
        if_past=got.get(IF_PAST),
        same_day_after=got.get(SAME_DAY_AFTER),
    )
    return Step(node, "wait_until", got)


def _event_or_condition(node: Node, pen: Pen) -> str | Condition:
    return EVENT.read(node, pen) if isinstance(node, Text) else CONDITION.read(node, pen)


_AWAITED: Kind[str | Condition] = Kind(
    "an event or a condition", _event_or_condition, {"anyOf": [EVENT.schema, CONDITION.schema]}
)
WAIT_FOR = Word("wait_for", _AWAITED, "An event, or a condition.", "order.placed", required=True)
SAME = Word(
    "same", ATTRIBUTE, "A property that equals that of the event that started the run.", "order_id"
)
WAIT_UP_TO = Word("up_to", DURATION, "How long at most (R2.3).", "2 days", required=True)


def _wait_for(got: Got, common: Common, pen: Pen) -> Step:
    awaited = got.need(WAIT_FOR)
    event = awaited if isinstance(awaited, str) else None
    same = got.get(SAME)
    if same is not None and event is None:
        pen.error(
            "J110",
            got.key(SAME),
            "`same` goes with an event, not with a condition",
            "write it inside the condition, beside `did`",
        )
    node = WaitFor(
        **common,
        event=event,
        condition=None if isinstance(awaited, str) else awaited,
        same=same,
        up_to=got.need(WAIT_UP_TO),
    )
    return Step(node, "wait_for", got, then_and_otherwise(got))


add_verb(_wait, WAIT, WAIT_AT)
add_verb(_wait_until, WAIT_UNTIL, IF_PAST, SAME_DAY_AFTER)
add_verb(_wait_for, WAIT_FOR, SAME, WAIT_UP_TO, THEN, OTHERWISE)
