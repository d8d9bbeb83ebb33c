"""The verbs of steps, one family a file: the words of each, and how a node is built of them."""

from __future__ import annotations

from engine.language.verbs import (
    acting,
    branching,
    experimenting,
    moving,
    sending,
    waiting,
)
from engine.language.verbs.tree import STEPS, VERBS, Step

__all__ = [
    "STEPS",
    "VERBS",
    "Step",
    "acting",
    "branching",
    "experimenting",
    "moving",
    "sending",
    "waiting",
]
