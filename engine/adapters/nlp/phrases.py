"""Lists of phrases: what people write, one pattern a line, in text files beside this one.

A line is a regular expression of whole words in any case; a blank is any space, ` ?` perhaps one.
`name = ...` makes `{name}` usable in later lines, `[head]` begins a group, `#` a comment.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "phrases"

_MACRO = re.compile(r"(\w+) = (.+)")
_HEAD = re.compile(r"\[([^\]]+)\]")


@cache
def phrases(name: str) -> dict[str, re.Pattern[str]]:
    """The groups of `phrases/NAME.txt`, each as one pattern."""
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
    return {head: _together(lines) for head, lines in groups.items()}


def _filled(line: str, macros: dict[str, str]) -> str:
    for name, pattern in macros.items():
        line = line.replace(f"{{{name}}}", f"(?:{pattern})")
    return line


def _together(lines: list[str]) -> re.Pattern[str]:
    each = "|".join(f"(?:{line})" for line in lines)
    each = each.replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(rf"(?<!\w)(?:{each})(?!\w)", re.IGNORECASE)
