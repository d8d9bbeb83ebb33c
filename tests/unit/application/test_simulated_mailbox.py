"""A simulation that begins in the middle knows what was said before, by whichever profile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.adapters.files import read_sources
from engine.application.simulate import Simulation
from engine.bootstrap import compile_project
from engine.domain.arrival import (
    Arrival,
    ConsentArrived,
    EventArrived,
    PersonArrived,
    PreferenceArrived,
)
from engine.domain.changes import Queued
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.domain.preference import Preference
from tests.unit.domain.walking.conftest import NOON

DAY = timedelta(days=1)
BEFORE = NOON - 10 * DAY


@pytest.mark.parametrize(
    "said",
    [
        None,
        ConsentArrived("ann", ConsentEntry("*", "unsubscribed", BEFORE, own_act=True)),
        PreferenceArrived("ann", Preference("pause", BEFORE, until=NOON + 60 * DAY)),
    ],
    ids=["nothing", "left", "a break"],
)
def test_what_one_profile_said_before_holds_for_the_other(said: Arrival | None) -> None:
    """R3.5, R5.5, R7.1."""
    rules = compile_project(read_sources(Path(__file__).parents[3])).rulebook
    address = "both@example.com"
    values = {"country": "US", "first_name": "Ben", "time_zone": "America/New_York"}
    agreed = ConsentEntry("onboarding", "express", NOON - 20 * DAY, confirmed=True)
    arrivals: list[Arrival] = [
        PersonArrived("ann", address, address, values, NOON - 20 * DAY),
        PersonArrived("ben", address, address, values, NOON - 20 * DAY),
        ConsentArrived("ben", agreed),
        *([said] if said else []),
        EventArrived("ben", Event("o", "order.placed", NOON, {"total": 20, "order_id": "1"})),
    ]
    happened = Simulation(rules, arrivals, NOON - DAY, NOON + 3 * DAY).run()
    mails = [c for one in happened for c in one.changes if isinstance(c, Queued)]
    assert bool(mails) == (said is None)
