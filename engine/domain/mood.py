"""The mood that may be heard: which emotion sets the tone now, and how long it does (R6.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log2

from engine.domain.asking import Asking
from engine.domain.emotion import LEVELS, EmotionConfig, Reading
from engine.domain.engine_events import MOOD_CHANGED
from engine.domain.event import History
from engine.domain.facts import OUTSIDE, Facts, Rulebook
from engine.domain.values import MICROSECOND

AUDIBLE = "medium"
"""The level from which a mood sets the tone."""

UNKNOWN = "unknown"
"""What the mood is called while no emotion is loud enough."""


def mood_of(facts: Facts, rules: Rulebook, now: datetime) -> str | None:
    """The emotion that sets the tone: the one felt most strongly now, if it is audible and the person
    agrees to be read (R5.10, R6.3)."""
    heard = audible(facts, now)
    if heard is None or not Asking(facts, rules, now, OUTSIDE).is_profiled:
        return None
    return heard.emotion


def audible(facts: Facts, now: datetime) -> Reading | None:
    """The reading felt most strongly at `now`, if it is audible.

    All readings fade at one pace, so the strongest is the one that stays audible the longest; and once
    it has faded, so have all others.
    """
    heard = [
        reading
        for reading in facts.readings
        if AUDIBLE in reading.until and reading.at <= now <= reading.until[AUDIBLE]
    ]
    return max(heard, key=lambda one: (one.until[AUDIBLE], one.emotion), default=None)


def next_mood_change(facts: Facts, now: datetime) -> datetime | None:
    """The earliest instant after `now` at which time alone may change the audible mood, or None."""
    if not facts.readings:
        return None
    edges = [reading.at for reading in facts.readings]
    heard = audible(facts, now)
    if heard is not None:
        edges.append(heard.until[AUDIBLE] + MICROSECOND)
    return min((edge for edge in edges if edge > now), default=None)


def level_of(reading: Reading, now: datetime) -> str | None:
    """The highest level that a reading holds at `now`; None where it holds none (any more)."""
    held = [
        level
        for level in LEVELS
        if level in reading.until and reading.at <= now <= reading.until[level]
    ]
    return held[-1] if held else None


def heard_for(config: EmotionConfig) -> timedelta:
    """How long a mood can be audible at the most."""
    return config.mood_half_life * log2(1 / config.levels[AUDIBLE])


def strength(reading: Reading, config: EmotionConfig, now: datetime) -> float:
    """The probability of a reading as it counts at `now`, halved every `mood_half_life`."""
    return float(reading.probability * 0.5 ** ((now - reading.at) / config.mood_half_life))


def announced(history: History) -> str:
    """The mood that was announced last."""
    said = history.named(MOOD_CHANGED)
    return str(said[-1].properties["to"]) if said else UNKNOWN
