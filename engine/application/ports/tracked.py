"""Where the tracked links of mails lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TrackedMail:
    """The links of one mail, by their number."""

    send_id: str
    person_id: str
    targets: tuple[str, ...]


class Tracked(Protocol):
    """Keeps the links of mails for as long as somebody may still follow one."""

    def keep(self, mails: Sequence[TrackedMail], now: datetime) -> None:
        """Keep these, before the mails leave. Of a mail that is known the newer list counts: it begins
        with the older one."""
        ...

    def find(self, start: str) -> TrackedMail | None:
        """The mail whose send id begins so."""
        ...
