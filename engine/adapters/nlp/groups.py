"""The coarser label sets of GoEmotions' comments: there they are, by definition, groups of the 28."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.adapters.nlp.labels import EKMAN, GOEMOTIONS, MOOD, SENTIMENT, columns

Matrix = NDArray[np.float32]
OWN = 0.5
"""How much of a group's score is what its own column says; the rest is what its members say together."""
_GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ekman": EKMAN,
    "sentiment": SENTIMENT,
    "mood": MOOD,
}


def grouped(logits: Matrix) -> Matrix:
    """(texts, `WIDTH`) calibrated logits, in which Ekman's seven, the sentiments and the ten moods listen
    to the 28: half of each is that at least one of its members is there (noisy-or).

    Of customers' sentences this is not asked: nobody labelled them with the 28.
    """
    found = logits.astype(np.float64)
    absent = 1 / (1 + np.exp(found[:, columns("goemotions")]))
    for head, groups in _GROUPS.items():
        members = [[GOEMOTIONS.index(label) for label in labels] for labels in groups.values()]
        none = np.stack([absent[:, places].prod(1) for places in members], axis=1)
        none = np.clip(none, 1e-5, 1 - 1e-5)
        there = columns(head)
        found[:, there] = OWN * found[:, there] + (1 - OWN) * np.log((1 - none) / none)
    return found.astype(np.float32)
