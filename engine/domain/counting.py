"""What frequency caps count, and what they allow (R3.1-3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from engine.domain.calendar import local, period
from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.facts import Rulebook, Sent

_A_MONTH = timedelta(days=33)
"""A calendar month in any zone; the memory of a duplicate (R3.8) is shorter."""


def broken(cap: Cap, sent: Iterable[Sent], now: datetime, zone: str) -> str | None:
    """Why one more at `now` would break the cap, in the marketer's words, or None where it would not.

    `sent` are the sends that count for this cap (`counting`). A send dated after `now`, by a worker
    whose clock is ahead, counts like one just made, so that no clock can let one too many through.
    """
    counted = _counted(cap, sent, now, zone)
    if len(counted) < limit(cap):
        return None
    times = ", ".join(f"{local(at, zone):%Y-%m-%d %H:%M}" for at in counted) or "none"
    return f"{describe(cap)}: sent {times}"


def free_at(cap: Cap, sent: Iterable[Sent], now: datetime, zone: str) -> datetime | None:
    """The earliest instant from `now` on that this cap alone allows; None for `0 per ...`, never."""
    sent = tuple(sent)
    if limit(cap) < 1:
        return None
    while len(counted := _counted(cap, sent, now, zone)) >= limit(cap):
        if isinstance(cap, CalendarCap):
            now = period(now, cap.unit, zone)[1]
        else:
            now = counted[-limit(cap)] + _length(cap)
    return now


def counting(sent: Iterable[Sent], category: str | None, *, ghosts: bool) -> tuple[Sent, ...]:
    """The sends that a cap counts (R3.4, R3.5).

    `category` names the category whose own cap it is; None stands for the caps on all marketing
    (`marketing_cap` and a persona's). Ghosts of held-out people count among ghosts only.
    """
    return tuple(
        one
        for one in sent
        if one.ghost == ghosts
        and (one.klass == "marketing" if category is None else one.category == category)
    )


def within(cap: Cap, sent: Iterable[Sent], now: datetime, zone: str) -> list[Sent]:
    """The sends that a cap counts at an instant, oldest first: of `counting`, those in its window."""
    sent = tuple(sent)
    times = set(_counted(cap, sent, now, zone))
    return sorted((one for one in sent if one.at in times), key=lambda one: one.at)


def remembered(rules: Rulebook) -> timedelta:
    """How long a send can matter to any cap of a project, or to a confirmation (R5.4): older slots need
    not be looked at."""
    caps = (
        *rules.policy.marketing_caps,
        *(cap for category in rules.policy.categories.values() for cap in category.caps),
        *(cap for persona in rules.personas for cap in persona.caps),
    )
    lengths = (_length(cap) for cap in caps if not isinstance(cap, CalendarCap))
    confirming = (one.confirm_within for one in rules.law.jurisdictions)
    return max((_A_MONTH, *confirming, *lengths))


def describe(cap: Cap) -> str:
    """The cap as it is written: "3 per 7 days", "1 per calendar day", "at least 16 hours apart"."""
    if isinstance(cap, CalendarCap):
        return f"{cap.times} per calendar {cap.unit}"
    if isinstance(cap, RollingCap):
        return f"{cap.times} per {spoken_length(cap.window)}"
    return f"at least {spoken_length(cap.gap)} apart"


def _counted(cap: Cap, sent: Iterable[Sent], now: datetime, zone: str) -> list[datetime]:
    if isinstance(cap, CalendarCap):
        start = period(now, cap.unit, zone)[0]
        return sorted(one.at for one in sent if one.at >= start)
    after = now - _length(cap)
    return sorted(one.at for one in sent if one.at > after)


def limit(cap: Cap) -> int:
    """How many a cap allows in its window; a gap allows one."""
    return 1 if isinstance(cap, GapCap) else cap.times


def _length(cap: RollingCap | GapCap) -> timedelta:
    return cap.gap if isinstance(cap, GapCap) else cap.window


def spoken_length(length: timedelta) -> str:
    """A length as it is written: "7 days", "1 day 12 hours"."""
    seconds = int(length.total_seconds())
    words = []
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(words)
