"""How people ask to be left alone: the tables of all languages, and what one sentence says by them.

A form asks for one person to be taken off mail in general. What speaks of it and is no such form is for a
human to read: nobody stays on a list because we did not understand them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from engine.domain.reply_words import in_all_languages

Wish = Literal["plain", "whole", "unclear", "opposite", "none"]
"""What a sentence says of leaving: asks for it; asks for it where nothing else is said; speaks of it; asks
for the contrary; nothing."""


@cache
def _denied() -> re.Pattern[str]:
    denies = in_all_languages("denies").pattern
    return re.compile(rf"\b(?:{denies}) +(?:[\w'-]+ +){{0,3}}$")


def wish_of(plain: str) -> Wish:
    """What one bare sentence (`reply_text.bare`) says of leaving."""
    statement = plain.rstrip("?")
    form = in_all_languages("leave").search(statement)
    wish = form or in_all_languages("erase").search(statement)
    opposite = in_all_languages("opposite").search(plain)
    if opposite and (form is None or opposite.start() < form.end()):
        beside = in_all_languages("leave").search(statement, opposite.end())
        return "unclear" if beside else "opposite"
    if wish:
        return "unclear" if _in_doubt(statement, wish.start()) else "plain"
    if in_all_languages("whole").fullmatch(plain):
        return "whole"
    return "unclear" if in_all_languages("speaks").search(statement) else "none"


def _in_doubt(statement: str, start: int) -> bool:
    """Whether a wish that begins there is said under a condition, of somebody else, or denied."""
    before = statement[:start]
    return (
        in_all_languages("doubt").search(statement) is not None
        or in_all_languages("doubt_before").search(before) is not None
        or _denied().search(before) is not None
    )


def keeps_a_part(plain: str) -> bool:
    """Whether a bare sentence wants to go on with a part of it."""
    return in_all_languages("keep").search(plain) is not None


def erases(plain: str) -> bool:
    """Whether a bare sentence asks for what is known of its writer to be deleted."""
    form = in_all_languages("erase").search(plain)
    if form is None or in_all_languages("opposite").search(plain):
        return False
    return _denied().search(plain[: form.start()]) is None
