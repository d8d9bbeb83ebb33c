"""How somebody feels, explained: which words of which messages say so, how sure that is, how old (R6.3).

For people who help: for `person show`, briefings and lists of tasks, never for a mail (R6.6), and never
without consent (R5.10). Words are quoted while they are kept; then only where they came from is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.domain.asking import Asking
from engine.domain.beta import share_above
from engine.domain.disposition import at as as_of
from engine.domain.disposition import profile_of, shares, usual
from engine.domain.emotion import EMOTIONS, Reading
from engine.domain.engine_events import FEEDBACK
from engine.domain.facts import OUTSIDE, Facts, Rulebook
from engine.domain.message_mood import MessageMood
from engine.domain.mood import level_of, strength
from engine.domain.trend import Trend, feelings

_MOST_WORDS = 3
_LIKELY = 0.9
"""How likely a share lies within the interval that is told with it."""


@dataclass(frozen=True, slots=True)
class FeltNow:
    """One emotion that still holds a level: from which message, how strong now (from 0 to 1), until when
    it holds that level, how sure its reading was, and the words that speak for it."""

    emotion: str
    level: str
    strength: float
    at: datetime
    until: datetime
    message: str
    source: str
    confidence: float | None
    words: tuple[str, ...]
    quoted: str


@dataclass(frozen=True, slots=True)
class Inclined:
    """A disposition: the share of the emotion in what the person writes, between which bounds it lies
    nine times in ten, what is usual, since when, and until when it stands if they write no more."""

    emotion: str
    share: float
    low: float
    high: float
    usual: float
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class MoodPortrait:
    """All of it. Without consent there is nothing but that. `trend` says how they wrote of late beside how
    they have been inclined for long (`domain.trend`)."""

    profiled: bool
    felt: tuple[FeltNow, ...] = ()
    inclined: Inclined | None = None
    trend: Trend = "unknown"
    messages: int = 0
    model: str = ""


def mood_portrait(facts: Facts, rules: Rulebook, now: datetime) -> MoodPortrait:
    """How a person feels at `now`. `facts.moods` has what was read of their messages (`lives.load` with
    `moods`); without it nothing is quoted."""
    if not Asking(facts, rules, now, OUTSIDE).is_profiled:
        return MoodPortrait(profiled=False)
    moods = [mood for mood in facts.moods if mood.at <= now]
    felt = tuple(sorted(_felt(facts, rules, now), key=lambda one: (-one.strength, one.emotion)))
    return MoodPortrait(
        profiled=True,
        felt=felt,
        inclined=_inclined(facts, moods, rules, now),
        trend=feelings(moods, rules.emotion, now).trend,
        messages=len(moods),
        model=moods[-1].model if moods else "",
    )


def in_one_line(portrait: MoodPortrait) -> str:
    """The strongest feeling with its words, for a list: `angry (high): “ridiculous”, “third time”`."""
    if not portrait.felt:
        return ""
    first = portrait.felt[0]
    words = ", ".join(f"“{word}”" for word in first.words)
    return f"{first.emotion} ({first.level})" + (f": {words}" if words else "")


def _felt(facts: Facts, rules: Rulebook, now: datetime) -> Iterator[FeltNow]:
    """The newest reading of each message and emotion that holds a level now."""
    moods = {mood.message: mood for mood in facts.moods}
    texts = {
        event.id: str(event.properties.get("text", "")) for event in facts.history.named(FEEDBACK)
    }
    loudest: dict[str, Reading] = {}
    for reading in facts.readings:
        if level_of(reading, now) is not None:
            before = loudest.get(reading.emotion)
            if before is None or strength(reading, rules.emotion, now) > strength(
                before, rules.emotion, now
            ):
                loudest[reading.emotion] = reading
    for reading in loudest.values():
        level, mood = level_of(reading, now), moods.get(reading.message)
        assert level is not None
        text = texts.get(reading.message, "")
        yield FeltNow(
            emotion=reading.emotion,
            level=level,
            strength=strength(reading, rules.emotion, now),
            at=reading.at,
            until=reading.until[level],
            message=reading.message,
            source=mood.source if mood else "",
            confidence=mood.confidence if mood else None,
            words=words_for(mood, reading.emotion, text) if mood else (),
            quoted=text,
        )


def words_for(mood: MessageMood, emotion: str, text: str) -> tuple[str, ...]:
    """The words of a message that speak for an emotion, the strongest first; none once they are gone."""
    told = sorted(mood.evidence, key=lambda one: (-one.weight, one.start))
    return tuple(
        " ".join(text[one.start : one.end].split())
        for one in told
        if one.emotion == emotion and one.weight > 0 and one.end <= len(text)
    )[:_MOST_WORDS]


def _inclined(
    facts: Facts, moods: Sequence[MessageMood], rules: Rulebook, now: datetime
) -> Inclined | None:
    held = facts.disposition
    if held is None or not held.holds(now):
        return None
    config = rules.emotion
    profile = as_of(profile_of(moods, config), now, config)
    place, prior = EMOTIONS.index(held.emotion), config.hysteresis.shrinks_by
    rate, seen = usual(profile.seen, config)[place], sum(profile.seen.values())
    for_it = profile.sums[place] + prior * rate
    against = seen - profile.sums[place] + prior * (1 - rate)
    edge = (1 - _LIKELY) / 2
    return Inclined(
        emotion=held.emotion,
        share=shares(profile, config)[place],
        low=share_above(1 - edge, for_it, against),
        high=share_above(edge, for_it, against),
        usual=rate,
        since=held.since,
        until=held.until,
    )


def as_document(portrait: MoodPortrait) -> Mapping[str, object]:
    """The portrait by name, ready for JSON."""
    if not portrait.profiled:
        return {"profiled": False, "because": "no consent to profiling_emotion"}
    inclined = portrait.inclined
    return {
        "profiled": True,
        "felt": [
            {
                "emotion": one.emotion,
                "level": one.level,
                "strength": round(one.strength, 3),
                "at": one.at,
                "until": one.until,
                "message": one.message,
                "source": one.source,
                "confidence": None if one.confidence is None else round(one.confidence, 3),
                "words": list(one.words),
            }
            for one in portrait.felt
        ],
        "disposition": None
        if inclined is None
        else {
            "emotion": inclined.emotion,
            "share": round(inclined.share, 3),
            "low": round(inclined.low, 3),
            "high": round(inclined.high, 3),
            "usual": round(inclined.usual, 3),
            "since": inclined.since,
            "until": inclined.until,
        },
        "trend": portrait.trend,
        "messages": portrait.messages,
        "model": portrait.model or None,
    }
