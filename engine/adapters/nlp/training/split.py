"""Which rows of the customer set are learned from, which choose thresholds, which judge.

Membership is a pure function of the row: all sentences of a template stay together, and so do a
sarcastic sentence and its sincere twin. Two authors are wholly for judging.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

Part = Literal["train", "dev", "test", "other-author"]
JUDGES = {"D": "hard on purpose", "J": "as a mailbox holds them"}
"""The authors whose sentences neither training nor any choice may see, and what they wrote."""


def part(author: str, key: str) -> Part:
    """The part of a row by its author and its template, else its pair, else its own id.

    One template in ten is in `dev` and one in ten in `test`; a pair counts like a template.
    """
    if author in JUDGES:
        return "other-author"
    place = int.from_bytes(sha256(f"{author}/{key}".encode()).digest()[:4], "big") % 10
    return "test" if place == 0 else "dev" if place == 1 else "train"
