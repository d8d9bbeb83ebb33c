"""The pieces of a message that a model reads one by one: sentences, or parts of very long ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from engine.adapters.nlp.cleaning.names import NAME
from engine.adapters.nlp.cleaning.rewriting import Rewritten
from engine.adapters.nlp.cleaning.wording import ADDRESS, LINK, NUMBER

LONGEST = 40
"""Words of a sentence that are read together: models were trained on sentences of up to 33."""

_ENDS = re.compile(r"\n+|(?<=[.!?])\s+")
_PAUSE = re.compile(r"[,;:]\s|\s(?=(?:and|but|so|because|then|or|which)\s)")
_STANDINS = frozenset({NAME.strip("[]").lower(), LINK, ADDRESS, NUMBER})
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """Words of sentence number `sentence`, from `start` on in the text as a model sees it."""

    sentence: int
    start: int
    text: str


def units(seen: Rewritten, places: list[tuple[int, int]]) -> list[Unit]:
    """The readable pieces of sentences, in order. Those without a word of meaning are left out."""
    found = []
    for number, (start, end) in enumerate(places):
        if seen.edits:
            start, end = seen.place(start), seen.place(end)
        for first, last in _pieces(seen.text, start, end):
            text = seen.text[first:last]
            if says_something(text):
                found.append(Unit(number, first, text))
    return found


def sentences(doc: Doc) -> list[tuple[int, int]]:
    """From which character to which each sentence goes; all of it where none were found."""
    if not doc.has_annotation("SENT_START"):
        return [(0, len(doc.text))]
    return [(sentence.start_char, sentence.end_char) for sentence in doc.sents]


def says_something(text: str) -> bool:
    """Whether there is a word that does not only stand in for a name or a number."""
    return any(word.lower() not in _STANDINS for word in _WORD.findall(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where lines and ends of sentences, which markup may have hidden, cut the characters."""
    first = start
    for cut in _ENDS.finditer(text, start, end):
        yield from _short(text, first, cut.start())
        first = cut.end()
    yield from _short(text, first, end)


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at a pause near the middle until no piece has more than `LONGEST` words."""
    if text.count(" ", start, end) < LONGEST:
        if start < end:
            yield start, end
        return
    middle = (start + end) // 2
    pauses = [match.start() + 1 for match in _PAUSE.finditer(text, start + 1, end - 1)]
    pauses = pauses or [match.start() for match in re.compile(r" ").finditer(text, start + 1, end)]
    cut = min(pauses, key=lambda place: abs(place - middle))
    yield from _short(text, start, cut)
    yield from _short(text, cut, end)
