"""What an edit of a journey does to the people inside (R2.8).

People stand on step ids, so most edits need nothing done: the next turn reads the new journey. Two
things do: ids that `was:` renamed, and waits whose length changed. Steps that `removed:` took away
are left to the turn, which goes on from there as from any step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from engine.domain.exits import REMOVED
from engine.domain.experiment import WHOLE, bucket
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Journey, Node
from engine.domain.run import Run
from engine.domain.waiting import wake
from engine.domain.zones import zone_of

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step's people belong in the new journey: they `stay` on `step` (under its new name),
    go to it, or leave because of `leave`."""

    step: str | None = None
    stay: bool = False
    leave: str = ""


def place_of(step: str, journey: Journey) -> Place | None:
    """Where people on a step of an older version belong now; None where the edit says nothing of it,
    which `plan` refuses while anybody stands there."""
    if step in journey.nodes:
        return Place(step, stay=True)
    for node in journey.nodes.values():
        if step in node.was:
            return Place(node.id, stay=True)
    removed = journey.removed.get(step)
    if removed is None:
        return None
    if removed.go_to is not None:
        return Place(removed.go_to)
    return Place(leave=removed.leave or REMOVED)


def renamed(run: Run, journey: Journey) -> Run:
    """The run with today's step ids in everything it remembers, so that nothing is asked or sent
    again under a new name (R2.10)."""
    names = {old: node.id for node in journey.nodes.values() for old in node.was}
    if not names:
        return run
    return replace(
        run,
        step=names.get(run.step or "", run.step),
        answers=_with(run.answers, names),
        variants=_with(run.variants, names),
        sent=_with(run.sent, names),
        visited=tuple(names.get(step, step) for step in run.visited),
    )


def follow_edit(
    run: Run,
    old: Journey,
    new: Journey,
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    *,
    keep_timers: bool = False,
) -> Run:
    """A live run after its journey was edited from `old` to `new` (R2.8); the same run where nothing
    changes for it.

    A changed wait is worked out anew from the moment the person began to wait; one that is overdue by
    that is released within `release_spread`, each person at their own place in it. Whoever stands on
    a removed step is due now. `keep_timers` leaves all waits as they are.
    """
    place = place_of(run.step or "", new)
    if place is None or not run.live:
        return run
    if not place.stay:
        return replace(run, wake_at=now, postponed=None)
    before = old.nodes.get(run.step or "")
    run = renamed(run, new)
    node = new.nodes[run.step or ""]
    if before is not None and type(before) is type(node):
        if run.postponed is not None or keep_timers or _bare(before) == _bare(node):
            return run
    wakes = wake(node, run, run.since, facts, rules, zone_of(facts.person, rules)[0])
    if wakes is not None and wakes <= now:
        wakes = now + rules.policy.release_spread * bucket("", "release", run.id) / WHOLE
    return replace(run, wake_at=wakes, postponed=None)


def _bare(node: Node) -> Node:
    """The step without what does not change what it does to people who stand on it."""
    return replace(node, id="", next=None, was=(), note="", line=0)


def _with(known: Mapping[str, _T], names: Mapping[str, str]) -> dict[str, _T]:
    return {names.get(step, step): value for step, value in known.items()}
