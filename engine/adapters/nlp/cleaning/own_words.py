"""What somebody wrote themselves: without markup, quoted mails, signature and what no eye can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.adapters.nlp.cleaning.html import looks_like_html, markup
from engine.adapters.nlp.cleaning.quoting import quoted
from engine.adapters.nlp.cleaning.rewriting import Edit, Rewritten, rewrite
from engine.adapters.nlp.cleaning.signature import signature

LONGEST = 2_000_000
"""Of a message this many characters are looked at, quoted mails and markup included."""
LONGEST_OWN = 10_000
"""Of what a person wrote themselves this many characters are read: about 1,800 words."""
LONGEST_RUN = 100
"""Of characters without a blank between them this many are read."""

_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def own_words(text: str) -> Rewritten:
    """The text without what its writer did not write; places lead to the text as it came.

    It takes time in proportion to the text, whatever the text is.
    """
    found = Rewritten(text)
    if len(text) > LONGEST:
        found = _edited(found, [Edit(LONGEST, len(text), "", "too long")])
    if not text.isprintable():
        if is_binary(text):
            return _edited(found, [Edit(0, len(found.text), "", "binary")])
        found = _edited(found, _unreadable(found.text))
    if looks_like_html(found.text):
        found = _edited(found, markup(found.text))
    if "\n" in found.text or ">" in found.text[:3]:
        found = _edited(found, _not_theirs(found.text))
    if len(found.text) > LONGEST_RUN:
        found = _edited(found, _runs(found.text))
    if len(found.text) > LONGEST_OWN:
        found = _edited(found, [Edit(LONGEST_OWN, len(found.text), "", "too long")])
    return found


def is_binary(text: str) -> bool:
    """Whether this is no text at all: a tenth or more of its beginning are signs that no text has."""
    beginning = text[:2_000]
    return len(_NO_TEXT.findall(beginning)) > max(3, len(beginning) // 10)


def _edited(found: Rewritten, edits: Iterable[Edit]) -> Rewritten:
    return rewrite(found.text, edits, found)


def _unreadable(text: str) -> Iterator[Edit]:
    return (Edit(*match.span(), "", "unreadable") for match in _UNREADABLE.finditer(text))


def _runs(text: str) -> Iterator[Edit]:
    for match in _RUN.finditer(text):
        yield Edit(match.start() + LONGEST_RUN, match.end(), "", "too long")


def _not_theirs(text: str) -> Iterator[Edit]:
    """Quoted lines, and the signature of what is left. Where everything is quoted nothing is left."""
    places = [match.span() for match in _LINE.finditer(text)]
    lines = [text[start:end] for start, end in places]
    old = quoted(lines)
    theirs = [number for number, is_old in enumerate(old) if not is_old]
    _, leaves = signature([lines[number] for number in theirs])
    signed = set(theirs[leaves:])
    start = 0
    while start < len(lines):
        why = "quotation" if old[start] else "signature" if start in signed else ""
        end = start + 1
        while end < len(lines) and (old[end], end in signed) == (old[start], start in signed):
            end += 1
        if why:
            yield Edit(places[start][0], places[end - 1][1], "", why)
        start = end
