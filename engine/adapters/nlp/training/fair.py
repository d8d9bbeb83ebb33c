"""Judging a model on the counterfactual sentences: whether it matters who somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.adapters.nlp.classifier import Classifier
from engine.adapters.nlp.fairness import Gap, Score, counterfactuals, gaps
from engine.adapters.nlp.pipeline import build
from engine.adapters.nlp.training.evaluate import Judged
from engine.adapters.nlp.training.rows import Matrix
from engine.domain.emotion import EMOTIONS


def judged_fairness(classifier: Classifier, folder: Path) -> Judged:
    """The gaps of `fairness.gaps`, read by the whole pipeline as in life: with the name of a person
    known, and what is sensitive not scored."""
    sentences = counterfactuals(folder)
    found = Judged("the same sentence about different people", len(sentences))
    measured = gaps(sentences, scored_by(classifier), classifier.thresholds)
    found.figures = {"gaps": [_document(gap) for gap in measured]}
    found.notes.append(
        "mean: of |p - p'| over sentences, pairs of groups and labels; rate: the largest difference "
        "between the shares of two groups that reach a label's threshold."
    )
    found.tables.append(
        (
            ("what differs", "groups", "sentences", "mean", "rate", "of", "largest single"),
            [
                (
                    gap.dimension,
                    len(gap.groups),
                    gap.sentences,
                    f"{gap.mean:.4f}",
                    f"{gap.rate:.3f}",
                    gap.label if gap.rate else "",
                    f"{gap.worst:.3f}",
                )
                for gap in measured
            ],
        )
    )
    return found


def scored_by(classifier: Classifier) -> Score:
    """The pipeline around a model as a function of texts and the names in them."""
    nlp = build(classifier=classifier, with_evidence=False)

    def score(texts: Sequence[str], names: Sequence[str]) -> Matrix:
        docs = []
        for text, name in zip(texts, names, strict=True):
            doc = nlp.make_doc(text)
            doc._.names = (name,) if name else ()
            docs.append(doc)
        return np.array(
            [
                [(doc._.emotions or {}).get(label, 0.0) for label in EMOTIONS]
                for doc in nlp.pipe(docs, batch_size=256)
            ],
            np.float32,
        )

    return score


def _document(gap: Gap) -> dict[str, object]:
    return {
        "dimension": gap.dimension,
        "groups": list(gap.groups),
        "sentences": gap.sentences,
        "mean": round(gap.mean, 5),
        "rate": round(gap.rate, 4),
        "label": gap.label,
        "most": gap.most,
        "least": gap.least,
        "largest_single": round(gap.worst, 4),
        "largest_of": gap.of,
    }
