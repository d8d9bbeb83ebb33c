"""The ways of a journey, as the checks look at them: only the graph counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.domain.journey import (
    Choose,
    Experiment,
    HandTo,
    Journey,
    Leave,
    Node,
    WaitFor,
    WaitUntil,
)

Edge = tuple[str, str]
"""A step and one that may come next."""


def ways_from(node: Node) -> Iterator[str]:
    """The steps that may come next."""
    out: list[str | None] = []
    match node:
        case Leave():
            pass
        case Choose():
            out = [*(first for _, first in node.arms), node.next]
        case Experiment():
            out = [variant.first for variant in node.variants]
        case WaitFor():
            out = [node.next, node.otherwise]
        case HandTo():
            out = [node.next] if node.up_to is None else [node.next, node.otherwise]
        case WaitUntil(if_past="skip_next"):
            out = [node.next, node.after_next]
        case _:
            out = [node.next]
    yield from dict.fromkeys(step for step in out if step is not None)


def reached(journey: Journey, closed: Callable[[Edge], bool] = lambda _: False) -> frozenset[str]:
    """The steps that somebody may come to, where the ways that are `closed` are not taken."""
    found: set[str] = set()
    ahead = [journey.first] if journey.first else []
    while ahead:
        step = ahead.pop()
        if step in found or step not in journey.nodes:
            continue
        found.add(step)
        ahead += [to for to in ways_from(journey.nodes[step]) if not closed((step, to))]
    return frozenset(found)


def before(journey: Journey) -> dict[str, list[str]]:
    """The steps that lead to each step."""
    leads: dict[str, list[str]] = {step: [] for step in journey.nodes}
    for step, node in journey.nodes.items():
        for to in ways_from(node):
            if to in leads:
                leads[to].append(step)
    return leads
