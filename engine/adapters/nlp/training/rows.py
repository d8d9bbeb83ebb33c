"""Rows to learn from: a text, what is true of it in each column, and how much each column counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.adapters.nlp.labels import (
    EKMAN,
    GOEMOTIONS,
    HEADS,
    MOOD,
    SENSITIVE,
    SENTIMENT,
    WIDTH,
    columns,
)
from engine.adapters.nlp.plain import plain

Matrix = NDArray[np.float32]
HEAD_WEIGHTS = {"goemotions": 1.0, "ekman": 0.5, "sentiment": 0.5, "mood": 1.0, SENSITIVE: 0.5}
NEAR_SENSITIVE = {"sadness", "remorse", "fear", "disappointment", "nervousness", "caring"}


@dataclass(frozen=True)
class Rows:
    """`targets` and `weights` are (texts, WIDTH); a weight of 0 means that nobody knows."""

    ids: Sequence[str]
    texts: Sequence[str]
    targets: Matrix
    weights: Matrix

    def __len__(self) -> int:
        return len(self.texts)

    def __add__(self, other: Rows) -> Rows:
        return Rows(
            [*self.ids, *other.ids],
            [*self.texts, *other.texts],
            np.concatenate([self.targets, other.targets]),
            np.concatenate([self.weights, other.weights]),
        )

    def take(self, places: Iterable[int]) -> Rows:
        """The rows at those places, in that order."""
        chosen = np.fromiter(places, dtype=np.int64)
        return Rows(
            [self.ids[place] for place in chosen],
            [self.texts[place] for place in chosen],
            self.targets[chosen],
            self.weights[chosen],
        )

    def head(self, name: str) -> Matrix:
        """What is true in the columns of one head."""
        return self.targets[:, columns(name)]


def goemotions(file: Path) -> Rows:
    """A file of GoEmotions: text, label numbers with commas, id; tabs between, no header."""
    ids, texts, names = [], [], []
    for line in file.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            text, numbers, key = line.split("\t")[:3]
            ids.append(key)
            texts.append(plain(text))
            names.append({GOEMOTIONS[int(number)] for number in numbers.split(",")})
    return Rows(ids, texts, *_of_goemotions(names))


def _of_goemotions(names: Sequence[set[str]]) -> tuple[Matrix, Matrix]:
    targets = np.zeros((len(names), WIDTH), np.float32)
    weights = np.zeros_like(targets)
    for head, share in HEAD_WEIGHTS.items():
        weights[:, columns(head)] = share / len(HEADS[head])
    groups = {"ekman": EKMAN, "sentiment": SENTIMENT, "mood": MOOD}
    for row, has in enumerate(names):
        targets[row, columns("goemotions")] = [label in has for label in GOEMOTIONS]
        for head, group in groups.items():
            targets[row, columns(head)] = [bool(has & set(names)) for names in group.values()]
        targets[row, columns(SENSITIVE)] = "grief" in has
        if has & NEAR_SENSITIVE and "grief" not in has:
            weights[row, columns(SENSITIVE)] = 0
    return targets, weights
