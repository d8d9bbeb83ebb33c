"""`jurisdictions/NAME.yaml`: what the law asks of marketing mail somewhere, for a lawyer to read."""

from __future__ import annotations

from datetime import timedelta

from engine.domain import countries
from engine.domain.jurisdiction import CONFIRM_WITHIN, GROUNDS, REMIND_WITHIN, Jurisdiction
from engine.language.leaf_time import longer_than_nothing
from engine.language.nodes import Node
from engine.language.pen import Pen, Unreadable
from engine.language.reader import (
    TEXT,
    Got,
    NotAPhrase,
    Shape,
    Word,
    block_of,
    one_of,
    one_or_more,
    phrase,
    read_block,
    short,
)
from engine.language.values import LOOKING_BACK, NAME

NO_END = "no end"


def _country(text: str) -> str:
    if text not in countries.COUNTRIES:
        raise NotAPhrase(
            "L110",
            f"`{short(text)}` is not the code of a country",
            "write two capital letters, like `DE`; the United Kingdom is `GB`",
        )
    return text


def _lasts(text: str) -> timedelta | None:
    """`no end`, or a length of time. A year counts as 365 days, a month as 30."""
    if text == NO_END:
        return None
    length = longer_than_nothing(text)
    years, months = divmod(length.months, 12)
    return timedelta(days=years * 365 + months * 30 + length.days) + length.elapsed


JURISDICTION_NAME = Word(
    "jurisdiction", NAME, "Its name, the same as the file's.", "canada", required=True
)
TITLE = Word("title", TEXT, "Where it holds, in words.", "Canada", required=True)
SOURCE = Word(
    "source",
    one_or_more(TEXT),
    "The law that says so, so that somebody can look it up.",
    "Canada's Anti-Spam Legislation, S.C. 2010, c. 23, s. 10",
    required=True,
)
COUNTRIES = Word(
    "countries",
    one_or_more(phrase("the code of a country", _country, "DE", pattern="^[A-Z]{2}$")),
    "The countries whose people it protects.",
    "[DE, AT]",
    required=True,
)
ENOUGH = Word(
    "enough",
    block_of(phrase("`no end` or a length of time", _lasts), "`enough`", one_of(*GROUNDS)),
    "Which consent is enough, and how long it lasts (R5.2).",
    "{ double opt-in: no end, purchase: 2 years }",
    required=True,
)
CONFIRM = Word(
    "confirm_within",
    LOOKING_BACK,
    "How long a sign-up waits for its confirmation; 30 days where nothing is said (R5.4).",
    "30 days",
)
REMIND = Word(
    "remind_within",
    LOOKING_BACK,
    "Until when the one reminder may go; 7 days where nothing is said, and at most (R5.4).",
    "7 days",
)
PURCHASE = Word(
    "purchase",
    one_of("soft opt-in", "purchase"),
    "What an order gives by itself, for categories with `consent: soft opt-in`.",
    "soft opt-in",
)
JURISDICTION_SHAPE = Shape(
    "a jurisdiction",
    (JURISDICTION_NAME, TITLE, SOURCE, COUNTRIES, ENOUGH, CONFIRM, REMIND, PURCHASE),
)


def read_jurisdiction(node: Node, pen: Pen) -> Jurisdiction | None:
    """The jurisdiction of a file, or None where something in it is unreadable."""
    try:
        got = read_block(JURISDICTION_SHAPE, node, pen)
        if not got.is_whole(JURISDICTION_SHAPE.words):
            return None
        _check(got, pen)
        return Jurisdiction(
            name=got.need(JURISDICTION_NAME),
            title=got.need(TITLE),
            source=got.need(SOURCE),
            countries=frozenset(got.need(COUNTRIES)),
            enough=got.need(ENOUGH),
            confirm_within=got.get(CONFIRM) or CONFIRM_WITHIN,
            remind_within=got.get(REMIND) or REMIND_WITHIN,
            purchase=got.get(PURCHASE),
        )
    except Unreadable:
        return None


def _check(got: Got, pen: Pen) -> None:
    enough, purchase = got.need(ENOUGH), got.get(PURCHASE)
    if "double opt-in" not in enough:
        pen.error(
            "L501",
            got.key(ENOUGH),
            "a double opt-in is not enough here, and nothing is stronger",
            "add `double opt-in: no end`",
        )
    if purchase is not None and purchase not in enough:
        pen.error(
            "L502",
            got.value(PURCHASE),
            f"a purchase gives {purchase} here, and that is not enough here",
            f"add `{purchase}:` to `enough`, or delete `purchase`",
        )
    if (got.get(REMIND) or REMIND_WITHIN) > REMIND_WITHIN:
        pen.error(
            "L503",
            got.value(REMIND),
            "the reminder comes within 7 days",
            "write `7 days` or less",
        )
