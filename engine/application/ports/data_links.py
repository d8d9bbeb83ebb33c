"""Links to somebody's own data: asked for on their page, mailed to them, good for a few days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

GOOD_FOR = timedelta(days=7)
"""How long such a link works: it shows everything, so it does not lie in a mailbox for ever."""


@dataclass(frozen=True, slots=True)
class DataLink:
    """A link that was asked for. `send_id` is the mail on whose page that was."""

    person_id: str
    send_id: str
    asked_at: datetime

    def is_good(self, now: datetime) -> bool:
        """Whether it still works."""
        return now - self.asked_at < GOOD_FOR


class DataLinks(Protocol):
    """Asks for such links, and finds them again."""

    def ask(self, send_id: str, now: datetime) -> None:
        """Put the mail with a link on its way, unless too many went to that mailbox lately."""
        ...

    def find(self, token_id: str) -> DataLink | None:
        """The link whose id begins with these 20 hexadecimal digits, or None."""
        ...
