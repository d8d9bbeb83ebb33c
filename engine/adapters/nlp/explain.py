"""Why a text is read as it is: for every word, how far each emotion falls without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.adapters.nlp import evidence
from engine.adapters.nlp.cleaning.own_words import own_words
from engine.adapters.nlp.combine import weights
from engine.adapters.nlp.component import Emotion
from engine.adapters.nlp.extensions import seen
from engine.adapters.nlp.linear import Matrix
from engine.adapters.nlp.units import Unit, sentences, units
from engine.domain.emotion import EMOTIONS

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MOST_WORDS = 300
"""Of a long text so many words are tried; each costs one more reading of its sentence."""
_UNTOLD = frozenset({"spelling", "markup"})


@dataclass(frozen=True)
class WordWeight:
    """Characters `start` to `end` of the text as it was written speak for `emotion`.

    `weight` is how far its probability falls without them; `adds` what they add to its logit in the
    linear model, where that alone was asked: exact, and the sum of all words and a constant.
    """

    start: int
    end: int
    text: str
    emotion: str
    weight: float
    adds: float | None


@dataclass(frozen=True)
class LeftOut:
    """Characters that were not read, or only as a stand-in, and why (`quotation`, `name`...)."""

    start: int
    end: int
    why: str


@dataclass(frozen=True)
class Explanation:
    """One text, explained. `said` are the emotions over their thresholds, the likeliest first."""

    model: str
    language: str
    sensitive: bool
    probabilities: Mapping[str, float]
    thresholds: Mapping[str, float]
    said: Sequence[str]
    words: Sequence[WordWeight]
    left_out: Sequence[LeftOut]
    read_as: str
    confidence: float
    valence: float
    arousal: float
    urgency: float
    mixed: bool
    sarcasm_suspected: bool


def explain(nlp: Language, text: str, names: Sequence[str] = ()) -> Explanation:
    """What a text says and which of its words say it. `names` are masked, as when messages are read."""
    emotion = nlp.get_pipe("emotion")
    assert isinstance(emotion, Emotion)
    own = own_words(text)
    doc = nlp.make_doc(own.text)
    doc._.written, doc._.names = True, tuple(names)
    told = nlp(doc)._
    probabilities = told.emotions or {}
    said = sorted(told.emotion_labels or (), key=lambda label: -probabilities[label])
    asked = said or ([told.emotion_top] if probabilities else [])
    left = [
        LeftOut(edit.start, edit.end, edit.why)
        for edit in own.left_out()
        if edit.why not in _UNTOLD
    ]
    for start, end, why in told.left_out:
        if why not in _UNTOLD:
            left.append(LeftOut(*own.origin(start, end), why))
    return Explanation(
        model=told.emotion_model,
        language=told.language,
        sensitive=told.sensitive,
        probabilities=probabilities,
        thresholds={label: emotion.classifier.thresholds[label] for label in EMOTIONS},
        said=said,
        words=[
            WordWeight(*(place := own.origin(*found)), text[slice(*place)], label, fall, adds)
            for found, label, fall, adds in _words(emotion, doc, asked)
        ],
        left_out=sorted(left, key=lambda one: one.start),
        read_as=" ".join(told.own_text.split()),
        confidence=told.confidence,
        valence=told.valence,
        arousal=told.arousal,
        urgency=told.urgency,
        mixed=told.mixed,
        sarcasm_suspected=told.sarcasm_suspected,
    )


def _words(
    emotion: Emotion, doc: Doc, asked: Sequence[str]
) -> list[tuple[tuple[int, int], str, float, float | None]]:
    """Places in the text of the `Doc`, with emotion, fall and addition; the strongest first."""
    if not asked:
        return []
    classifier, text = emotion.classifier, seen(doc)
    pieces = units(text, sentences(doc))
    tried = evidence.words(pieces)[:MOST_WORDS]
    thresholds = emotion.thresholds
    rows = classifier.predict(
        [unit.text for unit in pieces] + [evidence.without(pieces, word) for word in tried]
    )
    scores, rows = rows[: len(pieces)], rows[len(pieces) :]
    counts = weights([unit.text for unit in pieces])
    falls = evidence.falls(scores, pieces, tried, rows, counts, thresholds)
    adds = _additions(emotion, pieces) if classifier.backend == "linear" else {}
    found = []
    for number, word in enumerate(tried):
        start = pieces[word.unit].start
        place = text.origin(start + word.start, start + word.end)
        for label in asked:
            column = EMOTIONS.index(label)
            added = adds.get(word)
            found.append(
                (
                    place,
                    label,
                    float(falls[number, column]),
                    None if added is None else float(added[column]),
                )
            )
    return sorted(found, key=lambda one: -one[2])


def _additions(emotion: Emotion, pieces: Sequence[Unit]) -> dict[evidence.Word, Matrix]:
    return {
        evidence.trimmed(number, unit.text, part.start, part.end): part.weights
        for number, unit in enumerate(pieces)
        for part in emotion.classifier.explain_linear(unit.text)
    }
