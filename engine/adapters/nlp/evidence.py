"""Which words speak for an emotion: those without which its probability falls."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.adapters.nlp.combine import combined
from engine.adapters.nlp.linear import Matrix, Part
from engine.adapters.nlp.units import Unit

CANDIDATES = 3
"""Words of a message that are tried, the likeliest first: each costs one more reading."""

_CHUNK = re.compile(r"\S+")
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a message: characters `start` to `end` of its unit number `unit`."""

    unit: int
    start: int
    end: int


def words(units: Sequence[Unit]) -> list[Word]:
    """All words of a message, without the punctuation around them."""
    return [
        trimmed(number, unit.text, *chunk.span())
        for number, unit in enumerate(units)
        for chunk in _CHUNK.finditer(unit.text)
    ]


def candidates(
    units: Sequence[Unit], label: int, explain: Callable[[str], Sequence[Part]]
) -> list[Word]:
    """The words that add most to a label in the linear model, `CANDIDATES` at most."""
    parts = [
        (float(part.weights[label]), trimmed(number, unit.text, part.start, part.end))
        for number, unit in enumerate(units)
        for part in explain(unit.text)
    ]
    parts.sort(key=lambda found: -found[0])
    return [word for weight, word in parts[:CANDIDATES] if weight > 0]


def without(units: Sequence[Unit], word: Word) -> str:
    """The text of a word's unit with the word left out."""
    text = units[word.unit].text
    return f"{text[: word.start].rstrip()} {text[word.end :].lstrip()}".strip()


def falls(
    scores: Matrix,
    units: Sequence[Unit],
    left: Sequence[Word],
    rows: Matrix,
    counts: Matrix,
    thresholds: Matrix,
) -> Matrix:
    """How far each of the ten probabilities of a message falls without each word, (words, 10).

    `scores` are those of its units, which count `counts`; `rows` those of the units with the words left
    out.
    """
    whole = combined(scores, counts, thresholds)
    found = np.empty((len(left), scores.shape[1]), np.float32)
    for number, (word, row) in enumerate(zip(left, rows, strict=True)):
        changed = scores.copy()
        changed[word.unit] = row
        found[number] = whole - combined(changed, counts, thresholds)
    return found


def trimmed(unit: int, text: str, start: int, end: int) -> Word:
    """A word without the punctuation around it; punctuation alone stays as it is."""
    chunk = text[start:end]
    bare = _EDGES.sub("", chunk)
    if bare:
        start += chunk.index(bare)
        end = start + len(bare)
    return Word(unit, start, end)
