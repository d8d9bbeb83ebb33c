"""A model that knows a dozen words, with the shape of `engine.adapters.nlp.classifier.Classifier`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from engine.adapters.nlp.classifier import Scores
from engine.adapters.nlp.labels import GOEMOTIONS, SENSITIVE, WIDTH, columns
from engine.adapters.nlp.linear import Part
from engine.domain.emotion import EMOTIONS

WORDS = {
    "furious": ("angry", 4.0), "outrageous": ("angry", 3.0), "nobody": ("frustrated", 3.0),
    "again": ("frustrated", 2.0), "worried": ("anxious", 4.0), "thanks": ("grateful", 4.0),
    "thank": ("grateful", 4.0), "great": ("satisfied", 3.0), "lovely": ("delighted", 4.0),
    "nice": ("satisfied", 3.0),
}  # fmt: skip
BASE = -2.5


class Lexicon:
    """Every known word adds to the logit of its emotion."""

    labels = EMOTIONS
    raw_labels = GOEMOTIONS
    backend = "linear"
    version = "lexicon-linear"
    thresholds: Mapping[str, float] = MappingProxyType(
        {**dict.fromkeys(EMOTIONS, 0.4), SENSITIVE: 0.5}
    )

    def read(self, texts: Sequence[str]) -> Scores:
        found = np.full((len(texts), WIDTH), BASE, np.float32)
        for row, text in enumerate(texts):
            for part in self.explain_linear(text):
                found[row, columns("mood")] += part.weights
        return Scores((1 / (1 + np.exp(-found))).astype(np.float32))

    def predict(self, texts: Sequence[str]):
        return self.read(texts).mood

    def explain_linear(self, text: str) -> list[Part]:
        parts = []
        for chunk in re.finditer(r"\S+", text):
            weights = np.zeros(len(EMOTIONS), np.float32)
            word = re.sub(r"\W", "", chunk[0]).lower()
            if word in WORDS:
                label, weight = WORDS[word]
                weights[EMOTIONS.index(label)] = weight
            parts.append(Part(*chunk.span(), weights))
        return parts
