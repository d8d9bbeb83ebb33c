"""Lengths of time as people say them: "3 days", "1 day 12 hours" (R2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar part (months, days; same wall time) and an elapsed part (R2.1).

    `years` are 12 months and `weeks` 7 days. Adding one to an instant is `calendar.add`.
    """

    months: int = 0
    days: int = 0
    elapsed: timedelta = timedelta(0)

    @property
    def look_back(self) -> timedelta:
        """The same length looking back, where a day is 24 hours (R2.1). Months have none.

        Raises:
            ValueError: if the duration has months; the language refuses those where it looks back.
        """
        if self.months:
            raise ValueError("months and years have no fixed length to look back")
        return timedelta(days=self.days) + self.elapsed
