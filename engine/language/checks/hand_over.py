"""Somebody reads what people write who need a person, where moods are read at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.checks.parts import Parts
from engine.language.diagnostics import Diagnostic, Place, at

_EMOTION = re.compile(r"^emotion\b", re.MULTILINE)


def check(parts: Parts) -> Iterator[Diagnostic]:
    """A config that speaks of moods, and no team that what is urgent or sensitive could go to."""
    text = parts.sources.get(parts.config_file, "")
    found = _EMOTION.search(text)
    rules = parts.rulebook
    if not parts.config_is_whole or found is None:
        return
    if rules.care_team is not None or rules.emotion.hand_to == "":
        return
    line = text.count("\n", 0, found.start()) + 1
    yield at(
        Place(line, 1, line, 1 + len(found[0])),
        "C504",
        parts.config_file,
        "nobody is asked to read what people write who need a person",
        "add a team that hears of it, or say `hand_to: no`",
        "warning",
    )
