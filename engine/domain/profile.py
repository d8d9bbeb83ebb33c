"""From what messages say to how a person feels: what each message counts, and the moods it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.domain.emotion import EMOTIONS, HAND, LEVELS, EmotionConfig, Reading, in_order, reading
from engine.domain.message_mood import MessageMood

FULL_LENGTH = 6
"""From so many words on a message counts in full."""

ALARMING = ("angry", "anxious")
SURE = 0.9
"""From this probability on, one alarming message sets the mood as it reads, whatever it counts."""


def hand_written(
    message: str, at: datetime, probabilities: Mapping[str, float], thread: str = ""
) -> MessageMood:
    """A mood that somebody says a message has, in a test or a file: it counts in full."""
    every = {emotion: probabilities.get(emotion, 0.0) for emotion in EMOTIONS}
    return MessageMood(message, at, HAND, every, 1.0, FULL_LENGTH, thread)


def weight(mood: MessageMood, config: EmotionConfig) -> float:
    """What a message counts, from 0 to 1: by its source, how sure its reading is, and its length."""
    if mood.sensitive or not mood.probabilities:
        return 0.0
    source = config.sources.get(mood.source, config.other_sources)
    return source * mood.confidence * min(1.0, mood.words / FULL_LENGTH)


def readings_of(mood: MessageMood, config: EmotionConfig) -> tuple[Reading, ...]:
    """The moods that a message leaves: its probabilities weighted (R6.3), where they reach a level.

    A probability `p` of weight `w` counts as `p ** (1 / w)`: as many messages of that weight as make a
    whole one would all have to say it. So what is sure stays, and what is not sure goes. One alarming
    message that is `SURE` counts as it reads, unless its source counts nothing.
    """
    counts = weight(mood, config)
    if counts <= 0:
        return ()
    lowest = config.levels[LEVELS[0]]
    read = zip(EMOTIONS, in_order(mood.probabilities), strict=True)
    found = []
    for emotion, probability in [one for one in read if one[1] >= lowest]:
        alarms = probability >= SURE and emotion in ALARMING
        says = probability if alarms else probability ** (1 / counts)
        if says >= lowest:
            found.append(reading(emotion, mood.at, says, config, mood.message))
    return tuple(found)
