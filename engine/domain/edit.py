"""What an edit of a journey does to the people inside (R2.8)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.exits import REMOVED
from engine.domain.journey import Journey


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step's people stand in the new journey: on `step` (the same one where it was only
    `renamed`), or outside, because of `leave`."""

    step: str | None = None
    renamed: bool = False
    leave: str = ""


def place_of(step: str, journey: Journey) -> Place | None:
    """Where people on a step of an older version belong now; None where the edit says nothing of it,
    which `plan` refuses while anybody stands there."""
    if step in journey.nodes:
        return Place(step, renamed=True)
    for node in journey.nodes.values():
        if step in node.was:
            return Place(node.id, renamed=True)
    removed = journey.removed.get(step)
    if removed is None:
        return None
    if removed.go_to is not None:
        return Place(removed.go_to)
    return Place(leave=removed.leave or REMOVED)
