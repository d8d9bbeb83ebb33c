"""From logits to probabilities that mean what they say: Platt's line in every column, and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.adapters.nlp.groups import grouped
from engine.adapters.nlp.labels import HEADS, SENSITIVE, columns
from engine.adapters.nlp.training.rows import Rows
from engine.adapters.nlp.training.score import best_thresholds, f1

Matrix = NDArray[np.float32]
Vector = NDArray[np.float64]
Blend = Mapping[str, float]


def platt(logits: Matrix, rows: Rows) -> tuple[Vector, Vector]:
    """Slope and shift of each column, by weighted maximum likelihood, held a little towards (1, 0).

    Rows weigh as in training, next to the heaviest of their column. Newton's method; a step that makes a
    column worse is halved until it does not.
    """
    x = logits.astype(np.float64)
    known = rows.weights / np.maximum(rows.weights.max(0), 1e-9)
    truth = rows.targets.astype(np.float64)
    line = np.stack([np.ones(x.shape[1]), np.zeros(x.shape[1])])

    def loss(at: Vector) -> Vector:
        scores = x * at[0] + at[1]
        entropy = ((np.logaddexp(0, scores) - truth * scores) * known).sum(0)
        return entropy + (at[0] - 1) ** 2 / 2 + at[1] ** 2 / 20

    now = loss(line)
    for _ in range(20):
        p = 1 / (1 + np.exp(-np.clip(x * line[0] + line[1], -30, 30)))
        error, bend = (p - truth) * known, p * (1 - p) * known
        slope = np.stack([(error * x).sum(0) + (line[0] - 1), error.sum(0) + 0.1 * line[1]])
        a, b, c = (bend * x * x).sum(0) + 1, (bend * x).sum(0), bend.sum(0) + 0.1
        step = np.stack([c * slope[0] - b * slope[1], a * slope[1] - b * slope[0]]) / (
            a * c - b * b
        )
        if np.abs(step).max() < 1e-6:
            break
        for _ in range(30):
            after = loss(line - step)
            worse = after > now * (1 + 1e-12) + 1e-9
            if not worse.any():
                break
            step = np.where(worse, step / 2, step)
        line, now = np.where(worse, line, line - step), np.where(worse, now, after)
    return line[0], line[1]


def probabilities(logits: Matrix, slope: Vector, shift: Vector) -> Matrix:
    """Calibrated probabilities."""
    line = np.clip(logits * slope + shift, -30, 30)
    return (1 / (1 + np.exp(-line))).astype(np.float32)


def settings(
    comments: Matrix, of_comments: Rows, own: Matrix, of_own: Rows, blend: Blend
) -> dict[str, Any]:
    """What `meta.json` says of a back end: the lines of its columns and its thresholds.

    The ten moods are rarer and meant more widely among comments than among customers' sentences. So
    their line and thresholds are those of customers; `of_comments` is for GoEmotions, where all groups
    of the 28 also listen to them (`groups`), and has lines and thresholds of its own.
    """
    slope, shift = platt(np.concatenate([comments, own]), of_comments + of_own)
    mood = columns("mood")
    slope[mood], shift[mood] = (line[mood] for line in platt(own, of_own))
    together = grouped((comments * slope + shift).astype(np.float32))
    theirs = platt(together, of_comments)
    among_comments = _thresholds(probabilities(together, *theirs), of_comments)
    among_customers = _thresholds(probabilities(own, slope, shift), of_own)
    return {
        "blend": dict(blend),
        "slope": _rounded(slope),
        "shift": _rounded(shift),
        "thresholds": {**among_comments, **among_customers},
        "of_comments": {
            "slope": _rounded(theirs[0]),
            "shift": _rounded(theirs[1]),
            "thresholds": among_comments,
        },
    }


def _rounded(line: Vector) -> list[float]:
    return [round(float(one), 5) for one in line]


def _thresholds(said: Matrix, rows: Rows) -> dict[str, dict[str, float]]:
    found = {}
    for head, labels in HEADS.items():
        there = columns(head)
        known = (rows.weights[:, there] > 0).all(1)
        if known.any():
            best = best_thresholds(rows.targets[known, there] > 0.5, said[known, there])
            found[head] = {
                label: round(float(one), 4) for label, one in zip(labels, best, strict=True)
            }
    return found


SHARES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


def best_blend(deep: Matrix, linear: Matrix, comments: Rows, own: Rows) -> Blend:
    """For each head the share of the encoder's logits with the best macro-F1.

    `deep` and `linear` are logits of the comments, then of the customers' sentences; heads that are
    known of both are judged by both alike.
    """
    cut, worth = len(comments), dict[str, dict[float, float]]()
    for share in SHARES:
        mixed = share * deep + (1 - share) * linear
        for scores, rows in ((mixed[:cut], comments), (mixed[cut:], own)):
            said = probabilities(scores, *platt(scores, rows))
            for head in HEADS if rows is comments else ("mood", SENSITIVE):
                so_far = worth.setdefault(head, {})
                so_far[share] = so_far.get(share, 0.0) + _macro(said, rows, head)
    return {head: max(SHARES, key=by_share.__getitem__) for head, by_share in worth.items()}


def by_column(blend: Blend) -> Matrix:
    """The share of the encoder in each column."""
    return np.repeat(
        [blend[head] for head in HEADS], [len(labels) for labels in HEADS.values()]
    ).astype(np.float32)


def _macro(probability: Matrix, rows: Rows, head: str) -> float:
    there = columns(head)
    known = (rows.weights[:, there] > 0).all(1)
    truth, said = rows.targets[known, there] > 0.5, probability[known, there]
    return float(f1(truth, said >= best_thresholds(truth, said)).mean())
