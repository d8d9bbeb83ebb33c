"""Consent: an append-only ledger, folded (R5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ALL_TOPICS = "*"
"""The topic of an entry that speaks of all mail (`unsubscribed (all)`)."""

STRICT_COUNTRIES = frozenset({"AT", "CH", "DE", "LU"})
"""Where marketing needs a confirmed (double) opt-in; no country counts as the strictest (R5.2)."""

State = Literal["pending", "implied", "express", "unsubscribed"]
Standing = Literal["given", "pending", "unsubscribed", "unknown"]


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One line of the ledger.

    `topic` is a marketing category, a purpose (`profiling_emotion`, `tracking_clicks`,
    `tracking_opens`) or `ALL_TOPICS`. `confirmed` says that a double opt-in was completed.
    `counts` was decided when it was written: only the person's own newer act (`own_act`) leads back
    from unsubscribed (R5.5), and an entry that may not is kept as evidence with `counts=False`.
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


def may_count(ledger: Iterable[ConsentEntry], entry: ConsentEntry) -> bool:
    """Whether a new entry may change the state (R5.5): lowering always, raising from unsubscribed
    only by the person's own newer act."""
    if entry.state == "unsubscribed" or entry.own_act:
        before = _latest(ledger, entry.topic, entry.at)
        return entry.state == "unsubscribed" or before is None or entry.at >= before.at
    before = _latest(ledger, entry.topic, None)
    return before is None or before.state != "unsubscribed"


def standing(
    ledger: Iterable[ConsentEntry], topic: str, now: datetime, *, needs_confirmation: bool
) -> Standing:
    """What a topic's consent is worth at `now`, in the words of the YAML (R5.2).

    `given` is enough to send: express (confirmed where `needs_confirmation`), or implied, not expired
    and no confirmation needed.
    """
    last = _latest(ledger, topic, now)
    if last is None:
        return "unknown"
    if last.state == "unsubscribed":
        return "unsubscribed"
    if last.expires_at is not None and last.expires_at <= now:
        return "unknown"
    if last.state == "pending" or (needs_confirmation and not last.confirmed):
        return "pending" if last.state != "implied" else "unknown"
    return "given"


def needs_confirmation(double_opt_in: bool, country: str | None) -> bool:
    """Whether only a confirmed opt-in counts: the category asks for it, or the country does (R5.2)."""
    return double_opt_in or country is None or country.upper() in STRICT_COUNTRIES


def _latest(
    ledger: Iterable[ConsentEntry], topic: str, now: datetime | None
) -> ConsentEntry | None:
    last: ConsentEntry | None = None
    for entry in ledger:
        if not entry.counts or entry.topic not in (topic, ALL_TOPICS):
            continue
        if now is not None and entry.at > now:
            continue
        if last is None or entry.at >= last.at:
            last = entry
    return last
