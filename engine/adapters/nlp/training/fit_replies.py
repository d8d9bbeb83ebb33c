"""Fitting the second reader of replies, with numpy alone:

    python -m engine.adapters.nlp.training.fit_replies tests/data/replies datasets/customer-feedback

Two logistic regressions on the features of the linear model of moods: does somebody speak of leaving, do
they want an answer. Ordinary messages of customers count as no wish to leave, and say nothing of the other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.adapters.nlp.cleaning.own_words import own_words
from engine.adapters.nlp.linear import Linear, Matrix, Vocabulary
from engine.adapters.nlp.plain import plain
from engine.adapters.nlp.second_reader import MODEL
from engine.adapters.nlp.training.fit_linear import vocabulary_of
from engine.domain.reply_meaning import meaning_of

LEARNT_FROM = ("first", "second", "third", "fourth", "sixth", "seventh")
"""The sets that the tables were tuned by, too; what stands in no other is for measuring."""
ORDINARY, WEIGHT = 600, 0.3
"""So many messages of others, and what each counts beside a reply."""
RARE, STRENGTH, ROUNDS = 4, 10.0, 150


def examples(replies: Path, feedback: Path) -> Iterator[tuple[str, float, float, float]]:
    """Texts, whether each speaks of leaving, whether it asks, and what it counts; who leaves may ask or
    not, so nothing is learnt of that (`nan`)."""
    for name in LEARNT_FROM:
        for line in (replies / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            label, _, text = line.split("\t")
            leaves = label in ("leave", "erase", "unsure")
            asks = np.nan if leaves else float(label == "ask")
            yield own_words(text.replace("\\n", "\n")).text.strip(), float(leaves), asks, 1.0
    yield from ((text, 0.0, np.nan, WEIGHT) for text in _ordinary(feedback))


def _ordinary(feedback: Path) -> Sequence[str]:
    """Messages from all over the data set that do not speak of leaving."""
    found: list[str] = []
    for file in sorted(feedback.glob("handwritten-*.tsv")):
        lines = file.read_text(encoding="utf-8").splitlines()
        found += [line.split("\t")[1] for line in lines if not line.startswith("id\t")]
    spoken = [text for text in found[:: max(1, len(found) // ORDINARY)]]
    return [text for text in spoken if meaning_of(text).leaving == "no"]


def fit_replies(rows: Sequence[tuple[str, float, float, float]], rounds: int = ROUNDS) -> Linear:
    """The regressions by accelerated gradients (Nesterov 1983), in 8 bits; the same for the same rows."""
    texts = [plain(text) for text, *_ in rows]
    told = np.array([[leaves, asks] for _, leaves, asks, _ in rows], np.float32)
    known = ~np.isnan(told)
    weights = (known * np.array([[weight] for *_, weight in rows])).astype(np.float32)
    targets = np.where(known, told, 0).astype(np.float32)
    vocabulary = vocabulary_of(texts, RARE)
    features = _dense(vocabulary, texts)
    beta = _regress(features, targets, weights, rounds)
    coefficients, bias = beta[:-1], beta[-1]
    scale = np.maximum(np.abs(coefficients).max(0), 1e-9) / 127
    whole = np.rint(coefficients / scale).astype(np.int8)
    return Linear(vocabulary, whole, scale.astype(np.float32), bias.astype(np.float32))


def _dense(vocabulary: Vocabulary, texts: Sequence[str]) -> Matrix:
    """(texts, features and a constant)."""
    counted = vocabulary.count(texts)
    found = np.zeros((len(texts), len(vocabulary.features) + 1), np.float32)
    found[counted.rows, counted.features] = counted.values
    found[:, -1] = 1
    return found


def _regress(
    features: Matrix, targets: Matrix, weights: Matrix, rounds: int
) -> NDArray[np.float32]:
    """(features and a constant, columns)."""
    pull = np.full((features.shape[1], 1), 1 / STRENGTH, np.float32)
    pull[-1] = 0
    step = 1 / (0.25 * _steepest(features) + 1 / STRENGTH)
    beta = ahead = np.zeros((features.shape[1], targets.shape[1]), np.float32)
    pace = 1.0
    for _ in range(rounds):
        error = (1 / (1 + np.exp(-(features @ ahead))) - targets) * weights
        after = ahead - step * (features.T @ error + pull * ahead)
        faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead = (after + (pace - 1) / faster * (after - beta)).astype(np.float32)
        beta, pace = after.astype(np.float32), faster
    return beta


def _steepest(features: Matrix) -> float:
    """The largest eigenvalue of the features' square, which bounds the step."""
    vector = np.ones((features.shape[1], 1), np.float32)
    size = 1.0
    for _ in range(30):
        vector = features.T @ (features @ vector)
        size = float(np.linalg.norm(vector))
        vector /= size
    return size


if __name__ == "__main__":
    fit_replies(list(examples(Path(sys.argv[1]), Path(sys.argv[2])))).save(MODEL)
