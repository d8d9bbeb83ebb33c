"""Leaving a journey before its end: goal, `leave_when`, `stay` (R1.6-1.8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from engine.domain.answer import holds
from engine.domain.asking import Asking
from engine.domain.calendar import DAY
from engine.domain.condition import All, AnyOf, Condition, Did, InSegment, Not, TotalOf
from engine.domain.facts import Facts, Rulebook, Scope
from engine.domain.horizon import next_change
from engine.domain.journey import Joins, Journey
from engine.domain.run import Run

Exit = Literal["goal", "leave_when", "stay"]

GOAL, LEAVE_WHEN, STAY = "goal", "leave_when", "stay"
FINISHED, ERASED, REMOVED = "finished", "erased", "removed"
"""Why a run ended (`Run.because`); any other text is the `leave:` of a step, in its own words."""

CANCELS = {GOAL, LEAVE_WHEN, STAY, ERASED, REMOVED}
"""The ends that cancel a mail which is queued already; coming to one's own end does not."""


def goal_scope(run: Run) -> Scope:
    """Events since the entry, and `within` from the entry on."""
    return Scope(run.entry, run.entered_at, since_entry=True, from_entry=True)


def leave_scope(run: Run) -> Scope:
    """Events since the entry; `within` looks back from now."""
    return Scope(run.entry, run.entered_at, since_entry=True)


def step_scope(run: Run) -> Scope:
    """All events ever: where a branch or a `wait_for` asks."""
    return Scope(run.entry, run.entered_at)


def reached_goal(run: Run, journey: Journey, facts: Facts, rules: Rulebook, now: datetime) -> bool:
    """Whether the goal holds at `now`."""
    return journey.goal is not None and holds(journey.goal, facts, rules, now, goal_scope(run))


def exit_of(
    run: Run, journey: Journey, facts: Facts, rules: Rulebook, now: datetime
) -> Exit | None:
    """The exit that is open at `now`; of several: goal, `leave_when`, `stay` (R1.6)."""
    if reached_goal(run, journey, facts, rules, now):
        return "goal"
    if journey.leave_when is not None and holds(
        journey.leave_when, facts, rules, now, leave_scope(run)
    ):
        return "leave_when"
    match = staying(journey)
    if match is not None and not holds(match, facts, rules, now, step_scope(run)):
        return "stay"
    return None


def staying(journey: Journey) -> Condition | None:
    """What has to go on holding for the person to stay (R1.7), or None for `stay: always`."""
    if journey.stay == "always":
        return None
    trigger = journey.enter.trigger
    return InSegment(trigger.segment) if isinstance(trigger, Joins) else journey.enter.condition


def exit_horizon(run: Run, journey: Journey, asking: Asking) -> datetime | None:
    """The earliest instant after now at which time alone may open an exit, or None."""
    found = []
    for condition, scope in (
        (journey.goal, goal_scope),
        (journey.leave_when, leave_scope),
        (staying(journey), step_scope),
    ):
        if condition is not None:
            asking.scope = scope(run)
            found.append(next_change(condition, asking))
    return min((instant for instant in found if instant is not None), default=None)


def goal_until(run: Run, journey: Journey) -> datetime | None:
    """Until when a run that has ended may still reach its goal (R1.8); None where it no longer may.

    The longest `within` of the goal, from the entry. A goal without `within` counts only while the
    person is inside, since afterwards nothing would ever close it.
    """
    if run.goal_at is not None or journey.goal is None:
        return None
    window = longest(journey.goal)
    return run.entered_at + window if window else None


def longest(condition: Condition) -> timedelta:
    """The longest `within` anywhere in a condition: when it closes, counted from the entry. Zero where
    there is none."""
    match condition:
        case All(parts) | AnyOf(parts):
            return max(map(longest, parts), default=timedelta(0))
        case Not(part):
            return longest(part)
        case Did(within=length) | TotalOf(within=length):
            return min(length or timedelta(0), 36500 * DAY)
        case _:
            return timedelta(0)
