"""Rates of people: how sure one is, and what lies between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

ENOUGH = 5
"""How many of the smaller group must be expected to be counted, and not to be, before the normal
approximation means anything (Cochran's rule)."""
_Z = 1.959964
"""95 % of a normal distribution lie within so many deviations of its middle."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many people, and how many of them something was true of."""

    people: int
    reached: int

    @property
    def share(self) -> float:
        """The rate in 0..1; 0 where there is nobody."""
        return self.reached / self.people if self.people else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval, 95 %; everything from 0 to 1 where there is nobody."""
        if not self.people:
            return 0.0, 1.0
        n, rate, z = self.people, self.share, _Z
        middle = rate + z * z / (2 * n)
        spread = z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
        low, high = (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)
        return max(0.0, low), min(1.0, high)


def comparable(one: Rate, other: Rate) -> bool:
    """Whether the two groups are large enough to be compared at all (`ENOUGH`)."""
    people, reached = one.people + other.people, one.reached + other.reached
    smaller = min(one.people, other.people)
    return people > 0 and smaller * min(reached, people - reached) >= ENOUGH * people


def between(one: Rate, other: Rate) -> tuple[float, float]:
    """The 95 % interval of one rate less the other: Newcombe's hybrid score interval (R. G. Newcombe,
    Statistics in Medicine 17 (1998) 873-890, method 10), right for small rates too."""
    difference = one.share - other.share
    (low, high), (other_low, other_high) = one.interval, other.interval
    return (
        max(-1.0, difference - sqrt((one.share - low) ** 2 + (other_high - other.share) ** 2)),
        min(1.0, difference + sqrt((high - one.share) ** 2 + (other.share - other_low) ** 2)),
    )


def chance_of(one: Rate, other: Rate) -> float:
    """The p of two rates being one, by the pooled two-sided z test; 1 where nothing varies."""
    pooled = (one.reached + other.reached) / (one.people + other.people)
    spread = sqrt(pooled * (1 - pooled) * (1 / one.people + 1 / other.people))
    return two_sided((one.share - other.share) / spread) if spread else 1.0


def two_sided(z: float) -> float:
    """The p of a standard normal deviation, either way."""
    return erfc(abs(z) / sqrt(2))
