"""The emotional profile as conditions see it: readings and how long they count (R6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log2
from operator import itemgetter

EMOTIONS = (
    "angry", "frustrated", "disappointed", "anxious", "confused",
    "interested", "grateful", "delighted", "satisfied", "indifferent",
)  # fmt: skip
LEVELS = ("low", "medium", "high")
HAND = "by hand"
"""The source of a mood that nobody read from a text: it stands in a test or in a file."""

GROUPS = {
    "upset": ("angry", "frustrated", "disappointed", "anxious"),
    "happy": ("grateful", "delighted", "satisfied"),
}


SOURCES: Mapping[str, float] = {
    "ticket": 1.0, "chat": 1.0, "reply": 1.0, HAND: 1.0,
    "survey": 0.9, "review": 0.8, "social": 0.7,
    "auto-reply": 0.0, "forward": 0.0, "quote": 0.0,
}  # fmt: skip
"""What a message counts by where it comes from: what was written to us more than what was written of us,
and words that are not the person's own nothing."""

LEAST_USUAL = 0.05
"""No emotion is taken for rarer than this: a lift over next to nothing would make much of little."""

USUAL = (LEAST_USUAL, 0.09, 0.06, LEAST_USUAL, LEAST_USUAL, 0.08, LEAST_USUAL, 0.08, 0.2, 0.39)
"""How often each of `EMOTIONS` is read in messages of customers, until the business's own say so."""


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """When a disposition begins and ends; the lift is a share over what is usual.

    It begins when its lift is `enters_at`, it is `sure` that it is above the usual at all, and so much
    `evidence` was seen: in whole messages and more than one, so that no single one is enough. It ends
    when its lift falls below `leaves_at`, or another is `stronger` by this factor, and lasts for
    `stays_at_least`. Shares are shrunk towards the usual as if `shrinks_by` messages had said just that.
    """

    enters_at: float = 1.8
    leaves_at: float = 1.35
    stronger: float = 1.3
    sure: float = 0.7
    evidence: float = 1.05
    shrinks_by: float = 1.5
    stays_at_least: timedelta = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class EmotionConfig:
    """`emotion:` of the config. `levels` are probabilities and belong to the model.

    `sources` says what a message counts by where it comes from, from 0 to 1, and `other_sources` what
    it counts from anywhere else. `usual` is how often each emotion is read in any message, and
    `base_rates` in those of one source, as learned of the business's own customers. `hand_to` is the
    team that reads what a person should read, empty for nobody and None where nothing is said
    (`Rulebook.care_team`); for at most `rest` nothing is advertised to who wrote what is sensitive.
    """

    looks_back: timedelta = timedelta(days=7)
    mood_half_life: timedelta = timedelta(days=7)
    disposition_half_life: timedelta = timedelta(days=45)
    levels: Mapping[str, float] = field(
        default_factory=lambda: {"low": 0.2, "medium": 0.45, "high": 0.7}
    )
    keep_text: timedelta = timedelta(days=30)
    hand_to: str | None = None
    rest: timedelta = timedelta(days=30)
    sources: Mapping[str, float] = field(default_factory=lambda: SOURCES)
    other_sources: float = 0.7
    usual: tuple[float, ...] = USUAL
    base_rates: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    hysteresis: Hysteresis = Hysteresis()


def in_order(probabilities: Mapping[str, float]) -> tuple[float, ...]:
    """One number for each of `EMOTIONS`, 0 where none is named."""
    try:
        each: tuple[float, ...] = _EACH(probabilities)
    except KeyError:
        return tuple(probabilities.get(emotion, 0.0) for emotion in EMOTIONS)
    return each


_EACH = itemgetter(*EMOTIONS)


@dataclass(frozen=True, slots=True)
class Reading:
    """One emotion read from one message: it holds a level from `at` to `until[level]`, inclusive.

    Only levels it ever reached are in `until`. The decay is worked out once, when the message comes
    in, so that Python and SQL compare the same instants.
    """

    emotion: str
    at: datetime
    until: Mapping[str, datetime]
    probability: float
    message: str = ""


def reading(
    emotion: str, at: datetime, probability: float, config: EmotionConfig, message: str = ""
) -> Reading:
    """A reading from a weighted probability, halved every `mood_half_life` (R6.3).

    The level L holds until `at + half_life * log2(p / L)`, to the microsecond, where p >= L.
    """
    until = {
        level: at + config.mood_half_life * log2(probability / floor)
        for level, floor in config.levels.items()
        if probability >= floor
    }
    return Reading(emotion, at, until, probability, message)


def by_hand(level: str, config: EmotionConfig) -> float:
    """The probability that a mood written by hand (in a test) stands for: the middle of its level."""
    floors = [*sorted(config.levels.values()), 1.0]
    place = floors.index(config.levels[level])
    return (floors[place] + floors[place + 1]) / 2
