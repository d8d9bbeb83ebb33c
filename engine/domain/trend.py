"""Where somebody's mood is going: how they wrote of late beside how they have been inclined for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from engine.domain.disposition import at, profile_of, shares, usual
from engine.domain.emotion import EMOTIONS, GROUPS, EmotionConfig
from engine.domain.message_mood import MessageMood

Trend = Literal["worsening", "recovering", "steady", "unknown"]
HEARD = 0.25
"""So much of a whole message has to be left of what was written of late, else nothing is known of it."""
MARKED = 0.1
"""By so much the shares of the upset emotions together have to differ."""


@dataclass(frozen=True, slots=True)
class Feeling:
    """How much of an emotion is in what somebody writes, from 0 to 1: of late (`mood`), for long
    (`disposition`), and in messages from where theirs come from (`usual`)."""

    emotion: str
    mood: float
    disposition: float
    usual: float

    @property
    def change(self) -> float:
        """Mood minus disposition: above 0 it is felt more than they used to."""
        return self.mood - self.disposition


@dataclass(frozen=True, slots=True)
class Feelings:
    """All ten, in the order of `EMOTIONS`, and where they are going. `heard` and `seen` are how many whole
    messages they rest on, of late and for long."""

    each: tuple[Feeling, ...]
    trend: Trend
    heard: float
    seen: float


def feelings(moods: Sequence[MessageMood], config: EmotionConfig, now: datetime) -> Feelings:
    """What the messages of a person up to `now` say, on both clocks (R6.3)."""
    past = [mood for mood in moods if mood.at <= now]
    of_late = replace(config, disposition_half_life=config.mood_half_life)
    fast = at(profile_of(past, of_late), now, of_late)
    slow = at(profile_of(past, config), now, config)
    each = tuple(
        Feeling(*told)
        for told in zip(
            EMOTIONS,
            shares(fast, config),
            shares(slow, config),
            usual(slow.seen, config),
            strict=True,
        )
    )
    heard = sum(fast.seen.values())
    return Feelings(each, _trend(each, heard), heard, sum(slow.seen.values()))


def _trend(each: Sequence[Feeling], heard: float) -> Trend:
    if heard < HEARD:
        return "unknown"
    change = sum(feeling.change for feeling in each if feeling.emotion in GROUPS["upset"])
    if abs(change) < MARKED:
        return "steady"
    return "worsening" if change > 0 else "recovering"
