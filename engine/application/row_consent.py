"""A row of consent as what arrives: a line for the ledger, with its evidence (R5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address

from engine.application.row_kinds import Reader, Row, happened, word
from engine.application.row_values import BadValue, instant, text
from engine.domain.arrival import Arrival, ConsentArrived
from engine.domain.consent import ALL_TOPICS, ConsentEntry, Evidence, State
from engine.domain.countries import COUNTRIES
from engine.domain.jurisdiction import IMPLIED

CONSENT_WORDS: Mapping[str, tuple[State, bool]] = {
    "given": ("express", False),
    "express": ("express", False),
    "subscribed": ("express", False),
    "opt-in": ("express", False),
    "confirmed": ("express", True),
    "double opt-in": ("express", True),
    "implied": ("implied", False),
    "soft opt-in": ("implied", False),
    "pending": ("pending", False),
    "unsubscribed": ("unsubscribed", False),
    "withdrawn": ("unsubscribed", False),
    "opt-out": ("unsubscribed", False),
}
"""What a consent row may say: the state, and whether that alone is a confirmed (double) opt-in."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far ahead of ours a sender's clock may run, as with events (R1.3)."""

_LONGEST = 2_000


def consent_row(row: Row, reader: Reader) -> Iterator[Arrival]:
    """`person`, `topic` or `purpose` (`all`: every topic), `state`, `at`, `basis`, `confirmed` or
    `confirmed_at`, `wording`, `source`, `expires_at`, and evidence: `url`, `ip`, `user_agent`,
    `language`, `wording_hash`, `jurisdiction`, `actor`.

    An import is never the person's own act (R5.5). Nobody has agreed tomorrow: a yes dated ahead is
    refused, and a no dated ahead counts from now on.
    """
    person_id = word(row, "person")
    topic = word(row, "purpose" if "topic" not in row and "purpose" in row else "topic")
    state, confirmed, basis = _said(row)
    at = happened(row, reader)
    captured, at = _confirmed_at(row, reader, state, at)
    expires = row.get("expires_at")
    if at > reader.now + CLOCKS_DIFFER:
        if state != "unsubscribed":
            raise BadValue("at", "lies ahead: nobody has agreed yet")
        at = reader.now
    yield ConsentArrived(
        person_id,
        ConsentEntry(
            topic=ALL_TOPICS if topic in ("all", ALL_TOPICS) else topic,
            state=state,
            at=at,
            basis=basis,
            confirmed=state == "express" and (confirmed or captured is not None),
            expires_at=None if expires is None else instant("expires_at", expires, reader.zone),
            source=_brief(row, "source") or reader.source,
            wording=_brief(row, "wording"),
        ),
        _evidence(row, reader, captured),
    )


def _said(row: Row) -> tuple[State, bool, str]:
    """The state, whether it is confirmed, and the basis in the words of the jurisdictions."""
    said = word(row, "state").lower()
    if said not in CONSENT_WORDS:
        raise BadValue("state", f"`{said}` is none of {', '.join(CONSENT_WORDS)}")
    state, confirmed = CONSENT_WORDS[said]
    basis = _brief(row, "basis") or (said if said in IMPLIED else "")
    plain = re.sub("[-_ ]+", " ", basis).strip().lower()
    plain = plain.removeprefix("implied ").removeprefix("by ").replace("opt in", "opt-in")
    if plain in IMPLIED:
        basis = plain
    yes = str(row.get("confirmed") or "").lower() in ("yes", "true", "1")
    return state, confirmed or yes or plain == "double opt-in", basis


def _confirmed_at(
    row: Row, reader: Reader, state: State, at: datetime
) -> tuple[datetime | None, datetime]:
    """When the person first agreed, where a confirmation came later, and when the line begins."""
    value = row.get("confirmed_at")
    if value is None:
        return None, at
    if state != "express":
        raise BadValue("confirmed_at", "goes with express consent only")
    confirmed_at = instant("confirmed_at", value, reader.zone)
    if confirmed_at < at:
        raise BadValue("confirmed_at", "lies before `at`")
    return at, confirmed_at


def _evidence(row: Row, reader: Reader, captured_at: datetime | None) -> Evidence:
    jurisdiction = _brief(row, "jurisdiction").upper()
    if jurisdiction and jurisdiction not in COUNTRIES:
        raise BadValue("jurisdiction", "is no code of two letters such as DE")
    url, ip = _brief(row, "url"), _brief(row, "ip")
    if url and not re.match(r"https?://[^/\s]", url):
        raise BadValue("url", "is no address in the web")
    if ip:
        try:
            ip = str(ip_address(ip))
        except ValueError:
            raise BadValue("ip", "is no IP address") from None
    return Evidence(
        jurisdiction=jurisdiction,
        captured_at=captured_at,
        url=url,
        ip=ip,
        user_agent=_brief(row, "user_agent"),
        language=_brief(row, "language"),
        wording_hash=_brief(row, "wording_hash"),
        document=reader.document,
        actor=_brief(row, "actor") or reader.actor,
    )


def _brief(row: Row, column: str) -> str:
    value = row.get(column)
    found = "" if value is None else text(str(value)).strip()
    if len(found) > _LONGEST:
        raise BadValue(column, f"is longer than {_LONGEST:,} characters")
    return found
