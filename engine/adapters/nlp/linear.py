"""The linear model: TF-IDF of words, pairs of words and letters within words, in numpy alone.

Small and quick, and every score is a sum over words, so that it explains itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.adapters.nlp.plain import plain

Matrix = NDArray[np.float32]
_TOKEN = re.compile(r"\w+(?:'\w+)*|[^\w\s]{1,3}")
LETTERS = (3, 4, 5)
_REMEMBERED = 200_000
LONGEST = 4_000
"""Characters of a text that are read; the mood of a person stands in the first few pages."""


def tokens(text: str) -> list[str]:
    """Words and runs of punctuation of a plain text, in lower case."""
    return _TOKEN.findall(text[:LONGEST].lower())


def letters(word: str) -> Iterator[str]:
    """The features of the letters within one word, its ends marked by blanks."""
    if word[0].isalpha():
        padded = f" {word} "
        for size in LETTERS:
            for start in range(len(padded) - size + 1):
                yield "#" + padded[start : start + size]


@dataclass(frozen=True)
class Part:
    """What the characters `start` to `end` of a text add to each column, in logits."""

    start: int
    end: int
    weights: Matrix


@dataclass(frozen=True)
class Counted:
    """Sparse features of many texts, sorted by text: unit length in each, none where nothing is known."""

    rows: NDArray[np.int64]
    features: NDArray[np.int64]
    values: Matrix


class Vocabulary:
    """Features by number, with their inverse document frequencies."""

    def __init__(self, features: Sequence[str], idf: Matrix) -> None:
        self.features = list(features)
        self.idf = idf.astype(np.float32)
        self._number = {feature: number for number, feature in enumerate(self.features)}
        self._of_word: dict[str, list[int]] = {}

    def _word(self, word: str) -> list[int]:
        found = self._of_word.get(word)
        if found is None:
            number = self._number
            names = (word, *letters(word))
            found = [number[name] for name in names if name in number]
            if len(self._of_word) < _REMEMBERED:
                self._of_word[word] = found
        return found

    def numbers(self, words: Sequence[str]) -> list[int]:
        """The features of a text's words, as often as they occur."""
        known, number, found = self._of_word, self._number, []
        before = ""
        for word in words:
            found += known[word] if word in known else self._word(word)
            pair = number.get(f"{before} {word}")
            if pair is not None:
                found.append(pair)
            before = word
        return found

    def count(self, texts: Sequence[str]) -> Counted:
        """The TF-IDF values of plain texts: (1 + log count) x idf, scaled to length 1 in each text."""
        return self.count_words([tokens(text) for text in texts])

    def count_words(self, texts: Sequence[Sequence[str]]) -> Counted:
        """The same of texts in their words."""
        each = [self.numbers(words) for words in texts]
        sizes = np.fromiter((len(one) for one in each), np.int64, len(each))
        flat = np.fromiter((number for one in each for number in one), np.int64, int(sizes.sum()))
        width = max(1, len(self.features))
        keys, counts = np.unique(
            np.repeat(np.arange(len(each)), sizes) * width + flat, return_counts=True
        )
        rows, features = np.divmod(keys, width)
        values = ((1 + np.log(counts)) * self.idf[features]).astype(np.float32)
        length = np.sqrt(np.bincount(rows, values.astype(np.float64) ** 2, len(each)))
        return Counted(rows, features, (values / length[rows]).astype(np.float32))


class Linear:
    """One logistic regression for each column, with coefficients in 8 bits."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        coefficients: NDArray[np.int8],
        scale: Matrix,
        bias: Matrix,
    ) -> None:
        self.vocabulary = vocabulary
        self.coefficients = coefficients
        self.scale = scale
        self.bias = bias
        self._real = coefficients.astype(np.float32) * scale

    def logits(self, texts: Sequence[str]) -> Matrix:
        """(texts, columns) logits of plain texts."""
        found = np.empty((len(texts), len(self.bias)), np.float32)
        for start in range(0, len(texts), 256):
            some = texts[start : start + 256]
            counted = self.vocabulary.count(some)
            out = np.zeros((len(some), len(self.bias)), np.float32)
            if len(counted.rows):
                weighted = self._real[counted.features] * counted.values[:, None]
                starts = np.flatnonzero(np.diff(counted.rows, prepend=-1))
                out[counted.rows[starts]] = np.add.reduceat(weighted, starts)
            found[start : start + 256] = out + self.bias
        return found

    def explain(self, text: str) -> list[Part]:
        """What each word of a text, as it was written, adds to the logits; exact, in their order.

        A pair of words gives half to each. The sum of all parts and the bias is the logits.
        """
        words = [
            (chunk.start(), chunk.end(), word)
            for chunk in re.finditer(r"\S+", text[:LONGEST])
            for word in tokens(plain(chunk[0]))
        ]
        vocabulary = self.vocabulary
        counted = vocabulary.count_words([[word for _, _, word in words]])
        known = vocabulary.numbers([word for _, _, word in words])
        often = {number: known.count(number) for number in set(known)}
        value = {
            int(number): one / often[int(number)]
            for number, one in zip(counted.features, counted.values, strict=True)
            if int(number) in often
        }
        parts: dict[tuple[int, int], Matrix] = {}

        def add(place: int, number: int, share: float) -> None:
            key = words[place][:2]
            weights = self._real[number] * (value[number] * share)
            parts[key] = parts[key] + weights if key in parts else weights

        for place, (_, _, word) in enumerate(words):
            for number in vocabulary.numbers([word]):
                add(place, number, 1.0)
            pair = vocabulary.numbers([words[place - 1][2], word])[-1:] if place else []
            if pair and vocabulary.features[pair[0]] == f"{words[place - 1][2]} {word}":
                add(place - 1, pair[0], 0.5)
                add(place, pair[0], 0.5)
        return [Part(start, end, weights) for (start, end), weights in parts.items()]

    def save(self, file: Path) -> None:
        """Write the model as one compressed file."""
        names = "\n".join(self.vocabulary.features).encode()
        contents: Mapping[str, NDArray[np.generic]] = {
            "features": np.frombuffer(names, np.uint8),
            "idf": self.vocabulary.idf.astype(np.float16),
            "coefficients": self.coefficients,
            "scale": self.scale,
            "bias": self.bias,
        }
        np.savez_compressed(file, **contents)  # type: ignore[arg-type]

    @classmethod
    def load(cls, file: Path) -> Linear:
        """Read what `save` wrote."""
        with np.load(file) as found:
            names = found["features"].tobytes().decode().split("\n")
            vocabulary = Vocabulary(names, found["idf"].astype(np.float32))
            return cls(vocabulary, found["coefficients"], found["scale"], found["bias"])
