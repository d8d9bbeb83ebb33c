"""Consent: an append-only ledger, folded (R5).

The state at an instant depends on what the ledger holds up to it, never on the order in which its
lines arrived. An unsubscribe ends all that was said before it; what was said since is the stronger
for every line, so a purchase takes nothing from somebody who agreed in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from engine.domain.jurisdiction import IMPLIED, Terms
from engine.domain.values import END, ahead

ALL_TOPICS = "*"
"""The topic of an entry that speaks of all mail (`unsubscribed (all)`)."""

PROFILING = "profiling_emotion"
PURPOSES = frozenset({PROFILING, "tracking_clicks", "tracking_opens"})
"""What is consented to beside mail (R5.3). Agreeing to all mail does not agree to these; leaving all
leaves these too."""

State = Literal["pending", "implied", "express", "unsubscribed"]
Standing = Literal["given", "pending", "unsubscribed", "unknown"]


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One line of the ledger.

    `topic` is a marketing category, a purpose (`profiling_emotion`, `tracking_clicks`,
    `tracking_opens`) or `ALL_TOPICS`. `confirmed` says that a double opt-in was completed.
    Only the person's own newer act (`own_act`) leads back from unsubscribed (R5.5); following a
    confirmation link is no such act (R5.4), the sign-up before it is. An entry with `counts=False`
    is evidence only. `elsewhere` names the mailbox that a line spoke of, or its key, where that is not
    the person's of today: what it confirmed, it confirmed of that one (`domain.readdressing`).
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
    elsewhere: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves a line (R5.1). It is kept beside the line and read by people; no decision sees it.

    `jurisdiction` is the country under whose law it was said, `captured_at` when the person first said
    so where the line itself is their confirmation; `url`, `ip` and `user_agent` are the form's and the
    browser's, `language` and `wording_hash` those of the words that were shown (the line has their
    version), `document` a hash of the form or of the imported file, `actor` who wrote the line down.
    """

    jurisdiction: str = ""
    captured_at: datetime | None = None
    url: str = ""
    ip: str = ""
    user_agent: str = ""
    language: str = ""
    wording_hash: str = ""
    document: str = ""
    actor: str = ""
    channel: str = "email"


def is_shared(entry: ConsentEntry) -> bool:
    """Whether a line on mail holds for every profile of its mailbox: who leaves leaves with their
    mailbox, and only an act of their own leads back (R3.5, R5.5). What a file agrees to is of one
    profile, and so are the purposes beside mail."""
    return (entry.state == "unsubscribed" or entry.own_act) and entry.topic not in PURPOSES


def may_count(
    ledger: Sequence[ConsentEntry], entry: ConsentEntry, *, confirms: bool = False
) -> bool:
    """Whether a new entry may change the state (R5.5): lowering always, raising from unsubscribed
    only by the person's own newer act.

    Of somebody who left once and signed up again, a yes in words counts from anybody else only once
    they have said it themselves, or have `confirms` the sign-up: anybody can type an address.
    """
    if entry.state == "unsubscribed":
        return True
    left, _ = in_force(ledger, entry.topic, entry.at if entry.own_act else None)
    if left is not None:
        return entry.own_act and entry.at > left.at
    if entry.own_act or confirms or entry.state == "pending":
        return True
    topics = {entry.topic}
    if entry.topic == ALL_TOPICS:
        topics |= {line.topic for line in ledger} - PURPOSES
    return not any(_only_signed_up_again(ledger, topic) for topic in topics)


def _only_signed_up_again(ledger: Sequence[ConsentEntry], topic: str) -> bool:
    """Whether somebody left once, and nothing but a sign-up without an answer came after."""
    spoken = [line for line in ledger if speaks_of(line, topic)]
    if all(line.state != "unsubscribed" for line in spoken):
        return False
    left, back = in_force(spoken, topic, None)
    return left is None and all(line.state == "pending" for line in back)


def ground(entry: ConsentEntry) -> str:
    """With what right a line lets write, one of `jurisdiction.GROUNDS`; of a pending one, with what
    right it would."""
    if entry.state != "implied":
        return "double opt-in" if entry.confirmed and not entry.elsewhere else "express"
    return entry.basis if entry.basis in IMPLIED else "implied"


