"""Praise that is none: pleasant words about something that went wrong."""

from __future__ import annotations

from engine.adapters.nlp.phrases import phrases


def sounds_sarcastic(sentence: str) -> bool:
    """Whether a sentence whose words are pleasant speaks of trouble that nobody mended.

    Only for sentences that a model took for pleasant: it is the contrast that tells. The signs are in
    `phrases/sarcasm.txt`.
    """
    signs = phrases("sarcasm")
    if signs["mended"].search(sentence):
        return False
    return any(signs[group].search(sentence) for group in ("trouble", "sure"))
