"""The door to the outside: something that carries one mail to one recipient."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from engine.domain.message import Message, Receipt


class Mailer(Protocol):
    """A way to deliver. All of them pass `tests/contract/test_mailers.py`."""

    def send(self, message: Message, now: datetime) -> Receipt:
        """Hand one mail off and say what became of it (R10.1). A recipient, a provider or a network
        that fails is an outcome, never an exception. `now` dates what the receipt says of later."""

    def recall(self, send_id: str) -> Receipt | None:
        """What this way itself knows of an earlier hand-off that nobody recorded: `accepted`, or
        `later` where it certainly did not leave. None where it cannot tell."""

    def close(self) -> None:
        """Let go of connections. Closing twice is closing once; sending afterwards opens anew."""
