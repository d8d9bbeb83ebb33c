"""The beta distribution against values that are known exactly."""

from __future__ import annotations

from math import comb

import pytest

from engine.domain.beta import likely_above, share_above


@pytest.mark.parametrize("bound", [0.01, 0.2, 0.5, 0.77, 0.99])
@pytest.mark.parametrize(("a", "b"), [(1, 1), (1, 5), (3, 2), (7, 20), (40, 3)])
def test_of_whole_numbers_it_is_a_sum_of_the_binomial(bound: float, a: int, b: int) -> None:
    """NIST DLMF 8.17.5: I_x(a, b) is the chance of at least `a` of `a + b - 1`."""
    n = a + b - 1
    below = sum(comb(n, k) * bound**k * (1 - bound) ** (n - k) for k in range(a, n + 1))
    assert likely_above(bound, a, b) == pytest.approx(1 - below, abs=1e-11)


@pytest.mark.parametrize("bound", [0.0, 0.1, 0.25, 0.6, 1.0])
def test_of_any_number_above_one_it_is_a_power(bound: float) -> None:
    """Beta(a, 1) has the distribution function x ** a."""
    assert likely_above(bound, 0.37, 1.0) == pytest.approx(1 - bound**0.37, abs=1e-11)


def test_above_and_below_are_one() -> None:
    """NIST DLMF 8.17.4."""
    for a, b, x in ((0.2, 0.7, 0.3), (2.5, 9.1, 0.11), (300.5, 4.25, 0.98), (0.05, 12.0, 0.001)):
        assert likely_above(x, a, b) + likely_above(1 - x, b, a) == pytest.approx(1, abs=1e-10)


def test_a_bound_is_above_as_often_as_asked() -> None:
    for likely in (0.05, 0.5, 0.95):
        for a, b in ((1.0, 1.0), (2.5, 9.1), (30.0, 4.0)):
            assert likely_above(share_above(likely, a, b), a, b) == pytest.approx(likely, abs=1e-9)
