"""Finding phrases in the tokens of a mail.

spaCy's own matcher asks every token whether it is in every set of words that some pattern names, which
for our hundreds of sets took fifty times as long as reading the mail. Here a phrase is tried only where
a word stands that it begins with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.language.care.phrases.classes import CLASSES

if TYPE_CHECKING:
    from spacy.tokens import Doc

NUMBER, ANY, GAP = "#", "_", ".."
_WIDEST = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One place of a phrase: one of `words`, or what `kind` says; it may be missing if `optional`."""

    words: frozenset[str]
    kind: str = ""
    optional: bool = False


def pattern(phrase: str) -> tuple[Piece, ...]:
    """A phrase in its pieces, as `words` describes them."""
    return tuple(_piece(word) for word in phrase.split())


def _piece(word: str) -> Piece:
    optional = word.startswith("(") and word.endswith(")") and len(word) > 2
    word = word[1:-1] if optional else word
    if word in (NUMBER, ANY, GAP):
        return Piece(frozenset(), word, optional)
    alternatives = [word] if len(word) == 1 else word.split("/")
    known = frozenset(one for each in alternatives for one in CLASSES.get(each, (each,)))
    return Piece(known - {NUMBER}, NUMBER if NUMBER in known else "", optional)


class Phrases:
    """All phrases of all rules, by the words that they begin with."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._starts: dict[str, list[tuple[str, tuple[Piece, ...]]]] = defaultdict(list)
        for name, lines in phrases.items():
            for line in filter(None, map(str.strip, lines.split("\n"))):
                self._add(name, pattern(line))

    def _add(self, name: str, pieces: tuple[Piece, ...]) -> None:
        while pieces:
            first = pieces[0]
            for word in (*first.words, *([first.kind] if first.kind else [])):
                self._starts[word].append((name, pieces))
            if not first.optional:
                return
            pieces = pieces[1:]

    def find(self, doc: Doc) -> Iterator[tuple[str, int, int]]:
        """Each phrase as (its name, first token, token behind its last), the longest from each place."""
        tokens = _Tokens(doc)
        for start, word in enumerate(tokens.words):
            keys = (word, NUMBER) if tokens.numbers[start] else (word,)
            longest: dict[str, int] = {}
            for key in keys:
                for name, pieces in self._starts.get(key, ()):
                    end = tokens.end(pieces, 0, start)
                    if end > longest.get(name, start):
                        longest[name] = end
            for name, end in longest.items():
                yield name, start, end


class _Tokens:
    """The words of a document, and how far a phrase reaches in them."""

    __slots__ = ("alphas", "numbers", "words")

    def __init__(self, doc: Doc) -> None:
        self.words = [token.lower_ for token in doc]
        self.numbers = [token.like_num for token in doc]
        self.alphas = [token.is_alpha for token in doc]

    def end(self, pieces: tuple[Piece, ...], place: int, at: int) -> int:
        """Behind which token the rest of the phrase ends if it begins at `at`; -1 if it does not."""
        if place == len(pieces):
            return at
        piece = pieces[place]
        if piece.kind == GAP:
            best, here = -1, at
            while True:
                best = max(best, self.end(pieces, place + 1, here))
                if here - at == _WIDEST or here >= len(self.words) or not self._is_word(here):
                    return best
                here += 1
        best = self.end(pieces, place + 1, at + 1) if self._fits(piece, at) else -1
        return max(best, self.end(pieces, place + 1, at)) if piece.optional else best

    def _fits(self, piece: Piece, at: int) -> bool:
        if at >= len(self.words):
            return False
        if self.words[at] in piece.words:
            return True
        return (piece.kind == NUMBER and self.numbers[at]) or (
            piece.kind == ANY and self.alphas[at]
        )

    def _is_word(self, at: int) -> bool:
        return self.alphas[at] or self.numbers[at] or "'" in self.words[at] or "-" in self.words[at]
