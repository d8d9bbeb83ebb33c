"""The jurisdictions that come with the engine, and those that a project writes itself (R5.2)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.adapters.files import shipped_jurisdictions
from engine.bootstrap import Workshop, compile_project
from engine.domain.countries import ONLY_ZONE, SEVERAL_ZONES
from engine.language.codes import project_of
from engine.settings import Settings

SHIPPED = shipped_jurisdictions()
LAW = compile_project({**project_of({}), **SHIPPED}).rulebook.law
AUSTRALIA = """\
jurisdiction: australia
title: Australia
source: Spam Act 2003 (Cth), section 16
countries: AU
enough: { double opt-in: no end, purchase: 1 year 6 months }
"""


def test_they_are_sound_and_each_country_stands_on_one() -> None:
    project = compile_project({**project_of({}), **SHIPPED})
    assert [found for found in project.diagnostics if found.file in SHIPPED] == []
    countries = [country for one in LAW.jurisdictions for country in one.countries]
    assert len(countries) == len(set(countries))
    assert set(countries) <= ONLY_ZONE.keys() | SEVERAL_ZONES


def test_each_names_the_law_that_says_so() -> None:
    assert all(one.source and one.title for one in LAW.jurisdictions)


@pytest.mark.parametrize("country", ["DE", "AT", "CH", "LU", None, "JP", "Germany"])
def test_where_only_a_confirmed_yes_in_words_is_enough(country: str | None) -> None:
    """Scenario 34, R5.2: and where nothing is known of the country."""
    assert "express" not in LAW.of(country).terms.enough
    assert LAW.of(country).terms.enough["double opt-in"] is None


@pytest.mark.parametrize("country", ["FR", "NL", "GB", "US", "CA", "NO"])
def test_where_a_yes_in_words_is_enough(country: str) -> None:
    assert LAW.of(country).terms.enough["express"] is None


def test_canada_implies_for_two_years_and_for_six_months() -> None:
    """CASL s. 10(10)."""
    enough = LAW.of("CA").terms.enough
    assert enough["purchase"] == enough["contract"] == timedelta(days=730)
    assert enough["inquiry"] == timedelta(days=180)
    assert LAW.of("CA").purchase == "purchase"


def test_where_nothing_is_known_an_order_implies_nothing() -> None:
    """R5.2: what one country allows, another on file may not."""
    assert LAW.strictest.purchase is None
    assert set(LAW.strictest.terms.enough) == {"double opt-in"}


def test_a_project_adds_one_and_replaces_one(tmp_path: Path) -> None:
    """A file of the same name replaces the engine's, and all are part of what is applied."""
    (tmp_path / "jurisdictions").mkdir()
    (tmp_path / "jurisdictions" / "australia.yaml").write_text(AUSTRALIA)
    canada = SHIPPED["jurisdictions/canada.yaml"].replace("purchase: 2 years", "purchase: 3 weeks")
    (tmp_path / "jurisdictions" / "canada.yaml").write_text(canada)
    project = Workshop(Settings(project=tmp_path)).project
    law = project.rulebook.law
    assert law.of("AU").terms.enough["purchase"] == timedelta(days=365 + 180)
    assert law.of("CA").terms.enough["purchase"] == timedelta(weeks=3)
    assert SHIPPED.keys() - project.sources.keys() == set()


def test_a_version_without_any_has_those_of_the_engine() -> None:
    """One that was applied before there were jurisdictions."""
    files = {path: text for path, text in project_of({}).items() if "jurisdictions/" not in path}
    assert compile_project(files).rulebook.law == LAW
    held = compile_project({**files, "jurisdictions/australia.yaml": AUSTRALIA}).rulebook.law
    assert [one.name for one in held.jurisdictions] == ["australia"]
