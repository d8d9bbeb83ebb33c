"""How good probabilities are: F1 by label and averaged, the best thresholds, calibration, intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Vector = NDArray[np.float64]
Truth = NDArray[np.bool_]
_GRID = np.linspace(-5, 3, 161)
_BLUR = np.exp(-0.5 * ((_GRID[:, None] - _GRID[None]) / 0.3) ** 2)
_BLUR /= _BLUR.sum(1, keepdims=True)


def f1(truth: Truth, said: Truth) -> Vector:
    """F1 of each column; 0 where there is nothing to find or nothing was found."""
    hits = (truth & said).sum(0)
    return 2 * hits / np.maximum(truth.sum(0) + said.sum(0), 1)


def micro_f1(truth: Truth, said: Truth) -> float:
    """F1 over all columns together."""
    return float(2 * (truth & said).sum() / max(1, truth.sum() + said.sum()))


def best_thresholds(truth: Truth, probability: Matrix) -> Vector:
    """For each column a threshold with about the best F1; 0.5 in a column without a true row.

    The place of the highest F1 is noise where true rows are few, so it is the middle of two steadier
    ones: half of the best F1, which is where it lies for calibrated probabilities (Lipton et al., 2014,
    arXiv:1402.1892), and the top of the curve smoothed over the log odds.
    """
    found = np.full(truth.shape[1], 0.5)
    for column in range(truth.shape[1]):
        order = np.argsort(-probability[:, column], kind="stable")
        true = truth[order, column]
        if true.any():
            scores = 2 * true.cumsum() / (np.arange(1, len(true) + 1) + true.sum())
            top = _smooth_top(scores, probability[order, column])
            found[column] = (scores.max() / 2 + top) / 2
    return found


def _smooth_top(scores: Vector, ranked: NDArray[np.float32]) -> float:
    """The probability at which the smoothed F1 is highest; both rank by falling probability."""
    safe = np.clip(ranked.astype(np.float64), 1e-6, 1 - 1e-6)
    odds = np.log(safe / (1 - safe))
    above = np.searchsorted(-odds, -_GRID, side="right")
    at = np.where(above > 0, scores[np.maximum(above - 1, 0)], 0.0)
    return float(1 / (1 + np.exp(-_GRID[(_BLUR @ at).argmax()])))


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
