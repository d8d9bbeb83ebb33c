"""When a message may go as far as the clock is concerned, and until when it is worth it (R3.6, R4.2)."""

from __future__ import annotations

from datetime import datetime

from engine.domain.calendar import (
    add,
    inside,
    local,
    next_opening,
    next_outside,
    next_working_day,
)
from engine.domain.journey import Category, Journey, Overflow, Policy, Send, Window
from engine.domain.reasons import Reason

_ROUNDS = 400
"""How often quiet hours, send window and holidays may pass the message on before it is hopeless."""


def legal_from(
    category: Category, journey: Journey, policy: Policy, moment: datetime, zone: str
) -> datetime | None:
    """The first instant not before `moment` that quiet hours, send window and holidays all allow.

    None where they never do within about a year: a window that lies in the quiet hours, say.
    """
    for _ in range(_ROUNDS):
        found = moment
        if policy.quiet_hours is not None and not category.ignores_quiet_hours:
            found = next_outside(policy.quiet_hours, found, zone)
        if journey.send_window is not None:
            found = next_opening(journey.send_window, found, zone)
        if category.skip_holidays:
            found = next_working_day(found, policy.holidays, zone)
        if found == moment:
            return found
        moment = found
    return None


def closed(
    category: Category, journey: Journey, policy: Policy, now: datetime, zone: str
) -> list[tuple[Reason, str]]:
    """Which of quiet hours, send window and holidays forbid this instant, with the evidence."""
    found = []
    wall = local(now, zone)
    quiet, window = policy.quiet_hours, journey.send_window
    if quiet is not None and not category.ignores_quiet_hours and inside(quiet, now, zone):
        found.append((Reason.QUIET_HOURS, f"{spoken_window(quiet)}: {wall:%H:%M} in {zone}"))
    if window is not None and not inside(window, now, zone):
        found.append((Reason.SEND_WINDOW, f"{spoken_window(window)}: {wall:%a %H:%M} in {zone}"))
    if category.skip_holidays and wall.date() in policy.holidays:
        found.append((Reason.HOLIDAY, f"{wall:%Y-%m-%d} is a public holiday"))
    return found


def expiry(step: Send, policy: Policy, due: datetime, first_legal: datetime, zone: str) -> datetime:
    """The last instant at which the message is worth sending (R3.6).

    `expires_after` runs from the due time, the `D` of `postpone up to D` from the first instant that
    the clock alone allowed; the earlier one counts. Where a step says `skip` or `leave`, which are
    about caps, a hold postpones by the policy's `D`.
    """
    overflow = overflow_of(step, policy)
    if overflow.do != "postpone":
        overflow = policy.over_the_cap
    if overflow.do != "postpone":
        overflow = Overflow()
    last = add(first_legal, overflow.up_to, zone)
    if step.expires_after is not None:
        last = min(last, add(due, step.expires_after, zone))
    return last


def overflow_of(step: Send, policy: Policy) -> Overflow:
    """What happens to this step's mail over a cap: its own word, else the policy's."""
    return step.over_the_cap or policy.over_the_cap


def spoken_window(window: Window) -> str:
    """`20:00-08:00`."""
    return f"{window.start:%H:%M}-{window.end:%H:%M}"
