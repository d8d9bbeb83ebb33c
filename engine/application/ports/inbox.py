"""Where what other programs send in waits until it is processed, as it came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

KINDS = ("segment", "sendgrid.events", "sendgrid.inbound", "mail")
"""What may come: a batch of the tracking API, of SendGrid's event webhook, of its Inbound Parse, a mail."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One raw thing that came. `sender` is the write key or the mailbox that it came through; `attempts`
    counts how often it was taken in hand, this time included."""

    id: int
    kind: str
    sender: str
    content_type: str
    body: bytes
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Sent:
    """One raw thing to put in."""

    kind: str
    body: bytes
    received_at: datetime
    sender: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a delivery could not be understood, and why, in a sentence for people. One that is `newest`
    takes the place of what came by the same sender and was kept for the same reason: it may come with
    every call of somebody. `content_type` is of the body, where that is no longer what came."""

    problem: str
    body: bytes
    newest: bool = False
    content_type: str = ""


class Inbox(Protocol):
    """Holds deliveries: first in, first out. Whatever returns is committed."""

    def put(
        self,
        kind: str,
        body: bytes,
        received_at: datetime,
        *,
        sender: str = "",
        content_type: str = "",
    ) -> int:
        """Store one thing durably, also against a power cut, and answer its id."""
        ...

    def put_all(self, sent: Sequence[Sent]) -> None:
        """Store many in one transaction, durably."""
        ...

    def take(self, kinds: Collection[str], now: datetime, limit: int) -> list[Delivery]:
        """Take the oldest in hand, at most `limit`, for some minutes: any number of processes may. What
        nobody finishes until then is taken once more, and then for itself: processing must bear a
        repetition."""
        ...

    def anything(self, now: datetime) -> bool:
        """Whether anything waits that nobody has in hand."""
        ...

    def done(self, ids: Collection[int]) -> None:
        """These are processed: they go, with all that they held."""
        ...

    def keep(self, id: int, problem: str, body: bytes | None = None) -> None:
        """Let one stay, with the reason, where it can be mended and tried again; of its body only what
        is given, where something is."""
        ...

    def keep_parts(self, id: int, parts: Sequence[Part]) -> None:
        """Let parts of one stay, each for itself, and let the rest go: all at once or not at all."""
        ...
