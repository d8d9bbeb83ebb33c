"""The label sets that the models know, and how the 28 of GoEmotions fall into the coarser ones."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.emotion import EMOTIONS

GOEMOTIONS = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion", "curiosity",
    "desire", "disappointment", "disapproval", "disgust", "embarrassment", "excitement", "fear",
    "gratitude", "grief", "joy", "love", "nervousness", "optimism", "pride", "realization", "relief",
    "remorse", "sadness", "surprise", "neutral",
)  # fmt: skip
"""Demszky et al. (2020): 27 emotions and neutral, numbered as in their files."""

EKMAN: Mapping[str, tuple[str, ...]] = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "joy": (
        "joy", "amusement", "approval", "excitement", "gratitude", "love", "optimism", "relief",
        "pride", "admiration", "desire", "caring",
    ),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
    "neutral": ("neutral",),
}  # fmt: skip
"""The grouping of the paper (`ekman_mapping.json`)."""

SENTIMENT: Mapping[str, tuple[str, ...]] = {
    "positive": EKMAN["joy"],
    "negative": (*EKMAN["anger"], *EKMAN["disgust"], *EKMAN["fear"], *EKMAN["sadness"]),
    "ambiguous": EKMAN["surprise"],
    "neutral": ("neutral",),
}
"""The grouping of the paper (`sentiment_dict.json`)."""

MOOD: Mapping[str, tuple[str, ...]] = {
    "angry": ("anger", "disgust"),
    "frustrated": ("annoyance", "disapproval"),
    "disappointed": ("disappointment", "sadness", "grief"),
    "anxious": ("fear", "nervousness"),
    "confused": ("confusion",),
    "interested": ("curiosity", "desire", "optimism"),
    "grateful": ("gratitude", "relief"),
    "delighted": ("joy", "excitement", "amusement", "love", "pride"),
    "satisfied": ("admiration", "approval"),
    "indifferent": ("neutral",),
}
"""Ours. Caring, embarrassment, realization, remorse and surprise fall into none of the ten."""

SENSITIVE = "sensitive"
HEADS: Mapping[str, tuple[str, ...]] = {
    "goemotions": GOEMOTIONS,
    "ekman": tuple(EKMAN),
    "sentiment": tuple(SENTIMENT),
    "mood": EMOTIONS,
    SENSITIVE: (SENSITIVE,),
}
"""What a model gives for a text, head by head: one column for each label, in this order."""

WIDTH = sum(len(labels) for labels in HEADS.values())


def columns(head: str) -> slice:
    """The columns of a head among the `WIDTH` columns of a model."""
    start = 0
    for name, labels in HEADS.items():
        if name == head:
            return slice(start, start + len(labels))
        start += len(labels)
    raise KeyError(head)
