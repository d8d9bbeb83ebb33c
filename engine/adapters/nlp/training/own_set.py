"""How well customer sentences are read: the top label, flips of polarity, sarcasm, F1 by label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.adapters.nlp.labels import SENSITIVE
from engine.adapters.nlp.training.customers import Sentence
from engine.adapters.nlp.training.score import Figure, f1, interval
from engine.domain.emotion import EMOTIONS, GROUPS

Matrix = NDArray[np.float32]
Truth = NDArray[np.bool_]
_SIDE = {
    **{label: -1 for label in ("angry", "frustrated", "disappointed", "anxious")},
    **{label: 1 for label in GROUPS["happy"]},
}


@dataclass(frozen=True)
class OwnFigures:
    """Shares of sentences, with intervals. `exact`: the strongest label; `accepted`: one that a fair
    reader accepts; `flips`: pleased read as upset or upset as pleased; `sarcasm`: accepted top among
    the sarcastic ones."""

    sentences: int
    macro_f1: Figure
    exact: Figure
    accepted: Figure
    flips: Figure
    sarcasm: Figure
    by_label: dict[str, float]
    by_kind: dict[str, tuple[int, float]]
    sensitive: tuple[float, float]


def own_figures(
    sentences: Sequence[Sentence], mood: Matrix, said: Truth, sensitive: Truth
) -> OwnFigures:
    """Judge (sentences, 10) probabilities, the labels `said` of them, and the flag `sensitive`."""
    flagged = np.array([SENSITIVE in one.labels for one in sentences], bool)
    has_emotion = np.array([bool(one.top) for one in sentences], bool)
    chosen = [one for one in sentences if one.top]
    mood, said = mood[has_emotion], said[has_emotion]
    truth = np.array([[label in one.labels for label in EMOTIONS] for one in chosen], bool)
    top = [EMOTIONS[place] for place in mood.argmax(1)] if len(chosen) else []
    exact = np.array([label == one.top for label, one in zip(top, chosen, strict=True)])
    accepted = np.array([label in one.accepted for label, one in zip(top, chosen, strict=True)])
    flips = np.array(
        [
            _SIDE.get(label, 0) * _SIDE.get(one.top, 0) < 0
            for label, one in zip(top, chosen, strict=True)
        ]
    )
    kinds = np.array([one.kind for one in chosen])
    there = truth.any(0)

    def share(hits: NDArray[np.bool_]) -> Figure:
        return interval(lambda rows: float(hits[rows].mean()) if len(rows) else 0.0, len(hits))

    return OwnFigures(
        len(sentences),
        interval(lambda rows: float(f1(truth[rows], said[rows])[there].mean()), len(chosen)),
        share(exact),
        share(accepted),
        share(flips),
        share(accepted[kinds == "sarcasm"]),
        dict(zip(EMOTIONS, f1(truth, said).tolist(), strict=True)),
        {
            str(kind): (int((kinds == kind).sum()), float(accepted[kinds == kind].mean()))
            for kind in sorted(set(kinds.tolist()))
        },
        _precision_recall(flagged, sensitive),
    )


def _precision_recall(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> tuple[float, float]:
    hits = float((truth & said).sum())
    return hits / max(1.0, float(said.sum())), hits / max(1.0, float(truth.sum()))
