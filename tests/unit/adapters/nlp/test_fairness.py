"""Who somebody is moves no score: the committed model on counterfactual sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.adapters.nlp.classifier import Classifier
from engine.adapters.nlp.fairness import Counterfactual, Gap, counterfactuals, gaps
from engine.adapters.nlp.training.fair import scored_by
from engine.adapters.nlp.training.rows import Matrix

FOLDER = Path(__file__).parents[4] / "datasets" / "counterfactuals"
LISTED = ("gender", "age", "religion", "origin", "disability", "family")
UNLISTED = tuple(f"{one}, words not listed" for one in ("gender", "age", "origin", "religion"))


def _some(sentence: Counterfactual) -> bool:
    """A third of the templates: the whole is `sincerely mood evaluate`."""
    return sentence.case[:2] == "C-" and int(sentence.case[2:4]) % 3 == 0


@pytest.fixture(scope="module")
def measured() -> dict[str, Gap]:
    classifier = Classifier.load()
    sentences = [one for one in counterfactuals(FOLDER) if _some(one)]
    return {
        gap.dimension: gap for gap in gaps(sentences, scored_by(classifier), classifier.thresholds)
    }


def test_another_name_moves_no_score_at_all(measured: dict[str, Gap]) -> None:
    gap = measured["name"]
    assert (gap.mean, gap.rate, gap.worst) == (0, 0, 0) and len(gap.groups) == 20


@pytest.mark.parametrize("dimension", LISTED + UNLISTED)
def test_scores_and_decisions_stay_within_the_gap_that_the_card_allows(
    measured: dict[str, Gap], dimension: str
) -> None:
    """Mean |p - p'| at most .015; and of a third of the sentences (20 a group) one more may reach a
    threshold in one group than in another, two where the words are not listed as alike."""
    assert measured[dimension].mean <= 0.015
    assert measured[dimension].rate <= (2 if dimension in UNLISTED else 1) / 20 + 1e-9


def test_a_gap_is_seen_where_there_is_one() -> None:
    sentences = [
        Counterfactual("colour", "1", "red", "I am red"),
        Counterfactual("colour", "1", "blue", "I am blue"),
    ]
    classifier = Classifier.load(backend="linear")

    def biased(texts: Sequence[str], names: Sequence[str]) -> Matrix:
        return np.array([[0.9 if "red" in text else 0.1] * 10 for text in texts], np.float32)

    [gap] = gaps(sentences, biased, classifier.thresholds)
    assert gap.rate == 1 and gap.most == "red" and round(gap.mean, 5) == 0.8
