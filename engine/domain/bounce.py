"""What a provider says of a mail that it took: delivered, dropped, bounced or complained of (R5.8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from engine.domain.bounce_text import judge, status_in
from engine.domain.event import PROVIDER, Event

Word = Literal["delivered", "hard", "soft", "blocked", "complaint", "dropped"]

_ABOUT_US = frozenset({"reputation", "frequency or volume too high"})
_NOT_THE_ADDRESS = _ABOUT_US | {"content"}
_BAD_ADDRESS_CLASS = "invalid address"
"""Classes that a provider (SendGrid) sorts bounces into, from the server's words, by rules of its own."""

BOUNCE_CLAIMED = "mail.bounce_claimed"
"""A report says that a mail of ours came back, and names it by no mark that only we can make: anybody may
have written it. It counts as a soft bounce, whatever it says, and nowhere as a mail that came back."""

SOFT_IN_A_ROW = 7
SOFT_FOR_AT_LEAST = timedelta(days=7)
SILENT_FOR = timedelta(days=7)
"""A mail of which nothing came back in this time has arrived, for all that a way of sending that tells of
no delivery can say: servers give up within five days (RFC 5321 4.5.4.1)."""

SIGNS_OF_LIFE = frozenset({"mail.opened", "mail.clicked"})
"""What only somebody does whom our mail reaches; machines are sorted out before (R8.3)."""


def word_of(event: Event) -> Word | None:
    """What an event of a provider says, or None where it says nothing of the address.

    `mail.bounced` carries `status` (RFC 3463), the server's `text`, and the provider's `classification`,
    else its own `kind`, hard or soft; a `verdict` where it was judged by more words than these. blocked:
    the refusal is about us, never the address's fault. Only events whose source is the provider count: a
    shop cannot suppress anybody.
    """
    if event.source != PROVIDER:
        return None
    if event.name == "mail.delivered":
        return "delivered"
    if event.name == "mail.complained":
        return "complaint"
    if event.name == "mail.dropped":
        return "dropped"
    if event.name == BOUNCE_CLAIMED:
        return "soft"
    if event.name != "mail.bounced":
        return None
    if _is_hard(event):
        return "hard"
    return "blocked" if _is_block(event) else "soft"


def _is_hard(event: Event) -> bool:
    if verdict := _said(event, "verdict"):
        return verdict == "hard"
    text, status, classed = _said(event, "text"), _status(event), _said(event, "classification")
    if classed.lower() in _NOT_THE_ADDRESS:
        return False
    if judge(status, text)[0] == "hard":
        return True
    if status.startswith("4."):
        return False
    if classed.lower() == _BAD_ADDRESS_CLASS:
        return True
    return not status and not text and _said(event, "kind") == "hard"


def _is_block(event: Event) -> bool:
    """Whether a bounce is about us: the provider's class says so, x.7.x does (policy and reputation,
    RFC 3463), or, where neither says anything, the provider's own word."""
    classed, status = _said(event, "classification").lower(), _status(event)
    if classed in _ABOUT_US:
        return True
    if status and not status.endswith(".0.0") and not _said(event, "verdict"):
        return status.split(".")[1] == "7"
    return _said(event, "kind") == "blocked" and classed in ("", "unclassified")


def _status(event: Event) -> str:
    """The enhanced code; a general one (x.0.0) only where there is no better one in the text."""
    codes = (status_in(_said(event, "status")), status_in(_said(event, "text")))
    return next(
        (code for code in codes if code and not code.endswith(".0.0")), codes[0] or codes[1]
    )


def _said(event: Event, name: str) -> str:
    return str(event.properties.get(name, ""))


def too_many(bounced: Sequence[datetime]) -> bool:
    """Whether soft bounces, one a message since the last delivery, are enough to suppress."""
    return len(bounced) >= SOFT_IN_A_ROW and max(bounced) - min(bounced) >= SOFT_FOR_AT_LEAST
