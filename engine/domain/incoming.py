"""What comes to us as mail: bounces, complaints, automatic answers and replies.

A parser turns octets into one of these and judges nothing. Everything in them was written by a
stranger: whoever acts on one verifies first that it is about a mail of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.domain.authentication import Proof
from engine.domain.bounce_text import Verdict


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every mail says of its own way.

    `sender` is the address in From, in lower case, or empty. `came_to` are the addresses that it was
    delivered to, as far as anybody noted them, the surest first: the envelope's (Delivered-To,
    X-Original-To …), then To and Cc. `date` is UTC, or None where it has none that can be read. `proof` is
    whether the domain of `sender` vouches for it, by a server that we trust.
    """

    sender: str = ""
    came_to: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    date: datetime | None = None
    proof: Proof = "none"


@dataclass(frozen=True, slots=True)
class Returned:
    """What a report says of the mail that it is about, from the part of it that came back.

    `message_ids` have their angle brackets; `envelope_senders` are the addresses that the mail went from,
    which VERP signs; `recipients` those it went to; `tokens` those of our links (`/u/TOKEN`). Each in the
    order found, and any may be empty: some servers return nothing.
    """

    message_ids: tuple[str, ...] = ()
    envelope_senders: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One recipient that a mail did not reach. `status` is the enhanced code (RFC 3463) or empty, `text`
    what the server said, in one line. `final` is False while the server still tries (Action: delayed).
    `blocked`: the refusal is about us (reputation, policy, rate), not about the address."""

    address: str
    verdict: Verdict
    status: str = ""
    text: str = ""
    final: bool = True
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail came back or is late (RFC 3464, or the free text of older servers)."""

    envelope: Envelope
    undelivered: tuple[Undelivered, ...]
    returned: Returned


@dataclass(frozen=True, slots=True)
class Complaint:
    """A mailbox provider says that somebody called a mail of ours spam (RFC 5965). `kind` is its
    Feedback-Type, such as abuse, opt-out, fraud or not-spam; `addresses` are who did, often redacted."""

    envelope: Envelope
    kind: str
    addresses: tuple[str, ...]
    returned: Returned


@dataclass(frozen=True, slots=True)
class AutoReply:
    """A machine answered, and nothing is to be done: out of office, a ticket's receipt, a report of a
    mail that arrived (RFC 3834). `because` names the sign by which it was known."""

    envelope: Envelope
    because: str
    in_reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A person wrote. `text` and `html` are the bodies as written, quotes and signatures included; either
    may be empty. Message-IDs keep their angle brackets; `references` are in the order of the header.
    `attachments` are only counted."""

    envelope: Envelope
    text: str
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: int = 0

    @property
    def sender(self) -> str:
        """The address it came from."""
        return self.envelope.sender


Incoming = Bounce | Complaint | AutoReply | Reply
