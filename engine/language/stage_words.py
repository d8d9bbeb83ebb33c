"""`lifecycle:` and `emotion:` of the config."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.emotion import HAND, SOURCES, EmotionConfig
from engine.domain.lifecycle import LifecycleConfig
from engine.language import leaf, leaf_time
from engine.language.nodes import Node, Text
from engine.language.pen import Pen
from engine.language.reader import (
    Got,
    Kind,
    NotAPhrase,
    Shape,
    Word,
    block_of,
    in_shape,
    one_of,
    phrase,
    short,
)
from engine.language.values import ELAPSED, EVENT, LOOKING_BACK, NUMBER, TEAM, WHOLE


def _fixed(text: str) -> tuple[timedelta, timedelta] | None:
    if text == "our own gaps between orders":
        return None
    parts = text.removeprefix("fixed:").strip().split(", ")
    if len(parts) == 2 and parts[0].startswith("at-risk ") and parts[1].startswith("lapsed "):
        at_risk, lapsed = leaf_time.looking_back(parts[0][8:]), leaf_time.looking_back(parts[1][7:])
        if at_risk < lapsed:
            return at_risk, lapsed
    raise NotAPhrase(
        "C115",
        f"`{short(text)}` does not say when people are at risk and lapsed",
        "write `our own gaps between orders`, or `fixed: at-risk 182 days, lapsed 385 days` in quotes",
    )


ORDER_EVENT = Word(
    "order_event", EVENT, "What counts as buying; its value stands in `total`.", "order.placed"
)
LEARN_FROM = Word(
    "learn_from",
    phrase("a way to learn", _fixed),
    "Where the thresholds come from.",
    "our own gaps between orders",
)
FIXED = Word(
    "fixed",
    phrase("two thresholds", _fixed),
    "Thresholds that do not change.",
    "at-risk 182 days, lapsed 385 days",
)
NEW_FOR = Word("new_for", LOOKING_BACK, "How long a customer is new.", "30 days")
WON_BACK_FOR = Word(
    "won_back_for", LOOKING_BACK, "How long a customer counts as won back.", "60 days"
)
LOYAL_FROM = Word("loyal_from", WHOLE, "From how many orders on a customer is loyal.", "4")
LIFECYCLE = Shape(
    "`lifecycle`", (ORDER_EVENT, LEARN_FROM, FIXED, NEW_FOR, WON_BACK_FOR, LOYAL_FROM)
)


def read_lifecycle(got: Got, pen: Pen) -> LifecycleConfig:
    """How stages are told apart; what is not said has its default."""
    default = LifecycleConfig()
    return LifecycleConfig(
        order_event=got.get(ORDER_EVENT) or default.order_event,
        fixed=got.get(FIXED) or got.get(LEARN_FROM),
        new_for=got.get(NEW_FOR) or default.new_for,
        won_back_for=got.get(WON_BACK_FOR) or default.won_back_for,
        loyal_from=got.get(LOYAL_FROM) or default.loyal_from,
    )


H_MOOD = Word("mood", LOOKING_BACK, "Of the mood.", "7 days")
H_DISPOSITION = Word("disposition", LOOKING_BACK, "Of the disposition.", "45 days")
HALF_LIFE = Shape("`half_life`", (H_MOOD, H_DISPOSITION))
L_LOW = Word("low", NUMBER, "From this probability on.", "0.2", required=True)
L_MEDIUM = Word("medium", NUMBER, "From this probability on.", "0.45", required=True)
L_HIGH = Word("high", NUMBER, "From this probability on.", "0.7", required=True)
LEVELS = Shape("`levels`", (L_LOW, L_MEDIUM, L_HIGH))


def _levels(got: Got, pen: Pen) -> dict[str, float]:
    low, medium, high = got.need(L_LOW), got.need(L_MEDIUM), got.need(L_HIGH)
    if not 0 < low < medium < high < 1:
        raise pen.error(
            "C116",
            got.place,
            "the levels do not rise from 0 to 1",
            "write for example `{ low: 0.2, medium: 0.45, high: 0.7 }`",
        )
    return {"low": low, "medium": medium, "high": high}


def _half_life(got: Got, pen: Pen) -> tuple[timedelta | None, timedelta | None]:
    return got.get(H_MOOD), got.get(H_DISPOSITION)


E_CONSENT = Word(
    "consent", one_of("opt-in"), "Moods are read only of people who agree (R5.10).", "opt-in"
)
LOOKS_BACK = Word(
    "looks_back", LOOKING_BACK, "What `angry: high` means without `within`.", "7 days"
)
HALVES = Word(
    "half_life", in_shape(HALF_LIFE, _half_life), "How fast a mood fades.", "{ mood: 7 days }"
)
E_LEVELS = Word(
    "levels",
    in_shape(LEVELS, _levels),
    "Where the levels begin; they belong to the model.",
    "{ low: 0.2, medium: 0.45, high: 0.7 }",
)


def _weight(text: str) -> float:
    number = leaf.number(text)
    if not 0 <= number <= 1:
        raise NotAPhrase(
            "C121", f"`{short(text)}` is not from 0 to 1", "write 0 for nothing, 1 for in full"
        )
    return number


E_SOURCES = Word(
    "sources",
    block_of(
        phrase("a number from 0 to 1", _weight, "0.8"),
        "what a message counts by its source",
        one_of(*(source for source in SOURCES if source != HAND)),
    ),
    "What a message counts by where it comes from, from 0 to 1; the others keep theirs.",
    "{ review: 0.8, survey: 0.9 }",
)


def _read_hand_to(node: Node, pen: Pen) -> str:
    if isinstance(node, Text) and not node.quoted and node.text == "no":
        return ""
    return TEAM.read(node, pen)


E_HAND_TO = Word(
    "hand_to",
    Kind("a team, or `no`", _read_hand_to, {"type": ["string", "boolean"]}),
    "Who reads what a person should read; the first team where nothing is said.",
    "customer-care",
)
REST = Word(
    "rest",
    LOOKING_BACK,
    "How long at most nothing is advertised to somebody who wrote what is sensitive.",
    "30 days",
)
KEEP_TEXT = Word("keep_text", ELAPSED, "How long the words of messages are kept.", "30 days")
EMOTION = Shape(
    "`emotion`", (E_CONSENT, LOOKS_BACK, HALVES, E_LEVELS, E_SOURCES, KEEP_TEXT, E_HAND_TO, REST)
)


def read_emotion(got: Got, pen: Pen) -> EmotionConfig:
    """How moods are read; what is not said has its default."""
    default = EmotionConfig()
    mood, disposition = got.get(HALVES) or (None, None)
    keep = got.get(KEEP_TEXT)
    pen.looks_back = got.get(LOOKS_BACK) or default.looks_back
    return EmotionConfig(
        looks_back=pen.looks_back,
        mood_half_life=mood or default.mood_half_life,
        disposition_half_life=disposition or default.disposition_half_life,
        levels=got.get(E_LEVELS) or default.levels,
        sources={**default.sources, **(got.get(E_SOURCES) or {})},
        keep_text=default.keep_text if keep is None else keep,
        hand_to=got.get(E_HAND_TO),
        rest=got.get(REST) or default.rest,
    )
