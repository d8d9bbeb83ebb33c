"""Pieces of text without which a regular expression cannot match."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Pieces = frozenset[str]


def pieces_of(pattern: re.Pattern[str]) -> Pieces | None:
    """Pieces, in lower case, of which every text that matches holds at least one; None where none can be
    named. Of several such sets it is the one whose shortest piece is the longest.

    Read from the parsed expression, as Python's own compiler reads it.
    """
    return _needed(_parser.parse(pattern.pattern, pattern.flags))


def _needed(parsed: Iterable[tuple[Any, Any]]) -> Pieces | None:
    """Of what follows each other, the best that any part needs."""
    found: list[Pieces] = []
    run = ""
    for what, of in parsed:
        if what is op.LITERAL:
            run += chr(of).lower()
            continue
        found += [frozenset({run})] if run else []
        run = ""
        each = _needed_by(what, of)
        found += [] if each is None else [each]
    found += [frozenset({run})] if run else []
    return max(found, key=lambda pieces: (min(map(len, pieces)), -len(pieces)), default=None)


def _needed_by(what: Any, of: Any) -> Pieces | None:
    if what is op.SUBPATTERN:
        return _needed(of[3])
    if what in (op.MAX_REPEAT, op.MIN_REPEAT) and of[0] > 0:
        return _needed(of[2])
    if what is op.BRANCH:
        each = [_needed(one) for one in of[1]]
        return None if None in each else frozenset().union(*(one for one in each if one))
    return None
