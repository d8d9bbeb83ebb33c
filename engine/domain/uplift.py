"""What the mail of a journey adds: everybody who was mailed against everybody held out (R8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from engine.domain.experiment import Arm, two_proportions, worst_size

ENOUGH = 5
"""How many of the smaller group must be expected to reach the goal, and not to, before the normal
approximation means anything (Cochran's rule)."""
_Z = 1.959964
"""95 % of a normal distribution lie within so many deviations of its middle."""


@dataclass(frozen=True, slots=True)
class Uplift:
    """The goal's rate among the mailed minus that among the held, in -1..1, with its 95 % interval.

    `says` is "not enough data" where a group is too small to compare, and "sizes do not fit" where the
    groups' sizes do not fit the share of the hold-out (p < 0.001): then nothing is compared, for
    something removes people from one of them, or the share was changed. `more` is how many more of
    the mailed reached the goal than would have without mail.
    """

    mailed: Arm
    held: Arm
    says: Literal["not enough data", "sizes do not fit", "no difference", "a difference"]
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def more(self) -> float | None:
        """The difference in people."""
        return None if self.difference is None else self.difference * self.mailed.people


def uplift(mailed: Arm, held: Arm) -> Uplift:
    """Compare the two groups, two-sided, 5 %; the interval is Newcombe's hybrid score interval (R. G.
    Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10), right for small rates too."""
    people, reached = mailed.people + held.people, mailed.reached + held.reached
    smaller = min(mailed.people, held.people)
    if people == 0 or smaller * min(reached, people - reached) < ENOUGH * people:
        return Uplift(mailed, held, "not enough data")
    if worst_size((mailed, held)) < 0.001:
        return Uplift(mailed, held, "sizes do not fit")
    p = two_proportions(mailed, held)
    difference = mailed.rate - held.rate
    (low_m, high_m), (low_h, high_h) = _wilson(mailed), _wilson(held)
    return Uplift(
        mailed,
        held,
        "a difference" if p < 0.05 else "no difference",
        difference,
        max(-1.0, difference - sqrt((mailed.rate - low_m) ** 2 + (high_h - held.rate) ** 2)),
        min(1.0, difference + sqrt((high_m - mailed.rate) ** 2 + (held.rate - low_h) ** 2)),
        p,
    )


def _wilson(arm: Arm) -> tuple[float, float]:
    """Wilson's score interval of a rate."""
    n, rate, z = arm.people, arm.rate, _Z
    middle = rate + z * z / (2 * n)
    spread = z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)
