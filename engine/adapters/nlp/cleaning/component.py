"""The component `feedback_clean`: finds what the writer wrote, without changing the `Doc`'s text.

It notes edits beside the text: `doc._.left_out` says what is ignored, `doc._.own_text` how a model sees
the rest. `doc._.names` may hold names to mask.
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc

from engine.adapters.nlp.cleaning.own_words import own_words
from engine.adapters.nlp.cleaning.rewriting import Rewritten
from engine.adapters.nlp.cleaning.wording import worded
from engine.adapters.nlp.extensions import register
from engine.adapters.nlp.language import language_of


class FeedbackClean:
    """Notes on each `Doc` how its text is to be read, and in which language it is."""

    def __call__(self, doc: Doc) -> Doc:
        """Read one text."""
        own = Rewritten(doc.text) if doc._.written else own_words(doc.text)
        words = worded(own.text, doc._.names, own)
        doc._.language = language_of(own.text)
        stages = list(_stages(words))
        if stages:
            doc._.feedback_edits = stages
        return doc


def _stages(found: Rewritten | None) -> Iterable[list[tuple[int, int, str, str]]]:
    chain = []
    while found:
        if found.edits:
            chain.append([(edit.start, edit.end, edit.put, edit.why) for edit in found.edits])
        found = found.before
    return reversed(chain)


@Language.factory("feedback_clean", assigns=["doc._.own_text", "doc._.left_out", "doc._.language"])
def make_feedback_clean(nlp: Language, name: str) -> FeedbackClean:
    """Made by `nlp.add_pipe("feedback_clean", first=True)`."""
    register()
    return FeedbackClean()
