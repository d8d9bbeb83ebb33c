"""What a message counts, and the moods that it leaves (R6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.message_mood import MessageMood
from engine.domain.profile import hand_written, readings_of, weight

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONFIG = EmotionConfig()


def mood(
    source: str = "ticket", confidence: float = 1.0, words: int = 12, **p: float
) -> MessageMood:
    every = {emotion: p.get(emotion, 0.01) for emotion in EMOTIONS}
    return MessageMood("m1", AT, source, every, confidence, words)


def levels(read: MessageMood) -> dict[str, str]:
    """The highest level that each emotion reaches."""
    return {found.emotion: [*found.until][-1] for found in readings_of(read, CONFIG)}


@pytest.mark.parametrize(
    ("source", "confidence", "words", "counts"),
    [
        ("ticket", 1.0, 6, 1.0), ("survey", 1.0, 60, 0.9), ("review", 0.5, 3, 0.2),
        ("auto-reply", 1.0, 60, 0.0), ("forward", 1.0, 60, 0.0), ("a source of our own", 1.0, 6, 0.7),
    ],
)  # fmt: skip
def test_a_message_counts_by_its_source_its_confidence_and_its_length(
    source: str, confidence: float, words: int, counts: float
) -> None:
    """R6.3"""
    assert weight(mood(source, confidence, words), CONFIG) == pytest.approx(counts)


def test_a_message_of_full_weight_leaves_its_probabilities() -> None:
    """R6.3"""
    [read] = readings_of(mood(angry=0.8), CONFIG)
    assert (read.emotion, read.probability, read.message) == ("angry", 0.8, "m1")


def test_what_is_sure_in_a_short_review_stays_and_what_is_not_goes() -> None:
    """R6.3"""
    short = mood("review", confidence=0.8, words=5, frustrated=0.95, disappointed=0.5)
    assert levels(short) == {"frustrated": "high", "disappointed": "low"}


def test_one_alarming_message_sets_the_mood_at_once() -> None:
    """R6.3"""
    word = mood("survey", confidence=0.8, words=1, angry=0.93)
    assert levels(word) == {"angry": "high"}
    assert levels(replace(word, source="auto-reply")) == {}
    calm = mood("survey", confidence=0.8, words=1, satisfied=0.93)
    assert levels(calm) == {"satisfied": "medium"}


def test_nothing_is_kept_of_what_was_not_read_or_is_sensitive() -> None:
    """R6.3, R5.10"""
    assert readings_of(MessageMood("m1", AT, "ticket"), CONFIG) == ()
    assert readings_of(replace(mood(angry=0.99), sensitive=True), CONFIG) == ()


def test_a_mood_by_hand_means_what_it_says() -> None:
    """R6.3"""
    assert levels(hand_written("m1", AT, {"angry": 0.85, "anxious": 0.5})) == {
        "angry": "high", "anxious": "medium",
    }  # fmt: skip
