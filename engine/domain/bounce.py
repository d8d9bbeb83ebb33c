"""What a provider says of a mail that it took: delivered, bounced or complained of (R5.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from engine.domain.event import PROVIDER, Event

Word = Literal["delivered", "hard", "soft", "complaint"]

BAD_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
"""Codes that say that the address itself is bad (RFC 3463, RFC 7505). No other 5.x.x does: the rest is
about size, content, policy or a full box, and 331 of 414 such mailboxes were alive when we looked."""

SOFT_IN_A_ROW = 7
SOFT_FOR_AT_LEAST = timedelta(days=7)

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b", re.ASCII)
_BAD_ADDRESS_TEXT = re.compile(
    r"(user|recipient|mailbox|address|account)s? (is )?(unknown|not found|invalid|does not exist"
    r"|doesn.?t exist|no longer exists)"
    r"|(unknown|invalid|no such|non-?existent) (local )?(user|recipient|mailbox|address|account|person)"
    r"|(user|recipient|address) rejected: (user|recipient) unknown"
    r"|no mailbox (here )?by that name",
    re.IGNORECASE,
)


def word_of(event: Event) -> Word | None:
    """What an event of a provider says, or None where it says nothing of the address.

    `mail.bounced` carries `status` (RFC 3463) or the server's `text`, else the provider's own `kind`,
    hard or soft. Only events whose source is the provider count: a shop cannot suppress anybody.
    """
    if event.source != PROVIDER:
        return None
    if event.name == "mail.delivered":
        return "delivered"
    if event.name == "mail.complained":
        return "complaint"
    if event.name != "mail.bounced":
        return None
    return "hard" if _is_hard(event) else "soft"


def _is_hard(event: Event) -> bool:
    text = str(event.properties.get("text", ""))
    found = _STATUS.search(f"{event.properties.get('status', '')} {text}")
    status = found[0] if found else ""
    if status in BAD_ADDRESS:
        return True
    if status.startswith(("2.", "4.")):
        return False
    if _BAD_ADDRESS_TEXT.search(text):
        return True
    return not status and not text and event.properties.get("kind") == "hard"


def is_block(event: Event) -> bool:
    """Whether a bounce is about us and not about the address: x.7.x is policy and reputation (RFC
    3463), or the provider says so itself."""
    if event.source != PROVIDER or event.name != "mail.bounced":
        return False
    found = _STATUS.search(
        f"{event.properties.get('status', '')} {event.properties.get('text', '')}"
    )
    if found is not None:
        return found[0].split(".")[1] == "7"
    return event.properties.get("kind") == "blocked"


def too_many(bounced: Sequence[datetime]) -> bool:
    """Whether soft bounces, one a message since the last delivery, are enough to suppress."""
    return len(bounced) >= SOFT_IN_A_ROW and max(bounced) - min(bounced) >= SOFT_FOR_AT_LEAST
