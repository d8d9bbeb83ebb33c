"""The way out, open or closed: after trouble with the provider mail waits, longer each time (R10.5)."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.application.ports.outbox import Finished
from engine.domain.message import Receipt

log = logging.getLogger("sincerely.send")

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
"""Also how long a way rests that somebody has to mend, a refused key say."""
_GROUP_TAKES = timedelta(milliseconds=100)
_LARGEST_GROUP = 50


@dataclass(slots=True)
class Lane:
    """Whether mail may leave. It is open until a hand-off meets trouble, and then tries one message
    after 5, 10, 20 … seconds and at most 5 minutes, until one gets through.

    `pace` is how many messages leave in about a tenth of a second: so many are marked as being sent at
    a time, and are uncertain after a crash. `told` is what came back and is not recorded yet, and
    `in_hand` says that messages are claimed: if the database goes away in the middle, neither is
    forgotten.
    """

    opens_at: datetime | None = None
    failures: int = 0
    pace: int = 5
    told: list[Finished] = field(default_factory=list)
    in_hand: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether a message may be tried at `now`."""
        return self.opens_at is None or now >= self.opens_at

    def hears(self, receipt: Receipt, now: datetime) -> None:
        """Draw the conclusion from what became of a hand-off.

        A message that was taken, refused or slowed down says that somebody is there. An answer that
        never came is trouble too: each one costs a message whose outcome nobody knows.
        """
        if receipt.outcome in ("accepted", "refused") or receipt.paced:
            if self.failures:
                log.info("delivery goes on", extra={"action": "send", "failures": self.failures})
            self.opens_at, self.failures = None, 0
            return
        wait = min(FIRST_WAIT * 2 ** min(self.failures, 10), LONGEST_WAIT)
        self.opens_at = now + (LONGEST_WAIT if receipt.stops_lane else wait)
        if not self.failures:
            log.error("delivery stopped", extra={"action": "send", "because": receipt.detail})
        self.failures += 1

    def group(self) -> int:
        """How many messages to mark as being sent at a time; one while there is trouble."""
        return 1 if self.failures else self.pace

    def took(self, length: timedelta) -> None:
        """A group left in that time: the next is smaller if it was long, larger if it was short."""
        if length > _GROUP_TAKES:
            self.pace = max(1, self.pace // 2)
        elif length < _GROUP_TAKES / 2:
            self.pace = min(_LARGEST_GROUP, self.pace * 2)
