"""The zone of a person (R4.1)."""

from __future__ import annotations

import pytest

from engine.domain.countries import ONLY_ZONE, SEVERAL_ZONES
from engine.domain.facts import Rulebook
from engine.domain.journey import Policy
from engine.domain.person import Person
from engine.domain.zones import named_zone, zone_of, zone_of_country

RULES = Rulebook({}, {}, (), Policy({}), {}, company_zone="Europe/Vienna")


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"time_zone": "America/New_York", "country": "DE"}, ("America/New_York", "person")),
        ({"country": "DE"}, ("Europe/Berlin", "country")),
        ({"country": "de"}, ("Europe/Berlin", "country")),
        ({"country": "US"}, ("Europe/Vienna", "company")),
        ({"country": "Germany"}, ("Europe/Vienna", "company")),
        ({"country": 49, "time_zone": 1}, ("Europe/Vienna", "company")),
        ({}, ("Europe/Vienna", "company")),
    ],
)
def test_the_person_then_the_only_zone_of_the_country_then_the_company(
    attributes: dict[str, str | int], found: tuple[str, str]
) -> None:
    assert zone_of(Person("1", attributes=attributes), RULES) == found


NO_ZONES = (
    "GMT-8 Pacific", "", "Europe", "../etc/passwd", "/etc/localtime", "a\0b", "\ud800", "zone.tab",
    "x" * 9999,
)  # fmt: skip


@pytest.mark.parametrize("name", NO_ZONES)
def test_what_names_no_zone_counts_as_missing(name: str) -> None:
    """Scenario 14."""
    assert named_zone(name) is None
    person = Person("1", attributes={"time_zone": name, "country": "CH"})
    assert zone_of(person, RULES) == ("Europe/Zurich", "country")


def test_every_zone_in_the_table_exists() -> None:
    assert all(named_zone(zone) for zone in ONLY_ZONE.values())
    assert not ONLY_ZONE.keys() & SEVERAL_ZONES
    assert zone_of_country("ÄÖ") is None
