"""What the words of conditions share: a head, the words beside it, putting parts together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain.condition import (
    All,
    Condition,
    Not,
    Op,
)
from engine.language.nodes import Node, Text
from engine.language.pen import Pen
from engine.language.reader import (
    Kind,
)

Builder = Callable[[Text, Node, "Sides", Pen], Condition]

COUNTS = ("at_least", "at_most", "more_than", "less_than", "exactly")
SIDE_WORDS = (*COUNTS, "within", "where", "same")
"""Words that say more about an event word beside them."""


@dataclass(frozen=True, slots=True)
class Head:
    """A word that begins a condition: what it means, an example, which words may stand beside it."""

    name: str
    build: Builder
    doc: str
    example: str
    beside: tuple[str, ...] = ()
    schema: Mapping[str, object] | None = None


class Sides:
    """The side words of a block, each taken by the head that they belong to."""

    def __init__(self, nodes: Mapping[str, tuple[Text, Node]]) -> None:
        self.nodes = nodes

    def read(self, name: str, kind: Kind[object], pen: Pen) -> object | None:
        """The value of a side word, None where it is absent."""
        found = self.nodes.get(name)
        return kind.read(found[1], pen) if found else None


def all_of(parts: Sequence[Condition]) -> Condition:
    """One part as it is, several as all of them."""
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def negated(part: Condition, no: bool) -> Condition:
    """The part, or its opposite."""
    return Not(part) if no else part


def counts(sides: Sides, kind: Kind[Any], pen: Pen) -> list[tuple[Op, Any]]:
    """The comparisons beside a head (`at_least: 3 times`), in the order of `COUNTS`."""
    found = [(Op(name), sides.read(name, kind, pen)) for name in COUNTS]
    return [(op, value) for op, value in found if value is not None]
