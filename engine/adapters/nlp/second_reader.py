"""A second pair of eyes on replies in which the tables of words found nothing: a small linear model.

It knows two things only, whether somebody speaks of leaving and whether they want an answer, and nothing
of how they feel; so it needs no consent (R5.10). It never takes anybody off: it asks a person to look.
"""

from __future__ import annotations

from functools import cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.reply_meaning import Hunch

if TYPE_CHECKING:
    from engine.adapters.nlp.linear import Linear

MODEL = Path(__file__).parent / "model" / "replies.npz"
LEAVING, ASKING = 0, 1
"""The columns of the model."""
_SHOWN = 3


@cache
def _model() -> Linear:
    from engine.adapters.nlp.linear import Linear

    return Linear.load(MODEL)


def hunch_of(words: str) -> Hunch:
    """What the model makes of what somebody wrote, with the words that say so most."""
    from engine.adapters.nlp.plain import plain

    leaving, asking = (1 / (1 + exp(-logit)) for logit in _model().logits([plain(words)])[0])
    return Hunch(leaving, asking, _by(words, LEAVING), _by(words, ASKING))


def _by(words: str, column: int) -> tuple[str, ...]:
    """The words of theirs that add most to a column, the first of them first."""
    parts = [part for part in _model().explain(words) if part.weights[column] > 0]
    most = sorted(parts, key=lambda part: -part.weights[column])[:_SHOWN]
    return tuple(words[part.start : part.end] for part in sorted(most, key=lambda part: part.start))
