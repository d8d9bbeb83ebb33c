"""Where arrivals go: the one way in for imports, the HTTP API and webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.arrival import Arrival, Claim


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of arrivals. Whatever is not counted here changed nothing: it was known already
    (R1.4) or may not be kept (R5.10).

    `people` were new, `changed` were there and are different now; `duplicates` are events that were
    there already, and `left_out` are arrivals for people who asked to be forgotten (R5.9).

    Of the new texts of people, `felt` show how their writer feels, in `unknown` nothing could be read
    (another language, no words), and `sensitive` ones are for a person to read; `not_agreed` were not
    read, because their writers did not agree to it (R5.10).

    `claims` are the addresses that were not taken, since their person has another already.
    """

    people: int = 0
    changed: int = 0
    events: int = 0
    duplicates: int = 0
    consents: int = 0
    readings: int = 0
    left_out: int = 0
    felt: int = 0
    unknown: int = 0
    sensitive: int = 0
    not_agreed: int = 0
    claims: tuple[Claim, ...] = ()

    def __add__(self, other: Taken) -> Taken:
        return Taken(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def counts(self) -> dict[str, int]:
        """The numbers by their names, without the claims, which no file makes."""
        return {name: count for name, count in asdict(self).items() if name != "claims"}


class Intake(Protocol):
    """Takes arrivals in, all of a batch in one transaction."""

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        """Store a batch in its order, received at `now` (UTC). The same batch again changes nothing."""
        ...
