"""The component `emotion`: writes on a `Doc` what its writer feels, as `doc._.emotions` and the rest.

It reads sentence by sentence, all sentences of a batch at once, and puts them together. It wants
sentences (`sentencizer`) and does better after `feedback_clean`; it works without either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import srsly
from spacy.language import Language
from spacy.tokens import Doc

from engine.adapters.nlp import combine, evidence, measures
from engine.adapters.nlp.cleaning.rewriting import Rewritten
from engine.adapters.nlp.extensions import register, seen
from engine.adapters.nlp.language import ENGLISH, language_of
from engine.adapters.nlp.linear import Matrix
from engine.adapters.nlp.sarcasm import sounds_sarcastic
from engine.adapters.nlp.sensitive import speaks_of_harm
from engine.adapters.nlp.units import Unit, sentences, units
from engine.adapters.nlp.urgency import urgency
from engine.domain.emotion import EMOTIONS
from engine.domain.errors import SetupError

if TYPE_CHECKING:
    from engine.adapters.nlp.classifier import Classifier

BATCH = 64
"""Texts that are read together."""

_HAPPY = [EMOTIONS.index(emotion) for emotion in measures.HAPPY]
_CAPPED = 0.99
"""Of its threshold, what a pleasant emotion keeps where sarcasm is suspected: it is not said any more."""


@dataclass
class _Look:
    """One text on its way."""

    doc: Doc
    seen: Rewritten
    places: list[tuple[int, int]]
    units: list[Unit]
    sensitive: bool
    scores: Matrix = field(default_factory=lambda: np.empty((0, len(EMOTIONS)), np.float32))
    counts: Matrix = field(default_factory=lambda: np.empty(0, np.float32))
    probabilities: Matrix = field(default_factory=lambda: np.empty(0, np.float32))


class Emotion:
    """Reads how people feel. The model is loaded with the first text, unless `use` or a folder gave it."""

    def __init__(
        self,
        backend: Literal["auto", "hybrid", "linear"] = "auto",
        *,
        with_evidence: bool = True,
    ) -> None:
        self.backend = backend
        self.with_evidence = with_evidence
        self._classifier: Classifier | None = None
        self._folder: Path | None = Path(__file__).parent / "model"
        self._packed: dict[str, bytes] = {}

    @property
    def classifier(self) -> Classifier:
        """The model."""
        if self._classifier is None:
            from engine.adapters.nlp.classifier import Classifier

            self._classifier = Classifier.load(self._folder, self.backend)
        return self._classifier

    @property
    def thresholds(self) -> Matrix:
        """From which probability each of the ten emotions is said."""
        known = self.classifier.thresholds
        return np.array([known[emotion] for emotion in EMOTIONS], np.float32)

    def use(self, classifier: Classifier) -> None:
        """Read with a model that is loaded already, to judge it. It cannot be kept: `to_disk` refuses."""
        self._classifier, self._folder, self._packed = classifier, None, {}

    def __call__(self, doc: Doc) -> Doc:
        """Read one text."""
        self._read([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Read many texts: the same as one by one, and quicker."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            self._read(batch)
            yield from batch

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        """Write the model's files into a new folder.

        Raises:
            SetupError: if the model came by `use`.
        """
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._files():
            (folder / name).write_bytes(content)

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> Emotion:
        """Read with the model in a folder.

        Raises:
            SetupError: if there is none.
        """
        from engine.adapters.nlp.classifier import Classifier

        folder = Path(path)
        self._folder, self._packed = folder, {}
        self._classifier = Classifier.load(folder, self.backend)
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The model's files as one string of bytes."""
        packed: bytes = srsly.msgpack_dumps(dict(self._files()))
        return packed

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Emotion:
        """Read with the model that `to_bytes` packed."""
        files: dict[str, bytes] = srsly.msgpack_loads(data)
        with TemporaryDirectory(prefix="moods-") as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            self.from_disk(folder)
        self._folder, self._packed = None, files
        return self

    def _files(self) -> Iterator[tuple[str, bytes]]:
        if self._packed:
            yield from self._packed.items()
            return
        if self._folder is None:
            raise SetupError(
                "this pipeline reads with a model that lies in no folder",
                help="build it with `folder=`, the folder of the model",
            )
        for file in sorted(self._folder.iterdir()):
            if file.is_file():
                yield file.name, file.read_bytes()

    def _read(self, docs: list[Doc]) -> None:
        classifier = self.classifier
        thresholds = self.thresholds
        looks = [_look(doc) for doc in docs]
        texts = [unit.text for look in looks for unit in look.units]
        scores = classifier.read(texts) if texts else None
        first = 0
        readable = []
        for look in looks:
            doc, last = look.doc, first + len(look.units)
            doc._.emotion_model = classifier.version
            doc._.word_count = sum(len(unit.text.split()) for unit in look.units)
            if scores is not None and look.units:
                harm = scores.sensitive[first:last] >= classifier.thresholds["sensitive"]
                look.sensitive = look.sensitive or bool(harm.any())
            doc._.sensitive = look.sensitive
            if scores is not None and look.units and not look.sensitive:
                look.scores = scores.mood[first:last]
                doc._.emotions_raw = _named(
                    classifier.raw_labels, scores.raw[first:last].max(axis=0)
                )
                _write(look, thresholds)
                readable.append(look)
            first = last
        if self.with_evidence and readable:
            self._find_evidence(readable, thresholds)

    def _find_evidence(self, looks: list[_Look], thresholds: Matrix) -> None:
        """The words that speak for the first emotion of each text that shows one, in one more batch."""
        tried: list[tuple[_Look, int, list[evidence.Word]]] = []
        for look in looks:
            label = int(look.probabilities[:-1].argmax())
            if look.probabilities[label] >= thresholds[label]:
                found = evidence.candidates(look.units, label, self.classifier.explain_linear)
                tried.append((look, label, found))
        texts = [evidence.without(look.units, word) for look, _, left in tried for word in left]
        rows = self.classifier.predict(texts) if texts else np.empty((0, len(EMOTIONS)), np.float32)
        first = 0
        for look, label, left in tried:
            some = rows[first : first + len(left)]
            first += len(left)
            falls = evidence.falls(look.scores, look.units, left, some, look.counts, thresholds)
            look.doc._.emotion_evidence = _evidence(look, left, label, falls[:, label])


