"""What the mail adds, against the hold-out (R8.1, scenario 40)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.experiment import Arm
from engine.domain.uplift import uplift


def arms(mailed: tuple[int, int], held: tuple[int, int], share: int) -> tuple[Arm, Arm]:
    return Arm("mailed", 10_000 - share, *mailed), Arm("held out", share, *held)


def test_the_interval_is_the_one_that_newcombe_published() -> None:
    """Statistics in Medicine 17 (1998) 873-890, table II, contrast (a), method 10."""
    found = uplift(*arms((70, 56), (80, 48), 5000))
    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5),
                                       pytest.approx(0.3339, abs=5e-5))  # fmt: skip
    assert found.says == "a difference"
    assert found.more == pytest.approx(14)


@pytest.mark.parametrize(
    "mailed, held",
    [((900, 90), (100, 0)), ((0, 0), (0, 0)), ((9000, 40), (1000, 4)), ((4, 2), (5, 2))],
)
def test_too_little_is_called_too_little(mailed: tuple[int, int], held: tuple[int, int]) -> None:
    """R8.2: honest "not enough data". 90 of 1,000 would mean 9 of the held: that is enough."""
    enough = mailed == (900, 90)
    assert (uplift(*arms(mailed, held, 1000)).says == "not enough data") is not enough


def test_groups_that_do_not_fit_their_share_are_not_compared() -> None:
    found = uplift(*arms((900, 300), (300, 50), 1000))
    assert (found.says, found.difference) == ("sizes do not fit", None)


@given(
    st.integers(50, 2000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    st.integers(50, 2000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
)
def test_the_difference_lies_in_its_interval(
    mailed: tuple[int, int], held: tuple[int, int]
) -> None:
    share = round(10_000 * held[0] / (mailed[0] + held[0]))
    found = uplift(*arms(mailed, held, share))
    if found.difference is not None:
        assert found.low is not None and found.high is not None
        assert -1 <= found.low <= found.difference <= found.high <= 1
