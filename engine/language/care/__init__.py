"""Care checks: a draft as a kind, experienced colleague reads it.

`read` looks at one mail as it was written for one sample. Words are judged in English only; what shows
in any language (noise, links, pictures, colours) is judged in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from engine.language.care import apology, closeness, ease, pressure, seen
from engine.language.care.doubt import Doubt, Sample
from engine.language.care.phrases import PHRASES
from engine.language.care.words import Reader


@cache
def _reader() -> Reader:
    return Reader(PHRASES)


def read(sample: Sample) -> tuple[Doubt, ...]:
    """What is doubtful about a mail."""
    return tuple(_doubts(sample))


def _doubts(sample: Sample) -> Iterator[Doubt]:
    yield from pressure.noise(sample)
    yield from seen.doubts(sample)
    if not sample.english:
        return
    words = _reader().read(sample)
    yield from apology.doubts(sample, words)
    yield from pressure.doubts(sample, words)
    yield from closeness.doubts(sample, words)
    yield from ease.doubts(sample, words, apology=apology.is_one(sample, words))
