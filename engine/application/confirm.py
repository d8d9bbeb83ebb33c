"""A person confirms a sign-up, by the link in the mail that asked for it (R5.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.application.ports.intake import Intake
from engine.application.ports.past_mails import PastMail
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived
from engine.domain.consent import ConsentEntry, Evidence, Standing, deciding
from engine.domain.event import Event
from engine.domain.jurisdiction import Law

SOURCE = "confirmation"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How things stand: the topics that wait for their confirmation, those agreed to, and those left."""

    waiting: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def confirm(
    mail: PastMail, topics: Sequence[str], law: Law, intake: Intake, now: datetime, proof: Evidence
) -> Confirmation:
    """Confirm every sign-up of `topics` that waits, at `now`, and answer how things stand then.

    Following the link is no act that leads back: after an unsubscribe it changes nothing. Confirming
    twice is one confirmation. `proof` says how the link was followed.
    """
    arrivals: list[Arrival] = []
    for topic, (word, entry) in _standings(mail, topics, law, now).items():
        if word == "pending" and entry is not None:
            arrivals += _lines(mail, topic, entry, now, proof)
    if arrivals:
        intake.take_in(arrivals, now)
    before = standing_of(mail, topics, law, now)
    return Confirmation(given=(*before.given, *before.waiting), left=before.left)


def standing_of(mail: PastMail, topics: Sequence[str], law: Law, now: datetime) -> Confirmation:
    """How things stand at `now`, with nothing done."""
    words = _standings(mail, topics, law, now)

    def those(word: Standing) -> tuple[str, ...]:
        return tuple(topic for topic in topics if words[topic][0] == word)

    return Confirmation(those("pending"), those("given"), those("unsubscribed"))


def _standings(
    mail: PastMail, topics: Sequence[str], law: Law, now: datetime
) -> dict[str, tuple[Standing, ConsentEntry | None]]:
    ledger, terms = (*mail.consents, *mail.mailbox_consents), law.of(mail.country).double
    return {topic: deciding(ledger, topic, now, terms) for topic in topics}


def _lines(
    mail: PastMail, topic: str, signed_up: ConsentEntry, now: datetime, proof: Evidence
) -> tuple[Arrival, Arrival]:
    entry = ConsentEntry(
        topic=topic,
        state="express",
        at=now,
        basis="double opt-in",
        confirmed=mail.went_here,
        expires_at=signed_up.expires_at,
        source=f"{SOURCE} {mail.send_id}",
        wording=signed_up.wording,
    )
    event = Event(
        id=f"{mail.send_id}:consent.confirmed:{topic}",
        name="consent.confirmed",
        at=now,
        properties={"topic": topic},
        source=SOURCE,
    )
    evidence = replace(proof, captured_at=signed_up.at, actor="the person")
    confirmed = ConsentArrived(mail.person_id, entry, evidence, confirms=True)
    return confirmed, EventArrived(mail.person_id, event)
