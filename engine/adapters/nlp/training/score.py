"""How good probabilities are: F1 by label and averaged, the best thresholds, calibration, intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Vector = NDArray[np.float64]
Truth = NDArray[np.bool_]


def f1(truth: Truth, said: Truth) -> Vector:
    """F1 of each column; 0 where there is nothing to find or nothing was found."""
    hits = (truth & said).sum(0)
    return 2 * hits / np.maximum(truth.sum(0) + said.sum(0), 1)


def micro_f1(truth: Truth, said: Truth) -> float:
    """F1 over all columns together."""
    return float(2 * (truth & said).sum() / max(1, truth.sum() + said.sum()))


def best_thresholds(truth: Truth, probability: Matrix) -> Vector:
    """For each column the threshold with the best F1, midway between two probabilities that occur.

    F1 near its top is flat and noisy, so the middle of all thresholds within half a point of it is
    taken. A column without a true row gets 0.5.
    """
    found = np.full(truth.shape[1], 0.5)
    for column in range(truth.shape[1]):
        order = np.argsort(-probability[:, column], kind="stable")
        true = truth[order, column]
        if not true.any():
            continue
        scores = 2 * true.cumsum() / (np.arange(1, len(true) + 1) + true.sum())
        ranked = probability[order, column]
        near = np.flatnonzero(scores >= scores.max() - 0.005)
        place = (
            int(near[np.abs(near - scores.argmax()).argmin()])
            if len(near) < 3
            else int(np.median(near))
        )
        below = ranked[place + 1] if place + 1 < len(ranked) else 0.0
        found[column] = (float(ranked[place]) + float(below)) / 2
    return found


def calibration_error(truth: Truth, probability: Matrix, bins: int = 15) -> Vector:
    """Expected calibration error of each column, over bins of equal width."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    found = np.zeros(truth.shape[1])
    for column in range(truth.shape[1]):
        gap = np.bincount(
            place[:, column], truth[:, column] - probability[:, column], minlength=bins
        )
        found[column] = np.abs(gap).sum() / max(1, len(truth))
    return found


@dataclass(frozen=True)
class Figure:
    """A measured value with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def interval(
    measure: Callable[[NDArray[np.int64]], float], rows: int, seed: int = 0, rounds: int = 300
) -> Figure:
    """`measure` of all row numbers, and between which values 95 % of resampled ones lie."""
    chance = np.random.default_rng(seed)
    drawn = [measure(chance.integers(0, rows, rows)) for _ in range(rounds)] if rows else [0.0]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Figure(measure(np.arange(rows)), float(low), float(high))
