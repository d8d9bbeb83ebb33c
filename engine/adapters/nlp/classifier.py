"""The mood of texts: the encoder and the linear model together, calibrated; or the linear one alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from engine.adapters.nlp.groups import grouped
from engine.adapters.nlp.labels import GOEMOTIONS, HEADS, SENSITIVE, columns
from engine.adapters.nlp.linear import Linear, Matrix, Part
from engine.adapters.nlp.plain import plain
from engine.domain.emotion import EMOTIONS
from engine.domain.errors import SetupError

Backend = Literal["auto", "hybrid", "linear"]
ARTEFACT = Path(__file__).parent / "model"
META, LINEAR, ENCODER, TOKENIZER = "meta.json", "linear.npz", "encoder.onnx", "tokenizer.json"


@dataclass(frozen=True)
class Scores:
    """All that one reading gives: calibrated probabilities of every label, (texts, `WIDTH`)."""

    probabilities: Matrix

    def head(self, name: str) -> Matrix:
        """The probabilities of one label set of `labels.HEADS`, (texts, its labels)."""
        return self.probabilities[:, columns(name)]

    @property
    def mood(self) -> Matrix:
        """Those of the ten of `domain.emotion.EMOTIONS`."""
        return self.head("mood")

    @property
    def raw(self) -> Matrix:
        """Those of the 28 of GoEmotions."""
        return self.head("goemotions")

    @property
    def sensitive(self) -> Matrix:
        """That grief, illness or self-harm is spoken of, (texts,)."""
        return self.head(SENSITIVE)[:, 0]


class Classifier:
    """Texts to probabilities. Each text is read by itself, so the others never move its scores."""

    labels: tuple[str, ...] = EMOTIONS
    raw_labels: tuple[str, ...] = GOEMOTIONS

    def __init__(self, meta: Mapping[str, Any], linear: Linear, encoder: Any | None) -> None:
        self._linear = linear
        self._encoder = encoder
        self.backend = "hybrid" if encoder else "linear"
        self.version = f"{meta['version']}-{self.backend}"
        self._settings = meta["backends"][self.backend]
        self._slope = np.array(self._settings["slope"], np.float32)
        self._shift = np.array(self._settings["shift"], np.float32)
        self._of_comments = self._settings["of_comments"]
        shares = [[self._settings["blend"][head]] * len(labels) for head, labels in HEADS.items()]
        self._blend = np.array([one for share in shares for one in share], np.float32)

    @classmethod
    def load(
        cls, folder: Path | None = None, backend: Backend = "auto", threads: int = 1
    ) -> Classifier:
        """The model in `folder`; the one that comes along if none is given.

        `auto` takes the encoder where onnxruntime and tokenizers are installed and the folder has
        one, and the linear model alone where not; `version` says which it was.

        Raises:
            SetupError: if there is no model in the folder, or `hybrid` cannot be had.
        """
        folder = folder or ARTEFACT
        meta = _meta(folder)
        encoder = None if backend == "linear" else _encoder(folder, backend == "hybrid", threads)
        return cls(meta, Linear.load(folder / LINEAR), encoder)

    def read(self, texts: Sequence[str], *, of_comments: bool = False) -> Scores:
        """Every label of every text, in one go.

        The ten moods are those of what customers write; `of_comments` those of Reddit's comments,
        where a third says nothing and moods are meant more widely (`groups`).
        """
        scores = self._logits([plain(text) for text in texts]) * self._slope + self._shift
        if of_comments:
            slope, shift = (
                np.array(self._of_comments[it], np.float32) for it in ("slope", "shift")
            )
            scores = grouped(scores) * slope + shift
        return Scores(_sigmoid(scores))

    def predict(self, texts: Sequence[str]) -> Matrix:
        """(texts, 10): the probability of each of `labels`."""
        return self.read(texts).mood

    def raw(self, texts: Sequence[str]) -> Matrix:
        """(texts, 28): the probability of each label of GoEmotions, for a mapping of one's own."""
        return self.read(texts).raw

    def sensitive(self, texts: Sequence[str]) -> Matrix:
        """(texts,): the probability that grief, illness or self-harm is spoken of."""
        return self.read(texts).sensitive

    @property
    def thresholds(self) -> Mapping[str, float]:
        """For each of the ten labels and for `sensitive`: the probability from which it is said."""
        return {
            label: self.threshold(head)[label]
            for head in ("mood", SENSITIVE)
            for label in HEADS[head]
        }

    def threshold(self, head: str, *, of_comments: bool = False) -> Mapping[str, float]:
        """The thresholds of one label set of `labels.HEADS`.

        `of_comments` as in `read`.
        """
        kind = self._of_comments if of_comments else self._settings
        found: Mapping[str, float] = kind["thresholds"][head]
        return found

    def explain_linear(self, text: str) -> list[Part]:
        """What each word adds to the calibrated logits of the ten labels, in the linear model.

        Exact: coefficient x value, summed by word. `weights` has one number for each of `labels`.
        """
        mood = columns("mood")
        share = self._slope[mood] * (1 - self._blend[mood])
        return [
            Part(part.start, part.end, part.weights[mood] * share)
            for part in self._linear.explain(text)
        ]

    def _logits(self, texts: Sequence[str]) -> Matrix:
        linear = self._linear.logits(texts)
        if self._encoder is None:
            return linear
        together: Matrix = self._blend * self._encoder.logits(texts) + (1 - self._blend) * linear
        return together


def _meta(folder: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads((folder / META).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SetupError(
            f"{folder}: there is no mood model here",
            help="`sincerely mood train --out DIR` makes one; without a folder the one that came "
            "with Sincerely is used",
        ) from None
    heads = {head: tuple(labels) for head, labels in found["heads"].items()}
    if heads != dict(HEADS):
        raise SetupError(
            f"{folder}: this mood model was made for other labels than this version of Sincerely",
            help="train it again with `sincerely mood train`",
        )
    return found


def _encoder(folder: Path, must: bool, threads: int) -> Any | None:
    if not (folder / ENCODER).exists():
        if must:
            raise SetupError(
                f"{folder}: this mood model has no encoder, only the linear part",
                help="use the back end `linear`, or train an encoder with `sincerely mood train`",
            )
        return None
    from engine.adapters.nlp.encoder import Encoder

    try:
        return Encoder(folder, threads)
    except ImportError as missing:
        if must:
            raise SetupError(
                f"the back end `hybrid` needs {missing.name}, which is not installed",
                help='install it with `pip install "sincerely[mood]"`, or use the back end `linear`',
            ) from None
        return None


def _sigmoid(logits: Matrix) -> Matrix:
    return (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
