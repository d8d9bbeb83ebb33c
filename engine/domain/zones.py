"""The time zone of a person (R4.1)."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from engine.domain.countries import ONLY_ZONE
from engine.domain.facts import Rulebook
from engine.domain.person import Person

Source = Literal["person", "country", "company"]


def zone_of(person: Person, rules: Rulebook) -> tuple[str, Source]:
    """The IANA name of a person's zone and where it comes from (R4.1).

    The attribute `time_zone` if it names a zone, else the only zone of the attribute `country`
    (ISO 3166, two letters), else the company's. What names no zone counts as missing.
    """
    attributes = person.attributes
    own = attributes.get("time_zone")
    if isinstance(own, str) and named_zone(own) is not None:
        return own, "person"
    country = attributes.get("country")
    if isinstance(country, str):
        only = zone_of_country(country)
        if only is not None:
            return only, "country"
    return rules.company_zone, "company"


@lru_cache(maxsize=4096)
def named_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, or None if there is no such zone. Never raises."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # no such file, a folder, a name that is no path
        return None


def zone_of_country(country: str) -> str | None:
    """The only zone of a country (`DE` or `de`), None where there are several or no such country."""
    return ONLY_ZONE.get(country.upper()) if country.isascii() else None
