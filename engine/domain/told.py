"""What a provider tells of a mail that it took, whichever provider it is.

Providers tell things late, twice and in any order, and leave parts out. So nothing here depends on
an order: every telling has a `key` by which a repetition is known, and what becomes of a mail (`Fate`) is
the same for any order and any repetition of what is told of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from engine.domain.event import PROVIDER, Event, Value

What = Literal[
    "accepted", "deferred", "delivered", "bounced", "dropped", "opened", "clicked", "complained",
    "unsubscribed", "resubscribed",
]  # fmt: skip

TOUCHES = frozenset({"opened", "clicked"})
"""What a machine may have done as well as a person."""

LONGEST_TEXT = 1_000
"""So much of what a server said is kept."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a provider tells.

    `key` knows a repetition of it by what it says, `twin` by the provider's own id of it (empty where it
    gave none): either is enough. `address` is in lower case, `send_id` ours, `provider_id` the provider's
    name of the mail; where both are empty, it names none. `kind` is the provider's own word for a bounce
    (`bounce`, `blocked`), `classification` the class that it put it into, `reason` why it dropped a mail.
    `link` was clicked, by the program `agent`; `machine` says that the provider itself holds it for one.
    `group` is the provider's list that was left. `other` holds what nobody here knows, as JSON.
    """

    what: What
    at: datetime
    key: str
    twin: str = ""
    address: str = ""
    send_id: str = ""
    provider_id: str = ""
    status: str = ""
    text: str = ""
    kind: str = ""
    classification: str = ""
    reason: str = ""
    link: str = ""
    agent: str = ""
    machine: bool = False
    group: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a provider tells of our account there: a suspension, a warning. `text` names no person."""

    at: datetime
    text: str


def event_of(told: Told, about: Mapping[str, Value]) -> Event:
    """The event of a person's history, `mail.bounced` or what it is. `about` says of which mail, as far
    as that is known; parts that are empty are left out."""
    said = {
        "address": told.address,
        "status": told.status,
        "text": told.text[:LONGEST_TEXT] if told.what in ("bounced", "deferred") else "",
        "kind": told.kind,
        "classification": told.classification,
        "reason": told.reason,
        "link": told.link,
        "other": told.other,
    }
    properties = {**about, **{name: value for name, value in said.items() if value}}
    return Event(told.key, f"mail.{told.what}", told.at, properties, PROVIDER)


# ── what became of a mail ─────────────────────────────────────────────────────────────────────

Stage = Literal["sent", "accepted", "deferred", "delivered", "dropped", "bounced"]

_LATER: Mapping[str, int] = {
    "sent": 0, "accepted": 1, "deferred": 2, "delivered": 3, "dropped": 4, "bounced": 5,
}  # fmt: skip
"""A mail only ever moves on. A bounce comes after a delivery where a server took the mail first and
found out later that nobody reads there."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one mail. `since` is when its stage was first told of, `complained`, `opened` and
    `clicked` when first; None for never."""

    stage: Stage = "sent"
    since: datetime | None = None
    complained: datetime | None = None
    opened: datetime | None = None
    clicked: datetime | None = None


def fate(events: Iterable[Event]) -> Fate:
    """What became of the mail that all these events of a provider are about; in any order, and however
    often each of them comes, the same."""
    stage: Stage = "sent"
    first: dict[str, datetime] = {}
    for event in events:
        if event.source != PROVIDER or not event.name.startswith("mail."):
            continue
        what = event.name.removeprefix("mail.")
        first[what] = min(event.at, first.get(what, event.at))
        if _LATER.get(what, 0) > _LATER[stage]:
            stage = what  # type: ignore[assignment]
    return Fate(
        stage,
        first.get(stage),
        first.get("complained"),
        first.get("opened"),
        first.get("clicked"),
    )


# ── why a provider dropped a mail ─────────────────────────────────────────────────────────────

_DROPPED = (
    ("spam report", "complaint"),
    ("bounced address", "provider"),
    ("unsubscribed", "provider"),
    ("invalid", "provider"),
)
_NOT_THE_ADDRESS = ("smtpapi", "header")


def dropped_because(reason: str) -> str | None:
    """The reason for suppression (`suppression.because`) that a drop copies from the provider's lists; None
    where the drop says nothing of the address (spam content, a package used up, a broken header).

    A bounced address on a provider's list is not a bad one by R5.8, for providers list every 5.x.x; and a
    drop does not say when somebody left, so that it cannot stand against a newer act of theirs (R5.5):
    the list itself does. But nothing reaches them through the provider, so it is `provider`: no mail is
    tried, and a hand may lift it.
    """
    said = reason.lower()
    if any(word in said for word in _NOT_THE_ADDRESS):
        return None
    return next((because for words, because in _DROPPED if words in said), None)


SOON = timedelta(minutes=5)
LOOKS_BACK = timedelta(days=7)
"""An asynchronous bounce names no mail: it is about the newest one that went to the address in these
days before it (and, as clocks differ, up to `SOON` after)."""
