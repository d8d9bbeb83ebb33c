"""Frequency caps: how many mails a person may get (R3.1-3.5). `counting` says what they allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class RollingCap:
    """`3 per 7 days`: in the window `(now - window, now]` (R3.2). A day is 24 hours here."""

    times: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class CalendarCap:
    """`1 per calendar day`, week (from Monday) or month of the person's present zone (R3.2)."""

    times: int
    unit: Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class GapCap:
    """`at least 16 hours apart`: the next one at or after the last plus `gap` (R3.2)."""

    gap: timedelta


Cap = RollingCap | CalendarCap | GapCap
