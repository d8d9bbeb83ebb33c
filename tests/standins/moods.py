"""A reader of moods that knows a few words, and remembers what it was given to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.application.ports.mood_reader import Written
from engine.domain.emotion import EMOTIONS
from engine.domain.message_mood import Evidence, MessageMood

_WORDS = {
    "ridiculous": ("angry", 0.97),
    "sad": ("disappointed", 0.95),
    "worried": ("anxious", 0.95),
    "lovely": ("delighted", 0.95),
    "thanks": ("grateful", 0.95),
}
_AT_ONCE = ("now", "today", "lawyer")
_SENSITIVE = ("funeral", "hospital")


class StandInReader:
    """`application.ports.mood_reader.MoodReader`. What has none of its words is `unknown`."""

    version = "stand-in"

    def __init__(self) -> None:
        self.given: list[Written] = []

    def read(self, messages: Iterable[Written]) -> Iterator[MessageMood]:
        """One reading for each message, in the same order."""
        for message in messages:
            self.given.append(message)
            yield self._mood(message)

    def _mood(self, message: Written) -> MessageMood:
        text = message.text.lower()
        about = message.message, message.at, message.source
        if any(word in text for word in _SENSITIVE):
            return MessageMood(*about, sensitive=True, model=self.version)
        found = [(word, *_WORDS[word]) for word in _WORDS if word in text]
        if not found:
            return MessageMood(*about, model=self.version)
        said = {emotion: probability for _, emotion, probability in found}
        return MessageMood(
            *about,
            probabilities={emotion: said.get(emotion, 0.01) for emotion in EMOTIONS},
            confidence=1.0,
            words=max(6, len(text.split())),
            thread=message.thread,
            urgency=0.9 if any(word in text for word in _AT_ONCE) else 0.1,
            evidence=tuple(
                Evidence(text.index(word), text.index(word) + len(word), emotion, 0.5)
                for word, emotion, _ in found
            ),
            model=self.version,
        )
