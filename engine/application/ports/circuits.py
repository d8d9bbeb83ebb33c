"""What came back of the mail, and the switches of the circuit breakers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from engine.domain.breaker import Returned


class Circuits(Protocol):
    """Counts what providers said, stops journeys and streams."""

    def by_journey(self, since: datetime, now: datetime) -> Mapping[str, Returned]:
        """Of the journeys of which anything came back in `(since, now]`, or since they were resumed
        last if that was later: what left and what came back."""
        ...

    def by_stream(self, since: datetime, now: datetime) -> Mapping[str, Returned]:
        """The same by mailbox provider, for blocks."""
        ...

    def pause(self, journey: str, because: str, now: datetime) -> bool:
        """Pause a journey; answer whether it ran until now."""
        ...

    def stop(self, stream: str, now: datetime, until: datetime, because: str) -> bool:
        """Let nothing through a stream for a while, if it is open; answer whether it was."""
        ...
