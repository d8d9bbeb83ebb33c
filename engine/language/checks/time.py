"""Times that cannot be: windows that never open, moments that do not say what if they are past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from functools import cache

from engine.domain.journey import (
    OnDate,
    RelativeMoment,
    Send,
    Wait,
    WaitUntil,
    WeekdayMoment,
    Window,
)
from engine.language.checks.parts import Parts
from engine.language.checks.ways import before
from engine.language.diagnostics import Diagnostic, at
from engine.language.journey_file import JourneyFile

_DAY = 24 * 60
_WEEK = 7 * _DAY


def check(parts: Parts) -> Iterator[Diagnostic]:
    """Impossible windows, moments without `if_past`, words of time that do nothing."""
    for file in parts.journeys.values():
        yield from _moments(file)
        yield from _leap_day(file)
        if parts.config_is_whole:
            closed = _closed(file, parts)
            if closed is not None and all(closed):
                yield _never_opens(file)
            elif closed is not None:
                yield from _expiries(file, closed)


# ── words ─────────────────────────────────────────────────────────────────────────────────────


def _moments(file: JourneyFile) -> Iterator[Diagnostic]:
    """R2.2."""
    for step, node in file.journey.nodes.items():
        if not isinstance(node, WaitUntil):
            continue
        weekday = isinstance(node.moment, WeekdayMoment)
        place = file.place(f"steps.{step}.wait_until")
        if weekday and node.same_day_after is None:
            yield at(
                place,
                "J302",
                file.file,
                f"`{step}` does not say what happens on that weekday after that time",
                "add `same_day_after: next_week`, or `go_on`",
            )
        elif not weekday and node.if_past is None:
            yield at(
                place,
                "J301",
                file.file,
                f"`{step}` does not say what happens if the moment is past",
                "add `if_past: skip_next`, `go_on` or `leave`",
            )
        stray = "if_past" if weekday else "same_day_after"
        if getattr(node, stray) is not None:
            yield at(
                file.place(f"steps.{step}.{stray}"),
                "J110",
                file.file,
                f"`{stray}` does not go with {'a weekday' if weekday else 'a date'}",
                "a weekday takes `same_day_after`, a date `if_past`; delete it here",
            )


def _leap_day(file: JourneyFile) -> Iterator[Diagnostic]:
    trigger = file.journey.enter.trigger
    if (
        isinstance(trigger, OnDate)
        and not trigger.yearly
        and "enter.leap_day" in file.places
        and "enter.yearly" not in file.places
    ):
        yield at(
            file.place("enter.leap_day"),
            "J110",
            file.file,
            "`leap_day` does nothing without `yearly`: a date with its year comes once",
            "add `yearly: yes`, or delete it",
        )


# ── windows ───────────────────────────────────────────────────────────────────────────────────


def _closed(file: JourneyFile, parts: Parts) -> tuple[bool, ...] | None:
    """For each minute of a week, whether a mail of the journey has to wait; None if none ever does."""
    policy = parts.rulebook.policy
    category = policy.categories.get(file.journey.category)
    if category is None:
        return None
    quiet = None if category.ignores_quiet_hours else policy.quiet_hours
    return _closed_minutes(file.journey.send_window, quiet)


@cache
def _closed_minutes(opens: Window | None, quiet: Window | None) -> tuple[bool, ...] | None:
    if opens is None and quiet is None:
        return None
    opened = _minutes(opens) if opens else frozenset(range(_WEEK))
    silent = _minutes(quiet) if quiet else frozenset()
    return tuple(minute in silent or minute not in opened for minute in range(_WEEK))


def _minutes(window: Window) -> frozenset[int]:
    """The minutes of a week in which a window is open; Monday 00:00 is 0."""
    start, end = _minute(window.start), _minute(window.end)
    length = end - start if end > start else end - start + _DAY
    return frozenset(
        (day * _DAY + start + minute) % _WEEK for day in window.weekdays for minute in range(length)
    )


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _never_opens(file: JourneyFile) -> Diagnostic:
    return at(
        file.place("send_window"),
        "J303",
        file.file,
        "no mail of this journey could ever leave: its window lies inside the quiet hours",
        "move the window into the day, or change `quiet_hours` in the config",
    )


def _expiries(file: JourneyFile, closed: tuple[bool, ...]) -> Iterator[Diagnostic]:
    """A mail that falls due at a time of day at which the window is closed for longer than it lives."""
    journey = file.journey
    leads = before(journey)
    for step, node in journey.nodes.items():
        if not isinstance(node, Send) or node.expires_after is None:
            continue
        came = [journey.nodes[one] for one in leads[step]]
        if len(came) > 1 or (came and step == journey.first):
            continue
        due = _due(came[0]) if came else _entered(file)
        life = node.expires_after
        if due is None or life.months:
            continue
        day, minute = due
        days = range(7) if day is None else (day,)
        if all(_wait(closed, one * _DAY + minute) > life.look_back for one in days):
            yield at(
                file.place(f"steps.{step}.expires_after"),
                "J304",
                file.file,
                f"`{step}` expires before it may leave: at that time of day mail has to wait longer",
                "let it live longer, or let it fall due while the window is open",
                "warning",
            )


def _due(node: object) -> tuple[int | None, int] | None:
    """The weekday (None for any) and the minute of the day at which a wait ends, where it says so."""
    match node:
        case Wait(at=time() as wall):
            return None, _minute(wall)
        case WaitUntil(moment=WeekdayMoment(day, wall), same_day_after="next_week"):
            return day, _minute(wall)
        case WaitUntil(moment=RelativeMoment(at=time() as wall), if_past="skip_next" | "leave"):
            return None, _minute(wall)
    return None


def _entered(file: JourneyFile) -> tuple[int | None, int] | None:
    trigger = file.journey.enter.trigger
    return (None, _minute(trigger.at)) if isinstance(trigger, OnDate) else None


def _wait(closed: tuple[bool, ...], minute: int) -> timedelta:
    """How long it takes until the window is open."""
    waits = (waited for waited in range(_WEEK) if not closed[(minute + waited) % _WEEK])
    return timedelta(minutes=next(waits))
