"""How people ask for something: a question, a request, or something that went wrong.

It is about what a reply is for, never about how its writer feels: ordinary correspondence needs no consent
to be answered (R5.10).
"""

from __future__ import annotations

from engine.domain.reply_text import unlinked
from engine.domain.reply_words import in_all_languages


def asks(sentence: str) -> bool:
    """Whether a sentence, as it was written, wants an answer."""
    plain = unlinked(sentence)
    if in_all_languages("polite").fullmatch(plain.strip(" .!?,;:-'\"()")):
        return False
    return in_all_languages("ask").search(plain) is not None
