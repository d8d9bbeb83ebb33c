"""How soon somebody needs an answer, from what they say of time, danger, the law and the weeks before."""

from __future__ import annotations

from engine.adapters.nlp.phrases import phrases


def urgency(text: str) -> float:
    """From 0, no haste, to 1: each kind of sign (`phrases/urgency.txt`) takes its share of patience."""
    patience = 1.0
    for share, pattern in phrases("urgency").items():
        if pattern.search(text):
            patience *= 1 - float(share)
    return 1 - patience
