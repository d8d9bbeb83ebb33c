"""What the demo's people wrote, and what was read in it: figures for the summary, and one example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.domain.emotion import GROUPS

if TYPE_CHECKING:
    from engine.application.ports.intake import Taken
    from engine.domain.arrival import Arrival, MessageRead
    from engine.domain.message_mood import MessageMood

LEANING = 0.1
"""A message that is read as pleasant or unpleasant has at least this valence, up or down."""
_SURE = 0.8


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that somebody wrote and how it was read: the emotion, how sure, and the words that
    speak for it."""

    person: str
    text: str
    emotion: str
    probability: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moods:
    """What was read. `moods` counts the likeliest emotion of each sentence that shows one; `leaning` of
    them are pleasant or unpleasant, and so many of these `agree` with the label of the data set.
    `strong` are sentences of upset people with their words, the surest first."""

    model: str
    felt: int
    unknown: int
    sensitive: int
    not_agreed: int
    moods: Mapping[str, int]
    leaning: int
    agree: int
    strong: tuple[Sentence, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "model": self.model,
            "felt": self.felt,
            "unknown": self.unknown,
            "sensitive": self.sensitive,
            "not_agreed": self.not_agreed,
            "moods": dict(self.moods),
            "leaning": self.leaning,
            "agree_with_label": self.agree,
        }


def moods_of(arrivals: Iterable[Arrival], taken: Taken, positive: Mapping[str, bool]) -> Moods:
    """The figures of a history that was read; `positive` has the label of each message by its id."""
    from engine.domain.arrival import EventArrived, MessageRead

    read: list[MessageRead] = []
    texts: dict[str, str] = {}
    for arrival in arrivals:
        if isinstance(arrival, MessageRead):
            read.append(arrival)
        elif isinstance(arrival, EventArrived) and "text" in arrival.event.properties:
            texts[arrival.event.id] = str(arrival.event.properties["text"])
    felt = [one.mood for one in read if one.mood.probabilities]
    leaning = [mood for mood in felt if abs(mood.valence) >= LEANING]
    strong = [_sentence(one, texts[one.mood.message]) for one in read if _is_strong(one.mood)]
    return Moods(
        model=next((mood.model for mood in felt), ""),
        felt=taken.felt,
        unknown=taken.unknown,
        sensitive=taken.sensitive,
        not_agreed=taken.not_agreed,
        moods=dict(Counter(_top(mood) for mood in felt).most_common()),
        leaning=len(leaning),
        agree=sum((mood.valence > 0) == positive[mood.message] for mood in leaning),
        strong=tuple(sorted(strong, key=lambda one: (-one.probability, one.person))),
    )


def _top(mood: MessageMood) -> str:
    return max(mood.probabilities, key=lambda emotion: mood.probabilities[emotion])


def _is_strong(mood: MessageMood) -> bool:
    if not mood.probabilities or not mood.evidence:
        return False
    top = _top(mood)
    return top in GROUPS["upset"] and mood.probabilities[top] >= _SURE


def _sentence(read: MessageRead, text: str) -> Sentence:
    mood = read.mood
    top = _top(mood)
    words = [
        text[told.start : told.end]
        for told in sorted(mood.evidence, key=lambda told: -told.weight)
        if told.emotion == top and told.weight > 0
    ]
    return Sentence(read.person_id, text, top, mood.probabilities[top], tuple(words[:3]))
