"""A text as the models read it, in training and at run time alike: emoji in words, one kind of quotes,
and nobody's gender, age or origin."""

from __future__ import annotations

import re
import unicodedata

from engine.adapters.nlp.neutral import neutral

_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "…": "..."})
_PICTURE = re.compile(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u2bff\u3030\u303d]"
)
_UNSEEN = re.compile("[\u200b-\u200f\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{3,}")
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text on one line, with emoji as their Unicode names, `soooooo` as `sooo`, and a neutral word
    for who somebody is (`neutral`). Idempotent."""
    text = text.translate(_QUOTES)
    if not text.isascii():
        text = _PICTURE.sub(_in_words, _UNSEEN.sub("", text))
    return _BLANKS.sub(" ", neutral(_DRAWN_OUT.sub(r"\1\1\1", text))).strip()


def _in_words(match: re.Match[str]) -> str:
    return f" {unicodedata.name(match[0], '').lower()} "
