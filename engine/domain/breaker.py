"""Circuit breakers: what comes back says when to stop, before the mailbox providers do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(hours=24)
BLOCKED_WINDOW = timedelta(hours=1)
BLOCKED_FOR = timedelta(hours=2)
"""What mail operators wait after a mailbox provider's temporary block (Yahoo's TSS04)."""

_SENT_AT_LEAST = 100
_COMPLAINTS_AT_LEAST = 3
_BLOCKED_AT_LEAST = 5
_BLOCKED_SHARE = 1_000


@dataclass(frozen=True, slots=True)
class Breakers:
    """At which rates a journey stops, in hundredths of a per cent of what was sent in 24 hours. The
    defaults are SendGrid's ceiling for hard bounces, and what Gmail asks senders to stay under."""

    hard_bounces: int = 500
    complaints: int = 10


@dataclass(frozen=True, slots=True)
class Returned:
    """What left within the window and what came back of it. `blocked` are bounces for reasons of
    policy or reputation (x.7.x), which are never the address's fault."""

    sent: int = 0
    hard: int = 0
    complaints: int = 0
    blocked: int = 0


def trips(returned: Returned, breakers: Breakers) -> str | None:
    """Why a journey has to stop, in words; None while it need not. Few mails prove nothing: hard
    bounces count from 100 mails on, complaints from the third on."""
    sent = returned.sent
    if sent >= _SENT_AT_LEAST and returned.hard * 10_000 > breakers.hard_bounces * sent:
        return f"{returned.hard:,} of {sent:,} mails in 24 hours bounced hard ({returned.hard / sent:.1%})"
    complaints = returned.complaints
    if complaints >= _COMPLAINTS_AT_LEAST and complaints * 10_000 > breakers.complaints * sent:
        return f"{complaints:,} of {sent:,} mails in 24 hours were called spam"
    return None


def is_blocked(returned: Returned) -> bool:
    """Whether a mailbox provider turns our mail away: a tenth of an hour's mail, and five at least."""
    blocked = returned.blocked
    return blocked >= _BLOCKED_AT_LEAST and blocked * 10_000 > _BLOCKED_SHARE * returned.sent
