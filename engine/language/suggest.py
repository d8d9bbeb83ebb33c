"""Did you mean …?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_LONGEST = 60
_MOST_WORDS = 2_000
"""Compared with one word, so that files of many thousand names cost nothing."""


def nearest(word: str, words: Iterable[str], most: int = _LONGEST) -> str | None:
    """The one of `words` that was probably meant, or None. Case, `-`, `_` and spaces do not count.

    It differs in a third of its letters, and in `most`, at most.
    """
    if len(word) > _LONGEST:
        return None
    plain = _plain(word)
    best: tuple[int, str] | None = None
    for candidate in islice(words, _MOST_WORDS):
        other = _plain(candidate)
        allowed = min(most, max(1, min(len(plain), len(other)) // 3))
        far = _distance(plain, other, allowed)
        if far <= allowed and (best is None or (far, candidate) < best):
            best = far, candidate
    return best[1] if best else None


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """The question as a help text, or empty."""
    meant = nearest(word, words)
    return f"did you mean `{meant}`?" if meant else ""


def or_one_of(word: str, words: Iterable[str], most: int = 12) -> str:
    """The question, or where nothing is near, what there is."""
    known = list(words)
    return did_you_mean(word, known) or (
        f"one of {listed(known)}" if 0 < len(known) <= most else ""
    )


def listed(words: Iterable[str]) -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _plain(word: str) -> str:
    return word.lower().replace("-", "").replace("_", "").replace(" ", "")


def _distance(a: str, b: str, enough: int) -> int:
    """Damerau-Levenshtein (neighbours swapped count one), given up above `enough`."""
    if abs(len(a) - len(b)) > enough:
        return enough + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > enough:
            return enough + 1
        before, last = last, row
    return last[-1]
