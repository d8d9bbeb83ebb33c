"""Stable chance and the one reading of an experiment (R2.5, R8.1, R8.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.experiment import Arm, bucket, read, variant_of
from engine.domain.journey import Variant

PEOPLE = [f"p{n}" for n in range(4000)]


def split(*shares: int) -> list[Variant]:
    return [Variant(f"v{n}", share, None) for n, share in enumerate(shares)]


@given(who=st.text(max_size=20), question=st.text(max_size=20))
def test_a_choice_is_sticky_and_salted(who: str, question: str) -> None:
    assert bucket("s", question, who) == bucket("s", question, who)
    assert 0 <= bucket("s", question, who) < 10_000


def test_shares_are_kept() -> None:
    variants = split(1000, 4500, 4500)
    names = [variant_of("s", "j/offer", variants, who).name for who in PEOPLE]
    for variant in variants:
        share = names.count(variant.name) / len(PEOPLE)
        assert share == pytest.approx(variant.share / 10_000, abs=0.03)


def test_a_changed_share_moves_only_people_between_the_bounds() -> None:
    """R2.5."""
    before, after = split(5000, 5000), split(6000, 4000)
    for who in PEOPLE:
        place = bucket("s", "j/offer", who)
        old, new = (variant_of("s", "j/offer", v, who).name for v in (before, after))
        assert (old != new) is (5000 <= place < 6000)


def test_questions_and_salts_are_independent() -> None:
    def half(salt: str, question: str) -> set[str]:
        return {who for who in PEOPLE if bucket(salt, question, who) < 5000}

    one = half("s", "a")
    for other in (half("s", "b"), half("t", "a")):
        assert len(one & other) == pytest.approx(len(PEOPLE) / 4, rel=0.15)


def test_shares_that_do_not_add_up_leave_the_last_one() -> None:
    assert {variant_of("s", "q", split(1, 1), who).name for who in PEOPLE} >= {"v1"}


def test_under_the_planned_size_there_is_no_answer() -> None:
    """R8.2."""
    assert read([Arm("a", 5000, 399, 300), Arm("b", 5000, 400, 1)], 400).says == "not enough data"
    assert read([Arm("a", 10_000, 999, 300)], 400).says == "not enough data"


def test_a_clear_difference_has_a_winner_and_a_small_one_has_none() -> None:
    clear = read([Arm("a", 5000, 1000, 100), Arm("b", 5000, 1000, 160)], 400)
    assert (clear.says, clear.winner) == ("winner", "b")
    assert clear.p is not None
    assert clear.p < 0.001
    small = read([Arm("a", 5000, 1000, 100), Arm("b", 5000, 1000, 104)], 400)
    assert (small.says, small.winner) == ("no difference", None)
    assert read([Arm("a", 5000, 500, 0), Arm("b", 5000, 500, 0)], 400).p == 1.0


def test_lost_people_make_the_rates_worthless() -> None:
    """The sample ratio check."""
    assert read([Arm("a", 5000, 1000, 100), Arm("b", 5000, 1300, 260)], 400).says == (
        "sizes do not fit"
    )
    assert read([Arm("a", 10_000, 500, 9), Arm("b", 0, 500, 9)], 400).says == "sizes do not fit"
    assert Arm("a", 1, 0, 0).rate == 0.0
