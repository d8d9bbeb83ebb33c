"""Circuit breakers: journeys and streams stop by themselves when too much comes back.

A journey stays paused until somebody has looked and says `resume`; a mailbox provider's stream opens
again after two hours.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.application.ports.circuits import Circuits
from engine.domain.breaker import (
    BLOCKED_FOR,
    BLOCKED_WINDOW,
    WINDOW,
    Breakers,
    is_blocked,
    trips,
)

log = logging.getLogger("sincerely.send")


@dataclass(frozen=True, slots=True)
class Tripped:
    """What stopped (`journey` or `stream`), and because of what. `until` is None where it waits for
    somebody."""

    kind: str
    name: str
    because: str
    until: datetime | None = None

    @property
    def text(self) -> str:
        """What the operator is told: the trouble, then what to do."""
        if self.kind == "journey":
            return (
                f"The journey `{self.name}` is paused: {self.because}.\n"
                "Look at whom it writes to and what it says; then"
                f" `sincerely resume --journey {self.name}`."
            )
        return (
            f"Mail {self.name.replace(':', ' ')} waits until {self.until:%Y-%m-%d %H:%M}Z:"
            f" {self.because}.\nIt goes on by itself; look at what the bounces say."
        )


def break_circuits(circuits: Circuits, breakers: Breakers, now: datetime) -> list[Tripped]:
    """Stop what has to stop at `now`; answer what ran until then."""
    tripped = [*_journeys(circuits, breakers, now), *_streams(circuits, now)]
    for one in tripped:
        log.error(
            "breaker opened", extra={"action": one.kind, "of": one.name, "because": one.because}
        )
    return tripped


def _journeys(circuits: Circuits, breakers: Breakers, now: datetime) -> Iterator[Tripped]:
    for journey, returned in circuits.by_journey(now - WINDOW, now).items():
        because = trips(returned, breakers)
        if because is not None and circuits.pause(journey, because, now):
            yield Tripped("journey", journey, because)


def _streams(circuits: Circuits, now: datetime) -> Iterator[Tripped]:
    for stream, returned in circuits.by_stream(now - BLOCKED_WINDOW, now).items():
        if is_blocked(returned):
            because = f"{returned.blocked:,} of {returned.sent:,} mails in an hour were turned away"
            if circuits.stop(stream, now, now + BLOCKED_FOR, because):
                yield Tripped("stream", stream, because, now + BLOCKED_FOR)
