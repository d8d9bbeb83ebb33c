"""How long people stand on a step: the pure arithmetic of waits (R2.1-2.3, R2.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from engine.domain.calendar import (
    add,
    back,
    instant,
    local,
    midnight,
    next_closing,
    next_opening,
    next_time_of_day,
    next_weekday,
    next_working_day,
)
from engine.domain.duration import Duration
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import (
    FixedMoment,
    HandTo,
    Moment,
    Node,
    RelativeMoment,
    Wait,
    WaitFor,
    WaitUntil,
    WeekdayMoment,
)
from engine.domain.run import Run
from engine.domain.values import BEGINNING, END, moment_of

Past = Literal["go_on", "skip_next", "leave"]


def wake(
    node: Node, run: Run, since: datetime, facts: Facts, rules: Rulebook, zone: str
) -> datetime | None:
    """When time alone moves a person who stands on `node` since `since`; None where it never does.

    `run` gives the entry event for `event.NAME`. For `wait_until` a moment that has passed already
    answers `since`; what happens then says `past`.
    """
    match node:
        case Wait(length=length, at=at):
            end = add(since, length, zone)
            return end if at is None else next_time_of_day(end, at, zone)
        case WaitUntil(moment=moment):
            found = moment_at(moment, run, since, facts, zone, node.same_day_after)
            return since if found is None else max(found, since)
        case WaitFor(up_to=up_to):
            return add(since, up_to, zone)
        case HandTo(up_to=Duration() as up_to):
            return _task_until(node, add(since, up_to, zone), since, rules)
        case _:
            return None


def past(node: WaitUntil, run: Run, since: datetime, facts: Facts, zone: str) -> Past | None:
    """What to do about a moment that lay in the past when the person came (R2.2), or None where it
    did not. A date that is not there counts as past: nothing else will ever come of it."""
    found = moment_at(node.moment, run, since, facts, zone, node.same_day_after)
    if found is not None and found >= since:
        return None
    return node.if_past or "go_on"


def moment_at(
    moment: Moment,
    run: Run,
    since: datetime,
    facts: Facts,
    zone: str,
    same_day_after: Literal["go_on", "next_week"] | None = None,
) -> datetime | None:
    """The instant that a moment means for a person who came at `since`; None without its date."""
    match moment:
        case FixedMoment(at):
            return instant(at, zone)
        case WeekdayMoment(weekday, at):
            wall = local(since, zone)
            if same_day_after == "go_on" and wall.weekday() == weekday and wall.time() > at:
                return since
            return next_weekday(since, weekday, at, zone)
        case _:
            return _relative(moment, run, facts, zone)


def _relative(moment: RelativeMoment, run: Run, facts: Facts, zone: str) -> datetime | None:
    if moment.of == "entry":
        value = run.entry.properties.get(moment.attribute) if run.entry else None
    else:
        value = facts.person.attribute(moment.attribute)
    found = moment_of(value) if isinstance(value, str) else None
    if found is None:
        return None
    offset = moment.offset if moment.direction > 0 else back(moment.offset)
    try:
        start = found if isinstance(found, datetime) else midnight(found, zone)
        end = add(start, offset, zone)
        if moment.at is None:
            return end
        return instant(datetime.combine(local(end, zone).date(), moment.at), zone)
    except (OverflowError, ValueError):  # a date at the edge of the calendar: long ago, or never
        return BEGINNING if found.year < 5000 else END


def told_at(team: str, urgency: str, since: datetime, rules: Rulebook) -> datetime:
    """When a team hears of a task that began at `since`: at once where it is urgent (`now`), else as
    soon as the team is there."""
    known = rules.teams.get(team)
    if urgency == "now" or known is None or known.open is None:
        return since
    zone, closed = rules.company_zone, rules.policy.holidays
    opens = next_opening(known.open, since, zone)
    while (day := next_working_day(opens, closed, zone)) != opens:
        opens = next_opening(known.open, day, zone)
    return opens


def _task_until(node: HandTo, end: datetime, since: datetime, rules: Rulebook) -> datetime:
    """R2.7: never before the team has been open for one closing time after the task began."""
    team = rules.teams.get(node.team)
    if team is None or team.open is None:
        return end
    closing = next_closing(team.open, since, rules.policy.holidays, rules.company_zone)
    return max(end, closing)
