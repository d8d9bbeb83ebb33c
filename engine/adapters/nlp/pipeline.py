"""The whole pipeline: `feedback_clean`, `sentencizer`, `emotion` on a blank English."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import spacy

from engine.adapters.nlp.cleaning import component as _feedback_clean  # noqa: F401 - makes itself known
from engine.adapters.nlp.component import Emotion
from engine.adapters.nlp.tokenizer import TOKENIZER

if TYPE_CHECKING:
    from spacy.language import Language

    from engine.adapters.nlp.classifier import Classifier

_META = {
    "name": "moods",
    "version": "1.0.0",
    "description": "How people feel, from what they write to a business. English.",
    "license": "MIT",
}


def build(
    backend: Literal["auto", "hybrid", "linear"] = "auto",
    *,
    with_evidence: bool = True,
    folder: Path | None = None,
    classifier: Classifier | None = None,
) -> Language:
    """A pipeline that reads moods: with the model in `folder`, with one that is loaded, or else with the
    one that comes along.

    `nlp.to_disk(folder)` keeps it, and `spacy.load(folder)` brings it back.
    """
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    nlp.add_pipe("feedback_clean")
    nlp.add_pipe("sentencizer")
    emotion = nlp.add_pipe("emotion", config={"backend": backend, "with_evidence": with_evidence})
    assert isinstance(emotion, Emotion)
    if folder is not None:
        emotion.from_disk(folder)
    if classifier is not None:
        emotion.use(classifier)
    nlp.meta.update(_META)
    return nlp