def _look(doc: Doc) -> _Look:
    text = seen(doc)
    language = doc._.language
    if language is None:
        language = doc._.language = language_of(doc.text)
    sensitive = speaks_of_harm(text.text)
    places = sentences(doc)
    readable = units(text, places) if language in (ENGLISH, "") and not sensitive else []
    return _Look(doc, text, places, readable, sensitive)


def _write(look: _Look, thresholds: Matrix) -> None:
    """Put sentences and message on the `Doc`."""
    doc = look.doc
    scores, suspected = _guarded(look, thresholds)
    look.counts = combine.weights([unit.text for unit in look.units])
    look.probabilities = combine.combined(scores, look.counts, thresholds)
    said = [e for e, p, t in zip(EMOTIONS, look.probabilities, thresholds, strict=True) if p >= t]
    doc._.emotions = _named(EMOTIONS, look.probabilities)
    doc._.emotion_labels = said
    doc._.mixed = measures.is_mixed(set(said))
    doc._.sarcasm_suspected = bool(suspected.any())
    doc._.urgency = urgency(look.seen.text)
    for number in sorted({unit.sentence for unit in look.units}):
        here = np.array([unit.sentence == number for unit in look.units])
        found = combine.combined(
            scores[here], look.counts[here] / look.counts[here].max(), thresholds
        )
        span = doc.char_span(*look.places[number])
        assert span is not None
        span._.emotions = _named(EMOTIONS, found)
        span._.emotion_labels = [
            e for e, p, t in zip(EMOTIONS, found, thresholds, strict=True) if p >= t
        ]
        span._.sarcasm_suspected = bool(suspected[here].any())


def _guarded(look: _Look, thresholds: Matrix) -> tuple[Matrix, Any]:
    """The scores with pleasant feelings capped where praise sounds like none, and where that was."""
    scores = look.scores.copy()
    suspected = np.zeros(len(scores), bool)
    for number, unit in enumerate(look.units):
        if int(scores[number].argmax()) in _HAPPY and sounds_sarcastic(unit.text):
            suspected[number] = True
            caps = thresholds[_HAPPY] * _CAPPED
            scores[number, _HAPPY] = np.minimum(scores[number, _HAPPY], caps)
    return scores, suspected


def _named(labels: Iterable[str], row: Matrix) -> dict[str, float]:
    return dict(zip(labels, row.tolist(), strict=True))


def _evidence(
    look: _Look, left: list[evidence.Word], label: int, falls: Matrix
) -> list[tuple[int, int, str, float]]:
    found = []
    for word, fall in zip(left, falls.tolist(), strict=True):
        if fall > 0:
            start = look.units[word.unit].start
            place = look.seen.origin(start + word.start, start + word.end)
            found.append((*place, EMOTIONS[label], fall))
    return sorted(found, key=lambda one: -one[3])


@Language.factory(
    "emotion",
    assigns=["doc._.emotions", "doc._.emotion_labels", "span._.emotions", "span._.emotion_labels"],
    default_config={"backend": "auto", "with_evidence": True},
)
def make_emotion(nlp: Language, name: str, backend: str, with_evidence: bool) -> Emotion:
    """Made by `nlp.add_pipe("emotion")`."""
    register()
    return Emotion(backend, with_evidence=with_evidence)  # type: ignore[arg-type]
