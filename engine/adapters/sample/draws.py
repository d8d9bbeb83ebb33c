"""Chance that repeats itself: every draw is a hash of what it is for.

A draw depends on its words alone, never on the draws before it, so that adding one somewhere leaves
all the others as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_RANGE = 2**64


def draw(*words: object) -> float:
    """A number in [0, 1) that always is the same for the same words."""
    said = "\x1f".join(map(str, words)).encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "big") / _RANGE


def pick(options: Sequence[T], *words: object) -> T:
    """One of the options, all equally likely."""
    return options[int(draw(*words) * len(options))]


def weighted(options: Sequence[tuple[T, int]], *words: object) -> T:
    """One of the options, each as likely as its weight."""
    rest = draw(*words) * sum(weight for _, weight in options)
    for option, weight in options:
        rest -= weight
        if rest < 0:
            return option
    return options[-1][0]


def between(low: int, high: int, *words: object) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(draw(*words) * (high - low + 1))
