"""Lists of phrases: what people write, one pattern a line, in text files beside this one.

A line is a regular expression of whole words in any case; a blank is any space, ` ?` perhaps one.
`name = ...` makes `{name}` usable in later lines, `[head]` begins a group, `#` a comment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from engine.adapters.nlp.pieces import pieces_of

FOLDER = Path(__file__).parent / "phrases"

_MACRO = re.compile(r"(\w+) = (.+)")
_HEAD = re.compile(r"\[([^\]]+)\]")


class Phrases:
    """One group of patterns. Nearly none of them can be in a given text, and a cheap question tells which:
    each needs one of some pieces of words, and looking for a piece takes some 30 ns."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.whole = _pattern(lines)
        index: dict[str, list[re.Pattern[str]]] = {}
        for line in lines:
            pattern = _pattern([line])
            for piece in pieces_of(pattern) or {""}:
                index.setdefault(piece, []).append(pattern)
        self.pieces = list(index.items())

    def search(self, text: str) -> bool:
        """Whether one of the patterns is in a text: what `whole` says, in a fifth of the time."""
        if not text.isascii():  # in any case, `k` is the sign for kelvin, too
            return self.whole.search(text) is not None
        lowered = text.lower()
        for piece, patterns in self.pieces:
            if piece in lowered:
                for pattern in patterns:
                    if pattern.search(text):
                        return True
        return False


@cache
def phrases(name: str) -> dict[str, Phrases]:
    """The groups of `phrases/NAME.txt`."""
    macros: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    found: list[str] = []
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("# "):
            continue
        if head := _HEAD.fullmatch(line):
            found = groups.setdefault(head[1], [])
        elif macro := _MACRO.fullmatch(line):
            macros[macro[1]] = _filled(macro[2], macros)
        else:
            found.append(_filled(line, macros))
    return {head: Phrases(lines) for head, lines in groups.items()}


def _filled(line: str, macros: dict[str, str]) -> str:
    for name, pattern in macros.items():
        line = line.replace(f"{{{name}}}", f"(?:{pattern})")
    return line


def _pattern(lines: Sequence[str]) -> re.Pattern[str]:
    each = "|".join(f"(?:{line})" for line in lines)
    each = each.replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(rf"(?<!\w)(?:{each})(?!\w)", re.IGNORECASE)
