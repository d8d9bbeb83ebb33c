"""What stands on a provider's own lists of addresses that it does not deliver to.

Our table stays the authority: what stands on a list is taken over once, what is gone from it stays with us,
and what a hand lifted here after it was put there stays lifted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.domain.bounce import word_of
from engine.domain.consent import ALL_TOPICS
from engine.domain.event import PROVIDER, Event

List = Literal["bounces", "invalid", "spam reports", "unsubscribes", "groups"]
LISTS: tuple[List, ...] = ("spam reports", "unsubscribes", "groups", "bounces", "invalid")
"""The weightiest first: of an address on several lists a complaint counts more than a bounce."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list: an address in lower case, since when, and what the list says of it. `group` is
    the name of the group that was left."""

    on: List
    address: str
    since: datetime
    status: str = ""
    reason: str = ""
    group: str = ""


def because_of(listed: Listed) -> str | None:
    """Why its address is suppressed (`suppression.because`); None for an opt-out, which is for the ledger.

    Of the bounces only those are hard that are so by R5.8; the others are `provider`: no mail goes there
    while the provider would drop it, and a hand may lift it.
    """
    if listed.on == "spam reports":
        return "complaint"
    if listed.on in ("unsubscribes", "groups"):
        return None
    if listed.on == "invalid":
        return "hard_bounce"
    said = {"status": listed.status, "text": listed.reason}
    bounced = Event("", "mail.bounced", listed.since, said, PROVIDER)
    return "hard_bounce" if word_of(bounced) == "hard" else "provider"


def topic_of(listed: Listed, topics: tuple[str, ...]) -> str:
    """What the person left: the topic that the group is named after, in any case and with blanks or
    hyphens; all marketing, where no topic is or the list has no groups."""
    name = "-".join(listed.group.lower().replace("_", " ").replace("-", " ").split())
    return name if listed.on == "groups" and name in topics else ALL_TOPICS
