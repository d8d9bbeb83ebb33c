"""What the components write on a `Doc` and its sentences, as `doc._.NAME`. All values are plain, so that
a `Doc` can be stored and sent between processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spacy.tokens import Doc, Span

from engine.adapters.nlp import measures
from engine.adapters.nlp.cleaning.rewriting import Edit, Rewritten, rewrite

_ON_DOC: dict[str, Any] = {
    "names": (),  # in: names that may stand in the text, to be masked
    "written": None,  # in: True where the text holds only what its writer wrote
    "feedback_edits": None,  # the rewritings, one list for each
    "language": None,
    "urgency": 0.0,
    "mixed": False,
    "sensitive": False,
    "emotions_raw": None,
    "emotion_evidence": None,
    "emotion_model": "",
    "word_count": 0,
}
_ON_BOTH: dict[str, Any] = {"emotions": None, "emotion_labels": None, "sarcasm_suspected": False}


def seen(doc: Doc) -> Rewritten:
    """The text as a model sees it; places lead to the text of the `Doc`."""
    found = Rewritten(doc.text)
    for stage in doc._.feedback_edits or ():
        found = rewrite(found.text, [Edit(*edit) for edit in stage], found)
    return found


def _left_out(doc: Doc) -> list[tuple[int, int, str]]:
    """What is ignored or masked: characters from, to, and why."""
    return [(edit.start, edit.end, edit.why) for edit in seen(doc).left_out()]


def _emotions(of: Doc | Span) -> dict[str, float]:
    return of._.emotions or {}


def _confidence(of: Doc | Span) -> float:
    sure = measures.confidence(_emotions(of))
    return sure * measures.DOUBT if of._.sarcasm_suspected else sure


_GETTERS: dict[str, Callable[[Doc | Span], Any]] = {
    "emotion_top": lambda of: measures.top(_emotions(of)),
    "valence": lambda of: measures.valence(_emotions(of)),
    "arousal": lambda of: measures.arousal(_emotions(of)),
    "confidence": _confidence,
}

_ON_DOC_GETTERS: dict[str, Callable[[Doc], Any]] = {
    "own_text": lambda doc: seen(doc).text,
    "left_out": _left_out,
}


def register() -> None:
    """Make the attributes known; those that are already there stay as they are."""
    for name, default in (_ON_DOC | _ON_BOTH).items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)
    for name, default in _ON_BOTH.items():
        if not Span.has_extension(name):
            Span.set_extension(name, default=default)
    for name, on_doc in _ON_DOC_GETTERS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=on_doc)
    for name, getter in _GETTERS.items():
        for kind in (Doc, Span):
            if not kind.has_extension(name):
                kind.set_extension(name, getter=getter)
