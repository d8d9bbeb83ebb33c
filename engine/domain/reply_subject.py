"""Whether the subject of a reply repeats that of a mail: a last thread where all others were torn."""

from __future__ import annotations

import re

from engine.domain.reply_text import ANSWERS, folded

_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LEAST = 4
_LONGEST = 300


def fits(subject: str, template: str) -> bool:
    """Whether a subject answers (`Re:` …) one that was written by this template, whatever stood in its
    expressions. A template of hardly any words of its own fits nothing."""
    bare = subject[:_LONGEST]
    prefix = ANSWERS.match(bare)
    if prefix is None:
        return False
    while prefix:
        bare = bare[prefix.end() :]
        prefix = ANSWERS.match(bare)
    pieces = [folded(piece) for piece in _EXPRESSION.split(template)]
    if sum(map(len, pieces)) < _LEAST:
        return False
    pattern = ".{0,120}?".join(r"\s*".join(map(re.escape, piece.split())) for piece in pieces)
    return re.fullmatch(rf"\s*{pattern}\s*", folded(bare)) is not None
