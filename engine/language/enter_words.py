"""`enter:` of a journey: how people come in, and how often."""

from __future__ import annotations

from datetime import datetime, time

from engine.domain.journey import (
    Again,
    Called,
    Enter,
    Every,
    Joins,
    Once,
    OnDate,
    Trigger,
    WhenEvent,
)
from engine.language import leaf, leaf_time
from engine.language.conditions import CONDITION
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    YES_NO,
    Got,
    NotAPhrase,
    Shape,
    Word,
    one_of,
    phrase,
    short,
)
from engine.language.suggest import listed
from engine.language.values import (
    ATTRIBUTE,
    EVENT,
    SEGMENT,
    TIME,
    WHOLE,
)


def _again(text: str) -> Again:
    if text == "never":
        return Again()
    if text == "always":
        return Again(True)
    if text.startswith("after "):
        return Again(True, leaf_time.after(text))
    raise NotAPhrase(
        "J108",
        f"`{short(text)}` does not say whether people may enter again",
        "write `never`, `always` or `after 90 days`",
    )


def _run_key(text: str) -> str:
    if not text.startswith("event."):
        raise NotAPhrase(
            "J109", f"`{short(text)}` is not a property of the event", f"write `event.{text}`"
        )
    return leaf.snake(text.removeprefix("event."))


WHEN = Word("when", EVENT, "An event starts it.", "order.placed")
JOINS = Word("joins", SEGMENT, "Joining a segment starts it.", "lapsed-calm")
ON_DATE = Word("on_date", ATTRIBUTE, "A date of the customer starts it.", "birthday")
EVERY = Word(
    "every",
    phrase("a day with a time", leaf_time.weekly, "Monday 09:00", "day 09:00"),
    "It starts every week or day.",
    "Monday 09:00",
)
ONCE = Word(
    "once",
    phrase("a date with a time", leaf_time.wall_time, "2026-12-24 10:00"),
    "It starts once, for everybody in `who`.",
    "2026-12-24 10:00",
)
FROM = Word(
    "from",
    one_of("journey", "api"),
    "Only another journey, or only the API, lets people in.",
    "journey",
)
TRIGGERS = (WHEN, JOINS, ON_DATE, EVERY, ONCE, FROM)
YEARLY = Word("yearly", YES_NO, "The year of the date does not count.", "yes")
DAYS_BEFORE = Word("days_before", WHOLE, "So many days ahead of the date.", "7")
AT = Word("at", TIME, "At which time of the customer's day; 09:00 if nothing is said.", '"09:00"')
LEAP_DAY = Word(
    "leap_day", one_of("feb28", "mar1"), "When 29 February is in other years (R4.6).", "feb28"
)
WHO = Word("who", CONDITION, "For whom.", "{ lifecycle: loyal }")
IF = Word("if", CONDITION, "Who may come in.", "{ not: { segment: employees } }")
AGAIN = Word(
    "again",
    phrase("`never`, `always` or `after 90 days`", _again),
    "Whether people may enter again (R1.5).",
    "never",
)
ONE_RUN_PER = Word(
    "one_run_per",
    phrase("a property of the event", _run_key),
    "One run for each value of a property.",
    "event.order_id",
)
BACKFILL = Word(
    "backfill", YES_NO, "Whether those who fit already come in when it is applied (R1.1).", "no"
)
ENTER = Shape(
    "`enter`", (*TRIGGERS, YEARLY, DAYS_BEFORE, AT, LEAP_DAY, WHO, IF, AGAIN, ONE_RUN_PER, BACKFILL)
)

_GOES_WITH = {
    YEARLY: (ON_DATE,),
    DAYS_BEFORE: (ON_DATE,),
    AT: (ON_DATE,),
    LEAP_DAY: (ON_DATE,),
    WHO: (EVERY, ONCE),
    ONE_RUN_PER: (WHEN, FROM),
    BACKFILL: (JOINS, ON_DATE),
}


def read_enter(got: Got, pen: Pen) -> Enter:
    """How people come in.

    Raises:
        Unreadable: if that is not clear, which the pen has said then.
    """
    said = [word for word in TRIGGERS if got.has(word)]
    if len(said) != 1:
        raise pen.error(
            "107",
            got.key(said[1]) if said else got.place,
            f"`enter` names {len(said)} ways in"
            if said
            else "`enter` does not say how people come in",
            f"keep one of {listed(w.name for w in said)}"
            if said
            else f"add one of {listed(w.name for w in TRIGGERS)}",
        )
    for word, ways in _GOES_WITH.items():
        if got.has(word) and said[0] not in ways:
            pen.error(
                "J110",
                got.key(word),
                f"`{word.name}` does not go with `{said[0].name}`",
                f"it goes with {listed(w.name for w in ways)}; delete it here",
            )
    if not got.is_whole(ENTER.words):
        raise Unreadable
    return Enter(
        trigger=_trigger(got, pen),
        condition=got.get(IF),
        again=got.get(AGAIN) or Again(),
        one_run_per=got.get(ONE_RUN_PER),
        backfill=got.get(BACKFILL) or False,
    )


def _trigger(got: Got, pen: Pen) -> Trigger:
    if got.has(WHEN):
        return WhenEvent(got.need(WHEN))
    if got.has(JOINS):
        return Joins(got.need(JOINS))
    if got.has(ON_DATE):
        return OnDate(
            got.need(ON_DATE),
            got.get(AT) or time(9),
            got.get(YEARLY) or False,
            got.get(DAYS_BEFORE) or 0,
            "mar1" if got.get(LEAP_DAY) == "mar1" else "feb28",
        )
    if got.has(FROM):
        return Called("api" if got.need(FROM) == "api" else "journey")
    way = EVERY if got.has(EVERY) else ONCE
    who = got.get(WHO)
    if who is None:
        raise pen.error(
            "102",
            got.key(way),
            f"`{way.name}` needs `who`: for whom?",
            "add `who: { lifecycle: loyal }`, or `who: { all: […] }`",
        )
    if got.has(EVERY):
        weekday, at = got.need(EVERY)
        return Every(weekday, at, who)
    once: datetime = got.need(ONCE)
    return Once(once, who)
