"""How likely a share is above a bound, when so much was seen of it: the beta distribution."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

_EXACT = 1e-12
_MOST_TERMS = 300
_TINY = 1e-300


def likely_above(bound: float, a: float, b: float) -> float:
    """The probability that a Beta(a, b) variable is above `bound`: `1 - I_bound(a, b)`.

    `a` and `b` are greater than 0, and `bound` is from 0 to 1. The regularised incomplete beta function
    by its continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22), on the side of
    the mean where it converges fast, by the modified method of Lentz (Press et al., Numerical Recipes,
    section 6.4).
    """
    if bound <= 0:
        return 1.0
    if bound >= 1:
        return 0.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(bound) + b * log1p(-bound))
    if bound < (a + 1) / (a + b + 2):
        return 1 - front * _fraction(bound, a, b) / a
    return front * _fraction(1 - bound, b, a) / b


def share_above(likely: float, a: float, b: float) -> float:
    """The bound that a Beta(a, b) variable is above with this probability, from 0 to 1."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if likely_above(middle, a, b) > likely:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _fraction(x: float, a: float, b: float) -> float:
    c = 1.0
    d = 1 / _apart(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _apart(1 + even * d)
        c = _apart(1 + even / c)
        result *= c * d
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / _apart(1 + odd * d)
        c = _apart(1 + odd / c)
        step = c * d
        result *= step
        if abs(step - 1) < _EXACT:
            break
    return result


def _apart(value: float) -> float:
    """The value, kept away from zero."""
    return value if abs(value) > _TINY else _TINY
