"""The whole pipeline: `feedback_clean`, `sentencizer`, `emotion` on a blank English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import spacy

from engine.adapters.nlp.cleaning import component as _feedback_clean  # noqa: F401 - makes itself known
from engine.adapters.nlp.component import Emotion

if TYPE_CHECKING:
    from spacy.language import Language

    from engine.adapters.nlp.classifier import Classifier


def build(
    backend: Literal["auto", "hybrid", "linear"] = "auto",
    *,
    with_evidence: bool = True,
    classifier: Classifier | None = None,
) -> Language:
    """A pipeline that reads moods, with the model that comes along or another.

    `nlp.to_disk(folder)` keeps it, and `spacy.load(folder)` brings it back.
    """
    nlp = spacy.blank("en")
    nlp.add_pipe("feedback_clean")
    nlp.add_pipe("sentencizer")
    emotion = nlp.add_pipe("emotion", config={"backend": backend, "with_evidence": with_evidence})
    assert isinstance(emotion, Emotion)
    if classifier is not None:
        emotion.use(classifier)
    return nlp
