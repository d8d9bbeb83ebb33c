"""What goes out: a rendered mail, ready for a provider, and what the provider said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.domain.event import PROVIDER, Event


@dataclass(frozen=True, slots=True)
class Address:
    """A display name and an address in its normal form (A-label domain, no quoted local part)."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail as one customer gets it. `subject` and `preheader` are plain text, `html` a whole
    document, `text` its plain twin. `used` lists each value that went in: name, value, and where it
    came from (`customer`, `event`, `fallback`, `sample`)."""

    subject: str
    preheader: str
    html: str
    text: str
    used: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one recipient. `send_id` is opaque and stable over retries (R10.1): the
    Message-ID derives from it. `headers` holds the list headers (`List-Unsubscribe`,
    `List-Unsubscribe-Post`, `List-Id`, `Feedback-ID`, `Auto-Submitted` …), in order. `mail` is its
    template's name (`onboarding/welcome`), for file names and listings only. `targets` is where its
    tracked links lead, by their numbers."""

    send_id: str
    sender: Address
    to: Address
    subject: str
    html: str
    text: str
    date: datetime
    reply_to: Address | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    klass: Literal["transactional", "service", "marketing"] = "marketing"
    mail: str = ""
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a hand-off (R10.1).

    accepted: it left, count it. refused: it certainly did not leave, and trying again would not help.
    later: it certainly did not leave, safe to try again at or after `retry_at` (rate, outage).
    unknown: it may have left; marketing and service are not sent again. `stops_lane`: the way itself
    is broken (a wrong key), so nothing more should be handed to it until somebody mends it. `paced`:
    later, because we are too fast for the provider (its rate is used up, greylisting).
    """

    outcome: Literal["accepted", "refused", "later", "unknown"]
    provider_id: str = ""
    detail: str = ""
    retry_at: datetime | None = None
    stops_lane: bool = False
    paced: bool = False


def mail_event(
    name: str, send_id: str, at: datetime, *, mail: str, category: str, journey: str, step: str
) -> Event:
    """An event of the engine's own about a message (`mail.sent` …), the same from every runner."""
    return Event(
        id=f"{name}:{send_id}",
        name=name,
        at=at,
        source="engine",
        properties={"mail": mail, "category": category, "journey": journey, "step": step},
    )


_TOLD = frozenset(
    {
        "mail.accepted", "mail.deferred", "mail.dropped", "mail.delivered", "mail.bounced",
        "mail.complained", "mail.opened", "mail.clicked", "mail.resubscribed",
    }
)  # fmt: skip


def answered(event: Event) -> str | None:
    """The send id of the message that a provider tells of, if it does: whatever became of it there,
    the provider had accepted it (R10.1). Nobody else's word counts."""
    send_id = event.properties.get("send_id")
    if event.source == PROVIDER and event.name in _TOLD and isinstance(send_id, str):
        return send_id
    return None
