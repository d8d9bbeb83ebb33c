"""How people answer a mail, in the seven languages of our pages: a table of words for each.

Whoever adds a language writes one file like `english` and names it in `LANGUAGES`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from engine.domain.patterns import spelled_out
from engine.domain.reply_words.dutch import DUTCH
from engine.domain.reply_words.english import ENGLISH
from engine.domain.reply_words.french import FRENCH
from engine.domain.reply_words.german import GERMAN
from engine.domain.reply_words.italian import ITALIAN
from engine.domain.reply_words.portuguese import PORTUGUESE
from engine.domain.reply_words.spanish import SPANISH
from engine.domain.reply_words.words import Words

LANGUAGES: tuple[Words, ...] = (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, PORTUGUESE)
"""They are tried together: few replies are long enough to tell a language from another."""

Table = Literal[
    "leave",
    "whole",
    "speaks",
    "opposite",
    "denies",
    "doubt",
    "doubt_before",
    "keep",
    "erase",
    "ask",
    "polite",
]
"""A table of `Words`."""


@cache
def in_all_languages(table: Table) -> re.Pattern[str]:
    """That table of every language as one expression, compiled when the first reply comes."""
    return re.compile(
        "|".join(spelled_out(getattr(words, table), **words.parts) for words in LANGUAGES)
    )
