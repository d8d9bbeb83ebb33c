"""Fitting the linear model: features that occur often enough, the best of them, then 8 bits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.adapters.nlp.linear import Linear, Vocabulary, letters, tokens
from engine.adapters.nlp.training.rows import Rows

Say = Callable[[str], None]
RARE = 3
CANDIDATES = 120_000
KEPT = 20_000
STRENGTH = 4.0
"""How far the data may pull a coefficient from 0: the C of a logistic regression."""


def fit_linear(rows: Rows, say: Say, kept: int = KEPT) -> Linear:
    """One-vs-rest logistic regressions on the rows, pruned to `kept` features."""
    many = vocabulary_of(rows.texts)
    say(f"linear: {len(many.features)} features that occur {RARE} times or more")
    counted = _matrix(many, rows.texts)
    coefficients, _ = _regress(counted, rows, rounds=40)
    power = np.asarray(counted.multiply(counted).sum(0)).ravel() / len(rows)
    worth = (coefficients**2).sum(1) * power
    best = np.sort(np.argsort(-worth, kind="stable")[:kept])
    few = Vocabulary([many.features[place] for place in best], many.idf[best])
    coefficients, bias = _regress(_matrix(few, rows.texts), rows, rounds=120)
    scale = np.maximum(np.abs(coefficients).max(0), 1e-9) / 127
    whole = np.rint(coefficients / scale).astype(np.int8)
    say(f"linear: kept {len(best)} features")
    return Linear(few, whole, scale.astype(np.float32), bias.astype(np.float32))


def vocabulary_of(texts: Sequence[str], rare: int = RARE) -> Vocabulary:
    """The features that occur `rare` times or more, the most frequent first."""
    often: Counter[str] = Counter()
    of_word: dict[str, tuple[str, ...]] = {}
    for text in texts:
        words = tokens(text)
        here = set(words)
        for word in list(here):
            if word not in of_word:
                of_word[word] = tuple(letters(word))
            here.update(of_word[word])
        here.update(f"{one} {two}" for one, two in pairwise(words))
        often.update(here)
    common = [name for name, count in often.items() if count >= rare]
    common.sort(key=lambda name: (-often[name], name))
    chosen = common[:CANDIDATES]
    idf = [np.log((1 + len(texts)) / (1 + often[name])) + 1 for name in chosen]
    return Vocabulary(chosen, np.array(idf, np.float32))


def _matrix(vocabulary: Vocabulary, texts: Sequence[str]):  # type: ignore[no-untyped-def]
    from scipy.sparse import csr_matrix

    counted = vocabulary.count(texts)
    shape = (len(texts), len(vocabulary.features))
    return csr_matrix((counted.values, (counted.rows, counted.features)), shape)


def _regress(counted, rows: Rows, rounds: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # type: ignore[no-untyped-def]
    """Coefficients (features, columns) and biases of all columns at once, by L-BFGS."""
    from scipy.optimize import minimize

    across = counted.T.tocsr()
    features, width = counted.shape[1], rows.targets.shape[1]
    usual = [np.median(column[column > 0]) if column.any() else 1.0 for column in rows.weights.T]
    known = (rows.weights / np.array(usual)).astype(np.float32)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        beta = flat.reshape(features + 1, width)
        logits = counted @ beta[:-1].astype(np.float32) + beta[-1].astype(np.float32)
        error = (1 / (1 + np.exp(-logits)) - rows.targets) * known
        entropy = (np.logaddexp(0, logits) - rows.targets * logits) * known
        slope = np.empty_like(beta)
        slope[:-1] = across @ error + beta[:-1] / STRENGTH
        slope[-1] = error.sum(0)
        total = float(entropy.sum(dtype=np.float64)) + float((beta[:-1] ** 2).sum()) / 2 / STRENGTH
        return total, slope.ravel()

    start = np.zeros((features + 1, width))
    share = (rows.targets * known).sum(0) / np.maximum(known.sum(0), 1e-9)
    start[-1] = np.log((share + 1e-4) / (1 - share + 1e-4))
    found = minimize(
        loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 6}
    )
    beta = found.x.reshape(features + 1, width)
    return beta[:-1], beta[-1]
