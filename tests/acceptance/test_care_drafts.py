"""The care checks on drafts that other people wrote and labelled (`tests/data/care_drafts`)."""

from __future__ import annotations

import pytest

from engine.language.diagnostics import Diagnostic
from tests.care_drafts import (
    RULES,
    Draft,
    counted,
    diagnostics,
    drafts,
    given,
    table,
    total,
    wilson,
)

PRECISION = 0.90
_RULE_CODES = {code for codes in RULES.values() for code in codes}


@pytest.fixture(scope="module")
def everything() -> list[Draft]:
    return drafts()


@pytest.fixture(scope="module")
def found(everything: list[Draft]) -> list[Diagnostic]:
    return diagnostics(everything)


def test_every_draft_is_a_mail_that_can_be_written(found: list[Diagnostic]) -> None:
    known = _RULE_CODES | {"T411"}  # facts that differ between tones are no rule of the drafts
    broken = [one for one in found if one.severity == "error" and one.code not in known]
    assert [f"{one.file}:{one.line} {one.code} {one.message}" for one in broken] == []


@pytest.mark.parametrize("unseen", [True, False])
def test_nine_of_ten_warnings_are_deserved(
    everything: list[Draft], found: list[Diagnostic], unseen: bool
) -> None:
    among = [draft for draft in everything if draft.unseen is unseen]
    counts = counted(among, given(everything, found))
    whole = total(counts)
    assert whole.given >= 50
    assert len(whole.right) / whole.given >= PRECISION, "\n" + table(counts)


def test_the_interval_of_a_rate_is_wilsons() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert wilson(0, 0) == (0.0, 1.0)
