"""What is wrong with a project beyond its words: one family of checks a file.

Each file has `check(parts) -> Iterable[Diagnostic]` and stands in `FAMILIES`. A check looks only at
what was read without errors, so that one mistake gives one error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.language.checks import (
    care,
    choices,
    confirming,
    flow,
    forms,
    hand_over,
    references,
    time,
    told_mood,
)
from engine.language.checks.parts import Parts
from engine.language.diagnostics import Diagnostic

FAMILIES: tuple[Callable[[Parts], Iterable[Diagnostic]], ...] = (
    references.check,
    flow.check,
    time.check,
    care.check,
    confirming.check,
    hand_over.check,
    forms.check,
    choices.check,
    told_mood.check,
)


def all_checks(parts: Parts) -> Iterator[Diagnostic]:
    """Everything that the families find."""
    for check in FAMILIES:
        yield from check(parts)
