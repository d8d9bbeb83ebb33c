"""A text as the models read it, in training and at run time alike: emoji in words, one kind of quotes,
and nobody's gender, age or origin."""

from __future__ import annotations

import re

from engine.adapters.nlp.cleaning import emoji
from engine.adapters.nlp.neutral import neutral

_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "…": "..."})
_SIGN, _EMOJI = re.compile(emoji.EMOTICON), re.compile(emoji.EMOJI)
_UNSEEN = re.compile("[\u200b-\u200f\ufe00-\ufe0f\U000e0000-\U000e007f]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{3,}")
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text on one line, with emoji and `:)` in words, `soooooo` as `sooo`, and a neutral word
    for who somebody is (`neutral`). Idempotent."""
    text = text.translate(_QUOTES)
    if not text.isascii():
        text = _UNSEEN.sub("", _EMOJI.sub(_in_words, text))
    if not emoji.PARTS.isdisjoint(text):
        text = _SIGN.sub(_in_words, text)
    return _BLANKS.sub(" ", neutral(_DRAWN_OUT.sub(r"\1\1\1", text))).strip()


def _in_words(match: re.Match[str]) -> str:
    return f" {emoji.meaning(match[0])} "
