"""Where arrivals go: the one way in for imports, the HTTP API and webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.arrival import Arrival


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of arrivals: new ones, those that changed what was there, and those that changed
    nothing because they were known already (R1.4) or may not be kept (R5.10)."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )


class Intake(Protocol):
    """Takes arrivals in, all of a batch in one transaction."""

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        """Store a batch in its order, received at `now` (UTC). The same batch again changes nothing."""
        ...
