"""The English of a mail: its sentences, and the phrases that rules look for in them.

spaCy's tokenizer and sentencizer in a blank pipeline: no model, nothing to download. It is loaded with
the first mail that is really read.

A phrase is written as people write it, word by word: `a/b` is one of these, `(a)` may be missing, `#`
is a number, `_` any word, `..` up to four words, and a word in capitals one of its class in
`phrases.CLASSES`. Contractions are two words, as spaCy reads them: `do n't`, `we 're`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from engine.language.care.doubt import Sample, Where
from engine.language.care.matching import Phrases

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " "})
_ADDRESSES = re.compile(r"<?\b(?:https?://|www\.|mailto:)[^\s>]+>?")
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n|\s*(?:- |\d{1,3}\. |> ))")
_NEGATIONS = frozenset({"no", "not", "never", "n't", "without", "nothing", "nobody", "none", "nor"})


@dataclass(frozen=True, slots=True)
class Words:
    """A mail's words: subject, preheader and body in one document, with the phrases found in it."""

    doc: Doc
    body_start: int
    preheader_start: int
    found: Mapping[str, tuple[Span, ...]]

    def all(self, *names: str) -> list[Span]:
        """Where phrases of these names stand, in order, the longest of those that overlap."""
        spans = [span for name in names for span in self.found.get(name, ())]
        kept: list[Span] = []
        for span in sorted(spans, key=lambda one: (one.start, -one.end)):
            if not kept or span.start >= kept[-1].end:
                kept.append(span)
        return kept

    def first(self, *names: str) -> Span | None:
        """The first of them that nobody denies ("no need to hurry")."""
        return next((span for span in self.all(*names) if not self.denied(span)), None)

    def denied(self, span: Span) -> bool:
        """Whether a `no`, `not` or `never` stands shortly before it, in its sentence and clause."""
        before = self.doc[max(span.sent.start, span.start - 4) : span.start]
        for token in reversed(list(before)):
            if token.text in ",;:":
                return False
            if token.lower_ in _NEGATIONS:
                return True
        return False

    def where(self, span: Span) -> Where:
        """In which part of the mail it stands."""
        if span.start_char < self.preheader_start:
            return "subject"
        return "preheader" if span.start_char < self.body_start else "body"

    def sentences(self) -> Iterator[Span]:
        """The sentences of the body."""
        for sentence in self.doc.sents:
            if sentence.start_char >= self.body_start and not sentence.text.isspace():
                yield sentence


def words_in(sentence: Span | Doc) -> list[str]:
    """Its words in small letters: no punctuation, a contraction as one."""
    words: list[str] = []
    for token in sentence:
        if token.text[:1] == "'" or token.lower_ == "n't":
            if words:
                words[-1] += token.lower_
        elif token.is_alpha or token.like_num or "-" in token.text.strip("-"):
            words.append(token.lower_)
    return words


def body_of(sample: Sample) -> str:
    """The text part without the foot of its layout, which holds the address: every mail has that."""
    text, address = sample.text, "".join(sample.address.split())
    if not address:
        return text
    paragraphs = text.split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        if number and address in "".join(paragraph.split()):
            return "\n\n".join(paragraphs[:number])
    return text


class Reader:
    """Reads mails, and finds the phrases of all rules in one go."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._phrases = Phrases(phrases)

    def read(self, sample: Sample) -> Words:
        """The words of a mail."""
        body = _WRAPPED.sub(" ", body_of(sample))
        parts = [_plain(part) for part in (sample.subject, sample.preheader, body)]
        doc = self._language.make_doc("\n\n".join(parts))
        for token in doc[:-1]:
            if "\n" in token.text:
                doc[token.i + 1].is_sent_start = True
        doc = self._language.get_pipe("sentencizer")(doc)
        preheader = len(parts[0]) + 2
        found: dict[str, list[Span]] = {}
        for name, start, end in self._phrases.find(doc):
            found.setdefault(name, []).append(doc[start:end])
        ordered = {name: tuple(spans) for name, spans in found.items()}
        return Words(doc, preheader + len(parts[1]) + 2, preheader, ordered)

    @cached_property
    def _language(self) -> Language:
        import spacy

        language = spacy.blank("en")
        language.add_pipe("sentencizer")
        return language


def _plain(text: str) -> str:
    return _ADDRESSES.sub("", text.translate(_STRAIGHT)).strip()
