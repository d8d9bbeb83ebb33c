"""`policy:` of the config: categories, caps, quiet hours, holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from engine.domain.journey import Category, Class, Hold, Policy, Window
from engine.language.conditions import CONDITION
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    YES_NO,
    Got,
    NotAPhrase,
    Shape,
    Word,
    block_of,
    in_shape,
    list_of,
    one_of,
    one_or_more,
    phrase,
    short,
)
from engine.language.values import CAP, CATEGORY, ELAPSED, NAME, OVERFLOW, SHARE, TOPIC, WINDOW

DEFAULT_CATEGORIES: Mapping[str, Category] = {
    "transactional": Category("transactional", Class.TRANSACTIONAL),
    "service": Category("service", Class.SERVICE),
    "marketing": Category("marketing", Class.MARKETING),
}
"""The categories of a config that names none: one a class."""

CLASS = Word(
    "class",
    one_of("transactional", "service", "marketing"),
    "Decides consent, caps and who goes first (R5.3).",
    "marketing",
    required=True,
)
CONSENT = Word(
    "consent",
    one_of("opt-in", "soft opt-in", "double opt-in"),
    "Which consent is enough: `soft opt-in` takes what the law implies from an order, too.",
    "double opt-in",
)
SELLS = Word("sells", YES_NO, "Whether its mails are promotions, held from upset people.", "yes")
C_CAP = Word("cap", one_or_more(CAP), "A cap of its own.", "2 per 7 days")
C_QUIET = Word(
    "quiet_hours", one_of("ignore"), "Sent at night too; not for marketing (R4.2).", "ignore"
)
SKIP_HOLIDAYS = Word("skip_holidays", YES_NO, "Not sent on public holidays.", "yes")
CONFIRMS = Word(
    "confirms",
    one_or_more(TOPIC),
    "Its mails ask to confirm a sign-up to these; nothing else goes to who has not confirmed (R5.4).",
    "newsletter",
)
CATEGORY_WORDS = Shape(
    "a category", (CLASS, CONSENT, SELLS, C_CAP, C_QUIET, SKIP_HOLIDAYS, CONFIRMS)
)


def _category(got: Got, pen: Pen) -> Category:
    klass = Class(got.need(CLASS))
    if not got.is_whole(CATEGORY_WORDS.words):
        raise Unreadable
    if klass is Class.MARKETING and got.has(C_QUIET):
        pen.error(
            "C501",
            got.key(C_QUIET),
            "marketing never ignores quiet hours",
            "delete it, or make the category `service` if it sells nothing",
        )
    if klass is not Class.MARKETING and got.get(SELLS):
        pen.error(
            "C502",
            got.key(SELLS),
            f"{klass} mail never sells",
            "make the category `marketing`, or delete `sells`",
        )
    if klass is not Class.TRANSACTIONAL and got.has(CONFIRMS):
        pen.error(
            "C503",
            got.key(CONFIRMS),
            "a mail that asks for a confirmation advertises nothing",
            "make the category `transactional`, or delete `confirms`",
        )
    return Category(
        name="",
        klass=klass,
        consent=got.get(CONSENT) or "opt-in",
        sells=got.get(SELLS) or False,
        caps=got.get(C_CAP) or (),
        ignores_quiet_hours=got.has(C_QUIET),
        skip_holidays=got.get(SKIP_HOLIDAYS) or False,
        confirms=got.get(CONFIRMS) or (),
    )


H_CATEGORY = Word("category", CATEGORY, "Which mail waits.", "promotion", required=True)
H_IF = Word("if", CONDITION, "While this holds.", "{ upset: medium }", required=True)
HOLD = Shape("a hold", (H_CATEGORY, H_IF))


def _hold(got: Got, pen: Pen) -> Hold:
    return Hold(got.need(H_CATEGORY), got.need(H_IF))


def _holidays(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?", text):
        raise NotAPhrase(
            "C118",
            f"`{short(text)}` names no public holidays",
            "write a country or a part of it, like `DE` or `DE-BE`",
        )
    return text


CATEGORIES = Word(
    "categories",
    block_of(in_shape(CATEGORY_WORDS, _category), "`categories`", NAME),
    "The kinds of mail.",
)
HOLIDAYS = Word(
    "holidays",
    phrase("a country or region", _holidays),
    "Whose public holidays close the teams.",
    "DE-BE",
)
MARKETING_CAP = Word(
    "marketing_cap",
    one_or_more(CAP),
    "How much marketing one person gets.",
    "[1 per calendar day, 3 per 7 days]",
)
OVER_THE_CAP = Word(
    "over_the_cap", OVERFLOW, "What happens over a cap.", "postpone up to 3 days, then drop"
)
QUIET_HOURS = Word(
    "quiet_hours", WINDOW, "When nobody is written to, in their own zone.", "20:00-08:00"
)
HOLD_WHEN = Word(
    "hold_when",
    list_of(in_shape(HOLD, _hold), "`hold_when`"),
    "Which mail waits while a condition holds.",
    "[ { category: promotion, if: { open_ticket: yes } } ]",
)
ENTRY_GRACE = Word(
    "entry_grace", ELAPSED, "How long an entry condition is tested again (R1.2).", "30 minutes"
)
RELEASE_SPREAD = Word(
    "release_spread", ELAPSED, "Over how long held mail is released.", "15 minutes"
)
RESERVE_AHEAD = Word(
    "reserve_ahead",
    one_of("today", "no"),
    "Whether a more important mail keeps its slot (R3.7).",
    "today",
)
HOLDOUT = Word(
    "holdout",
    SHARE,
    "The share of people who get no marketing at all, to see what it adds (R8.1).",
    "5%",
)
POLICY = Shape(
    "`policy`",
    (
        CATEGORIES,
        HOLIDAYS,
        MARKETING_CAP,
        OVER_THE_CAP,
        QUIET_HOURS,
        HOLD_WHEN,
        ENTRY_GRACE,
        RELEASE_SPREAD,
        RESERVE_AHEAD,
        HOLDOUT,
    ),
)


def read_policy(got: Got, pen: Pen) -> tuple[Policy, str | None]:
    """The policy, and whose public holidays count. What cannot be read has its default."""
    named = {
        name: replace(category, name=name) for name, category in (got.get(CATEGORIES) or {}).items()
    }
    default = Policy(categories={})
    quiet = got.get(QUIET_HOURS)
    if quiet is not None and _length(quiet) > timedelta(hours=20):
        pen.error(
            "C302",
            got.value(QUIET_HOURS),
            "quiet hours last at most 20 hours",
            "leave at least 4 hours a day for mail",
        )
    if quiet is not None and len(quiet.weekdays) < 7:
        pen.error(
            "C303",
            got.value(QUIET_HOURS),
            "quiet hours are the same on all days",
            "write them without weekdays, like `20:00-08:00`",
        )
    grace, spread = got.get(ENTRY_GRACE), got.get(RELEASE_SPREAD)
    policy = Policy(
        categories=named or DEFAULT_CATEGORIES,
        marketing_caps=got.get(MARKETING_CAP) or (),
        over_the_cap=got.get(OVER_THE_CAP) or default.over_the_cap,
        quiet_hours=quiet,
        hold_when=got.get(HOLD_WHEN) or (),
        entry_grace=default.entry_grace if grace is None else grace,
        release_spread=default.release_spread if spread is None else spread,
        reserve_ahead=got.get(RESERVE_AHEAD) or default.reserve_ahead,
        holdout=got.get(HOLDOUT) or 0,
    )
    return policy, got.get(HOLIDAYS)


def _length(window: Window) -> timedelta:
    start = timedelta(hours=window.start.hour, minutes=window.start.minute)
    end = timedelta(hours=window.end.hour, minutes=window.end.minute)
    return end - start if end > start else end - start + timedelta(days=1)