def standing(ledger: Iterable[ConsentEntry], topic: str, now: datetime, terms: Terms) -> Standing:
    """What a topic's consent is worth at `now`, in the words of the YAML (R5.2).

    `given` is enough to send: some line since the last unsubscribe names a ground that is enough by
    `terms` and has not ended. `pending` waits for its confirmation.
    """
    left, lines = in_force(ledger, topic, now)
    if left is not None:
        return "unsubscribed"
    for entry in lines:
        if _is_enough(entry, now, terms):
            return "given"
    for entry in lines:
        if _waits(entry, now, terms):
            return "pending"
    return "unknown"


def deciding(
    ledger: Iterable[ConsentEntry], topic: str, now: datetime, terms: Terms
) -> tuple[Standing, ConsentEntry | None]:
    """What `standing` says, with the line that decides: of what is enough the one that lasts longest, and of
    what is not the newest, which would be the one to ask about."""
    left, lines = in_force(ledger, topic, now)
    if left is not None:
        return "unsubscribed", left
    if not lines:
        return "unknown", None
    enough = [entry for entry in lines if _is_enough(entry, now, terms)]
    if enough:
        return "given", max(enough, key=lambda entry: (_end(entry, terms), entry.at))
    waiting = [entry for entry in lines if _waits(entry, now, terms)]
    return ("pending" if waiting else "unknown"), max(waiting or lines, key=lambda entry: entry.at)


def ends_at(entry: ConsentEntry, terms: Terms) -> datetime | None:
    """When a line that is enough stops to be; None for never."""
    end = _end(entry, terms)
    return None if end == END else end


def changes_at(ledger: Iterable[ConsentEntry], topic: str, terms: Terms) -> Iterator[datetime]:
    """Every instant at which time alone may change what a topic's consent is worth."""
    for entry in ledger:
        if speaks_of(entry, topic):
            yield entry.at
            yield _end(entry, terms)
            yield _until(entry, terms.confirm_within)


def in_force(
    ledger: Iterable[ConsentEntry], topic: str, now: datetime | None
) -> tuple[ConsentEntry | None, list[ConsentEntry]]:
    """The unsubscribe that stands at `now` (of all lines, where `now` is None), or None, and the lines
    that count since the person came back or from the beginning; none where they have left."""
    said: list[ConsentEntry] = []
    left: ConsentEntry | None = None
    for entry in ledger:
        if speaks_of(entry, topic) and (now is None or entry.at <= now):
            if entry.state != "unsubscribed":
                said.append(entry)
            elif left is None or entry.at > left.at:
                left = entry
    if left is None:
        return None, said
    acts = [entry.at for entry in said if entry.own_act and entry.at > left.at]
    if not acts:
        return left, []
    back = min(acts)
    return None, [entry for entry in said if entry.at >= back]


def _is_enough(entry: ConsentEntry, now: datetime, terms: Terms) -> bool:
    if entry.state == "pending" or (entry.expires_at is not None and entry.expires_at <= now):
        return False
    what = ground(entry)
    if what not in terms.enough:
        return False
    lasts = terms.enough[what]
    return lasts is None or now - entry.at < lasts


def _waits(entry: ConsentEntry, now: datetime, terms: Terms) -> bool:
    """Whether a sign-up still waits for its confirmation: one that says so, or a yes in words where
    words alone are not enough."""
    if entry.expires_at is not None and entry.expires_at <= now:
        return False
    unconfirmed = ground(entry) == "express" and "express" not in terms.enough
    if entry.state != "pending" and not unconfirmed:
        return False
    return terms.confirm_within is None or now - entry.at < terms.confirm_within


def _end(entry: ConsentEntry, terms: Terms) -> datetime:
    return _until(entry, terms.enough.get(ground(entry)))


def _until(entry: ConsentEntry, lasts: timedelta | None) -> datetime:
    end = END if lasts is None else ahead(entry.at, lasts)
    return end if entry.expires_at is None else min(end, entry.expires_at)


def speaks_of(entry: ConsentEntry, topic: str) -> bool:
    """Whether a line that counts says something of a topic or purpose: a no to everything does of all,
    a yes to everything of none but mail."""
    if not entry.counts:
        return False
    if entry.topic == ALL_TOPICS:
        return entry.state == "unsubscribed" or topic not in PURPOSES
    return entry.topic == topic
