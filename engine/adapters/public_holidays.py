"""Public holidays by country and region, for `holidays: DE-BE` of the config."""

from __future__ import annotations

from datetime import date

from engine.domain.errors import MistakeError

_YEARS_BACK, _YEARS_AHEAD = 2, 5


def public_holidays(place: str, year: int) -> frozenset[date]:
    """The public holidays of a country (`DE`) or region (`DE-BE`) around a year.

    Raises:
        MistakeError: C140, if no calendar is known for the place.
    """
    import holidays  # a large package, needed by few projects

    country, _, region = place.partition("-")
    years = range(year - _YEARS_BACK, year + _YEARS_AHEAD + 1)
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=years))
    except NotImplementedError:
        raise MistakeError(
            f"no public holidays are known for `{place}`",
            help="write a country or a region of it by its ISO 3166 code, for example `DE-BE`",
            code="C140",
        ) from None
