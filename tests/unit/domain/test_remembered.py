"""How far back a project's caps look, so that no more is ever read than can matter."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.condition import ALWAYS
from engine.domain.counting import remembered
from engine.domain.facts import Rulebook
from engine.domain.journey import Category, Class, Policy
from engine.domain.segment import Persona

DAY = timedelta(days=1)


def test_without_caps_a_month_is_remembered() -> None:
    assert remembered(_rules()) >= 31 * DAY


def test_a_calendar_month_and_its_zones_are_covered() -> None:
    assert remembered(_rules(CalendarCap(1, "month"))) >= 32 * DAY


def test_a_cap_longer_than_a_month_is_remembered_to_its_end_wherever_it_stands() -> None:
    """R3.2: `1 per 90 days` counts a send of 89 days ago."""
    quarter, year = RollingCap(1, 90 * DAY), GapCap(365 * DAY)
    assert remembered(_rules(quarter)) == 90 * DAY
    assert remembered(_rules(of_category=quarter)) == 90 * DAY
    assert remembered(_rules(quarter, of_persona=year)) == 365 * DAY


def _rules(*caps: Cap, of_category: Cap | None = None, of_persona: Cap | None = None) -> Rulebook:
    news = Category("news", Class.MARKETING, caps=(of_category,) if of_category else ())
    persona = Persona("p", 1, ALWAYS, caps=(of_persona,) if of_persona else ())
    return Rulebook(
        journeys={},
        segments={},
        personas=(persona,),
        policy=Policy(categories={"news": news}, marketing_caps=caps),
        mails={},
    )
