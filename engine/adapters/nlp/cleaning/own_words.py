"""What somebody wrote themselves: without markup, quoted mails, signature and what no eye can read."""

from __future__ import annotations

import re

from engine.adapters.nlp.cleaning.rewriting import Edit, Rewritten, rewrite

LONGEST = 10_000
"""Of what a person wrote themselves this many characters are read: about 1,800 words."""
LONGEST_RUN = 100
"""Of letters without a blank between them this many are read."""

_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]+")


def own_words(text: str) -> Rewritten:
    """The text without what its writer did not write; places lead to the text as it came."""
    found = _without(Rewritten(text), _UNREADABLE)
    return _shorter(found)


def _without(found: Rewritten, pattern: re.Pattern[str]) -> Rewritten:
    edits = [Edit(*match.span(), "", "unreadable") for match in pattern.finditer(found.text)]
    return rewrite(found.text, edits, found) if edits else found


def _shorter(found: Rewritten) -> Rewritten:
    edits = [
        Edit(match.start() + LONGEST_RUN, match.end(), "", "too long")
        for match in _RUN.finditer(found.text)
    ]
    if edits:
        found = rewrite(found.text, edits, found)
    if len(found.text) > LONGEST:
        rest = Edit(LONGEST, len(found.text), "", "too long")
        found = rewrite(found.text, [rest], found)
    return found
