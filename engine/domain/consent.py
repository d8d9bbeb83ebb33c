"""Consent: an append-only ledger, folded (R5).

The state at an instant depends on what the ledger holds up to it, never on the order in which its
lines arrived: lines are read in order of time, and at one instant the weakest first and an
unsubscribe last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.domain.countries import ONLY_ZONE, SEVERAL_ZONES

ALL_TOPICS = "*"
"""The topic of an entry that speaks of all mail (`unsubscribed (all)`)."""

PURPOSES = frozenset({"profiling_emotion", "tracking_clicks", "tracking_opens"})
"""What is consented to beside mail (R5.3). Agreeing to all mail does not agree to these; leaving all
leaves these too."""

STRICT_COUNTRIES = frozenset({"AT", "CH", "DE", "LU"})
"""Where marketing needs a confirmed (double) opt-in; no country counts as the strictest (R5.2)."""

LENIENT_COUNTRIES = (ONLY_ZONE.keys() | SEVERAL_ZONES) - STRICT_COUNTRIES
"""Every other ISO 3166 code. What is none of these ("Germany", "XX") counts as no country."""

State = Literal["pending", "implied", "express", "unsubscribed"]
Standing = Literal["given", "pending", "unsubscribed", "unknown"]

RANK: dict[State, int] = {"pending": 0, "implied": 1, "express": 2, "unsubscribed": 3}
"""At one instant the higher one has the last word."""


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One line of the ledger.

    `topic` is a marketing category, a purpose (`profiling_emotion`, `tracking_clicks`,
    `tracking_opens`) or `ALL_TOPICS`. `confirmed` says that a double opt-in was completed.
    Only the person's own newer act (`own_act`) leads back from unsubscribed (R5.5); following a
    confirmation link is no such act (R5.4), the sign-up before it is. An entry with `counts=False`
    is evidence only.
    """

    topic: str
    state: State
    at: datetime
    basis: str = ""
    confirmed: bool = False
    expires_at: datetime | None = None
    own_act: bool = False
    source: str = ""
    wording: str = ""
    counts: bool = True


def is_shared(entry: ConsentEntry) -> bool:
    """Whether a line on mail holds for every profile of its mailbox: who leaves leaves with their
    mailbox, and only an act of their own leads back (R3.5, R5.5). What a file agrees to is of one
    profile, and so are the purposes beside mail."""
    return (entry.state == "unsubscribed" or entry.own_act) and entry.topic not in PURPOSES


def may_count(ledger: Iterable[ConsentEntry], entry: ConsentEntry) -> bool:
    """Whether a new entry may change the state (R5.5): lowering always, raising from unsubscribed
    only by the person's own newer act."""
    if entry.state == "unsubscribed":
        return True
    before = latest(ledger, entry.topic, None if not entry.own_act else entry.at)
    return (
        before is None or before.state != "unsubscribed" or (entry.own_act and entry.at > before.at)
    )


def standing(
    ledger: Iterable[ConsentEntry], topic: str, now: datetime, *, needs_confirmation: bool
) -> Standing:
    """What a topic's consent is worth at `now`, in the words of the YAML (R5.2).

    `given` is enough to send: express (confirmed where `needs_confirmation`), or implied, not expired
    and no confirmation needed.
    """
    last = latest(ledger, topic, now)
    if last is None:
        return "unknown"
    if last.state == "unsubscribed":
        return "unsubscribed"
    if last.expires_at is not None and last.expires_at <= now:
        return "unknown"
    if last.state == "pending":
        return "pending"
    if needs_confirmation and not last.confirmed:
        return "pending" if last.state == "express" else "unknown"
    return "given"


def needs_confirmation(double_opt_in: bool, country: str | None) -> bool:
    """Whether only a confirmed opt-in counts: the category asks for it, or the country does (R5.2).

    `country` is an ISO 3166 code of two letters; anything else counts as no country.
    """
    if double_opt_in or country is None or not country.isascii():
        return True
    return country.upper() not in LENIENT_COUNTRIES


def latest(ledger: Iterable[ConsentEntry], topic: str, now: datetime | None) -> ConsentEntry | None:
    """The entry that decides a topic at `now` (of all entries, where `now` is None), or None."""
    last: ConsentEntry | None = None
    for entry in sorted(
        (e for e in ledger if _speaks_of(e, topic) and (now is None or e.at <= now)), key=_order
    ):
        if (
            last is None
            or last.state != "unsubscribed"
            or entry.state == "unsubscribed"
            or (entry.own_act and entry.at > last.at)
        ):
            last = entry
    return last


def _speaks_of(entry: ConsentEntry, topic: str) -> bool:
    if not entry.counts:
        return False
    if entry.topic == ALL_TOPICS:
        return entry.state == "unsubscribed" or topic not in PURPOSES
    return entry.topic == topic


def _order(entry: ConsentEntry) -> tuple[datetime, int, bool, bool, datetime]:
    """By time; at one instant the weakest first, and of equals the one that lasts longest last."""
    forever = entry.expires_at is None
    return entry.at, RANK[entry.state], entry.confirmed, forever, entry.expires_at or entry.at
