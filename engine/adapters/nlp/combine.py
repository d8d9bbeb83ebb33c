"""From sentences to the message they make."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.domain.emotion import EMOTIONS

Matrix = NDArray[np.float32]
EARLIER = 0.85
"""What the first sentence of a message counts, where the last counts 1: people end with what they mean."""
BEFORE_BUT = 0.6
"""What a sentence counts at most that a later one turns against: `Nice room. But the noise!`"""

_TURNS = re.compile(
    r"\W*(?:but|however|unfortunately|sadly|still|yet|except|although|though|that said|having said"
    r" that|on the other hand|even so|nevertheless)\b",
    re.IGNORECASE,
)
_INDIFFERENT = EMOTIONS.index("indifferent")


def turns(sentence: str) -> bool:
    """Whether a sentence begins by turning against what was said before."""
    return _TURNS.match(sentence) is not None


def weights(sentences: Sequence[str]) -> Matrix:
    """What each sentence of a message counts, from 0 to 1."""
    if len(sentences) == 1:
        return np.ones(1, np.float32)
    found = np.linspace(EARLIER, 1.0, len(sentences), dtype=np.float32)
    for place in range(len(sentences) - 1, 0, -1):
        if turns(sentences[place]):
            found[:place] = np.minimum(found[:place], BEFORE_BUT)
            break
    return found


def combined(scores: Matrix, counts: Matrix, thresholds: Matrix) -> Matrix:
    """The ten probabilities of a message from those of its sentences, (sentences, 10).

    Noisy-or: an emotion is in the message unless it is in none of its sentences. What a sentence says
    below its threshold counts less the lower it is, else a long message would have every emotion.
    `indifferent` is the other way round: it takes all sentences to be so.
    """
    if len(scores) == 1:
        alone: Matrix = scores[0]
        return alone
    sure = np.minimum(1.0, scores / thresholds) ** 2
    felt = 1 - np.prod(1 - scores * sure * counts[:, None], axis=0)
    felt = np.maximum(felt, (scores * counts[:, None]).max(axis=0))
    others = np.delete(felt, _INDIFFERENT).max()
    felt[_INDIFFERENT] = min(float(scores[:, _INDIFFERENT].mean()), float(1 - others))
    together: Matrix = felt.astype(np.float32)
    return together
