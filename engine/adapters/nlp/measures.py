"""What follows from the ten probabilities: how pleasant, how stirred, how sure."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

from engine.domain.emotion import EMOTIONS

VALENCE: Mapping[str, float] = {
    "angry": -0.9, "frustrated": -0.7, "disappointed": -0.6, "anxious": -0.5, "confused": -0.2,
    "interested": 0.4, "grateful": 0.8, "delighted": 1.0, "satisfied": 0.6, "indifferent": 0.0,
}  # fmt: skip
"""How pleasant each emotion is to have, from -1 to 1."""

AROUSAL: Mapping[str, float] = {
    "angry": 0.9, "frustrated": 0.7, "disappointed": 0.4, "anxious": 0.8, "confused": 0.5,
    "interested": 0.5, "grateful": 0.5, "delighted": 0.9, "satisfied": 0.3, "indifferent": 0.1,
}  # fmt: skip
"""How stirred somebody is who has it, from 0 to 1."""

DOUBT = 0.5
"""What is left of the confidence where sarcasm is suspected."""

UPSET = tuple(emotion for emotion in EMOTIONS if VALENCE[emotion] <= -0.5)
HAPPY = tuple(emotion for emotion in EMOTIONS if VALENCE[emotion] >= 0.5)


def valence(emotions: Mapping[str, float]) -> float:
    """The mean of `VALENCE`, weighted by probability; 0 without any."""
    return _weighted(emotions, VALENCE)


def arousal(emotions: Mapping[str, float]) -> float:
    """The mean of `AROUSAL`, weighted by probability; 0 without any."""
    return _weighted(emotions, AROUSAL)


def confidence(emotions: Mapping[str, float]) -> float:
    """1 less the normalised entropy of the probabilities, from 0 to 1; 0 without any.

    What the ten leave of 1 is shared evenly among them, so that a reader who sees nothing at all is
    not sure of it.
    """
    total = sum(emotions.values())
    if not total:
        return 0.0
    rest = max(0.0, 1 - total) / len(emotions)
    shares = [(p + rest) / max(total, 1.0) for p in emotions.values()]
    entropy = -sum(share * log(share) for share in shares if share > 0)
    return min(1.0, max(0.0, 1 - entropy / log(len(emotions))))


def top(emotions: Mapping[str, float]) -> str:
    """The likeliest emotion; "" without any."""
    return max(emotions, key=emotions.__getitem__) if emotions else ""


def is_mixed(labels: frozenset[str] | set[str]) -> bool:
    """Whether pleasant and unpleasant feelings were both said."""
    return not labels.isdisjoint(HAPPY) and not labels.isdisjoint(UPSET)


def _weighted(emotions: Mapping[str, float], table: Mapping[str, float]) -> float:
    total = sum(emotions.values())
    return sum(p * table[emotion] for emotion, p in emotions.items()) / total if total else 0.0
