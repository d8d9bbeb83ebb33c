"""The steps of a journey as a graph: every edge resolved, every step by its id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.domain.journey import (
    Choose,
    Experiment,
    GoTo,
    HandTo,
    Leave,
    Node,
    Variant,
    WaitFor,
    WaitUntil,
)
from engine.language.pen import Pen
from engine.language.suggest import or_one_of
from engine.language.verbs.moving import GO_TO
from engine.language.verbs.tree import ID, WAS, Step


@dataclass(frozen=True, slots=True)
class Way:
    """What lies ahead: the next step, and the way behind it."""

    id: str
    rest: Way | None


def compile_steps(steps: tuple[Step, ...], pen: Pen) -> tuple[str | None, dict[str, Node]]:
    """The first step's id and all nodes by id, in the order of the file."""
    order = list(_in_order(steps))
    _check_ids(order, pen)
    nodes: dict[str, Node] = {}
    _draw(steps, None, nodes)
    places = {step.node.id: number for number, step in enumerate(order)}
    for step in order:
        if step.target is not None:
            _check_target(step, places, pen)
    return (steps[0].node.id if steps else None), {s.node.id: nodes[s.node.id] for s in order}


def _in_order(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        for branch in step.branches:
            yield from _in_order(branch.steps)


def _check_ids(order: list[Step], pen: Pen) -> None:
    lines: dict[str, int] = {}
    for step in order:
        step_id, line = step.node.id, step.node.line
        if step_id in lines:
            pen.error(
                "J202",
                step.got.value(ID),
                f"another step is called `{step_id}`",
                f"it stands in line {lines[step_id]}; give each its own name",
            )
        lines.setdefault(step_id, line)
    former: dict[str, str] = {}
    for step in order:
        for old in step.node.was:
            if old in lines:
                pen.error(
                    "J203",
                    step.got.value(WAS),
                    f"`{old}` is the name of a step that is still there",
                    "name in `was` only what the step was called before",
                )
            elif old in former:
                pen.error(
                    "J203",
                    step.got.value(WAS),
                    f"`{former[old]}` was called `{old}` too",
                    "keep it at one of them",
                )
            former.setdefault(old, step.node.id)


def _check_target(step: Step, places: dict[str, int], pen: Pen) -> None:
    target = step.target or ""
    place = step.got.value(GO_TO)
    if target not in places:
        pen.error(
            "J204",
            place,
            f"there is no step called `{target}`",
            or_one_of(target, places) if pen.suggests else "look at the ids of the steps",
        )
    elif places[target] <= places[step.node.id]:
        pen.error(
            "J407",
            place,
            f"`{target}` is not further down: a journey goes forward only",
            "name a step below this one",
        )


def _draw(steps: tuple[Step, ...], way: Way | None, nodes: dict[str, Node]) -> Way | None:
    """Draw the edges of a list of steps that is followed by `way`; the way that begins with it."""
    for step in reversed(steps):
        nodes[step.node.id] = _with_edges(step, way, nodes)
        way = Way(step.node.id, way)
    return way


def _with_edges(step: Step, way: Way | None, nodes: dict[str, Node]) -> Node:
    node = step.node
    after = way.id if way else None
    firsts = [_first(_draw(branch.steps, way, nodes)) for branch in step.branches]
    if isinstance(node, Choose):
        arms = tuple(
            (branch.condition, first)
            for branch, first in zip(step.branches, firsts, strict=True)
            if branch.condition is not None
        )
        return replace(node, arms=arms, next=firsts[-1])
    if isinstance(node, Experiment):
        variants = tuple(
            Variant(branch.name, branch.share, first)
            for branch, first in zip(step.branches, firsts, strict=True)
        )
        return replace(node, variants=variants, next=after)
    if isinstance(node, WaitFor | HandTo):
        return replace(node, next=firsts[0], otherwise=firsts[1])
    if isinstance(node, WaitUntil):
        return replace(node, next=after, after_next=_first(way.rest) if way else None)
    if isinstance(node, GoTo):
        return replace(node, next=step.target)
    if isinstance(node, Leave):
        return node
    return replace(node, next=after)


def _first(way: Way | None) -> str | None:
    return way.id if way else None
