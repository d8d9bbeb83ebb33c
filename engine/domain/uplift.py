"""What the mail of a journey adds: everybody who was mailed against everybody held out (R8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.domain.experiment import Arm, worst_size
from engine.domain.rate import between, chance_of, comparable


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
    """Compare the two groups, two-sided, 5 %, with the interval of `rate.between`."""
    if not comparable(mailed.of, held.of):
        return Uplift(mailed, held, "not enough data")
    if worst_size((mailed, held)) < 0.001:
        return Uplift(mailed, held, "sizes do not fit")
    p = chance_of(mailed.of, held.of)
    low, high = between(mailed.of, held.of)
    return Uplift(
        mailed,
        held,
        "a difference" if p < 0.05 else "no difference",
        mailed.rate - held.rate,
        low,
        high,
        p,
    )
