"""What the law asks, country by country (R5.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.jurisdiction import Jurisdiction, Law, law_of

DAY = timedelta(days=1)
STERN = Jurisdiction(
    "stern", countries=frozenset({"DE"}), enough={"double opt-in": None, "soft opt-in": 90 * DAY}
)
MILD = Jurisdiction(
    "mild",
    countries=frozenset({"FR", "BE"}),
    enough={"double opt-in": 900 * DAY, "express": None, "soft opt-in": None},
    confirm_within=10 * DAY,
    purchase="soft opt-in",
)


@pytest.mark.parametrize("country", [None, "", "XX", "Germany", "uſ", 276, ("DE",)])
def test_no_country_that_is_on_file_means_the_strictest_on_file(country: object) -> None:
    """R5.2: worked out from the files, ground by ground."""
    there = law_of([STERN, MILD]).of(country)
    assert there.terms.enough == {"double opt-in": 900 * DAY, "soft opt-in": 90 * DAY}
    assert there.confirm_within == 10 * DAY
    assert there.purchase is None


def test_a_country_is_named_in_any_case() -> None:
    law = law_of([STERN, MILD])
    assert law.of("de") == law.of("DE") == STERN
    assert law.of("Be") == MILD


def test_without_files_only_a_double_opt_in_is_enough() -> None:
    """R5.2"""
    assert (
        set(Law().of("US").terms.enough)
        == set(law_of([]).of(None).terms.enough)
        == {"double opt-in"}
    )


def test_where_it_may_be_either_country_both_laws_hold() -> None:
    law = law_of([STERN, MILD])
    assert law.of_both("DE", "BE").enough == law.of_both("be", "de").enough == law.strictest.enough
    assert law.of_both("BE", "be") == MILD
    assert law.of_both("BE", "").enough == law.strictest.enough


def test_a_country_of_two_files_follows_the_stricter_rule_of_each() -> None:
    both = law_of([STERN, Jurisdiction("more", countries=frozenset({"DE"}), enough=MILD.enough)])
    assert both.of("DE").terms.enough == {"double opt-in": 900 * DAY, "soft opt-in": 90 * DAY}


def test_a_category_with_double_opt_in_takes_nothing_else() -> None:
    """R5.2"""
    assert MILD.double.enough == {"double opt-in": 900 * DAY}


def test_the_law_knows_what_ends_somewhere() -> None:
    assert law_of([STERN, MILD]).ending == {"double opt-in", "soft opt-in"}
