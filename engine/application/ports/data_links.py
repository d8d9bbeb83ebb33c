"""Links to somebody's own data: asked for on their page, mailed to them, good for a few days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from engine.domain.facts import Facts
from engine.domain.own_data import opens

GOOD_FOR = timedelta(days=7)
"""How long such a link works: it shows everything, so it does not lie in a mailbox for ever."""
MOST_A_DAY = 3
APART = timedelta(minutes=10)
"""So many go to one mailbox within 24 hours, with so long between them: whoever was passed a mail of ours
can ask, and each is a mail to somebody."""


@dataclass(frozen=True, slots=True)
class DataLink:
    """A link that was asked for. `send_id` is the mail on whose page that was, and `address_since` when
    the person got the address that they have, None where they have had no other."""

    person_id: str
    send_id: str
    asked_at: datetime
    address_since: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it still works: not for long, and only for the mailbox that asked."""
        return now - self.asked_at < GOOD_FOR and opens(self.address_since, self.asked_at)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked for such a link, as they are now."""

    facts: Facts
    address_since: datetime | None = None


class DataLinks(Protocol):
    """Asks for such links, and finds them again."""

    def ask(self, send_id: str, now: datetime) -> None:
        """Put the mail with a link on its way, unless too many went to that mailbox lately. Where it may
        not open what is known, the care team is asked, too."""
        ...

    def find(self, token_id: str) -> DataLink | None:
        """The link whose id begins with these 20 hexadecimal digits, or None."""
        ...
