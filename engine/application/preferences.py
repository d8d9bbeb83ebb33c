"""A person chooses what they want to hear about, on the page that a mail of theirs leads to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from engine.application.ports.intake import Intake
from engine.application.ports.past_mails import PastMail
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived
from engine.domain.consent import ConsentEntry, standing
from engine.domain.event import Event, Value
from engine.domain.jurisdiction import ANY_YES, CONFIRMED

SOURCE = "preferences"
WORDING = "preferences page, 2026-11"
"""Which words the person saw (R5.1). Change it whenever the page says something else."""


def chosen_now(mail: PastMail, topics: Sequence[str], now: datetime) -> list[tuple[str, bool]]:
    """Each topic, and whether the person gets it as things stand. Only what was agreed to counts, so
    that no box is ticked beforehand."""
    return [(topic, standing(_ledger(mail), topic, now, ANY_YES) == "given") for topic in topics]


def choose(
    mail: PastMail, offered: Sequence[str], chosen: Collection[str], intake: Intake, now: datetime
) -> tuple[str, ...]:
    """Keep what was chosen and leave the rest of what was offered; answer what is kept.

    It is the person's own act, so it may lead back (R5.5), and as the link reached only their mailbox,
    it is a confirmation, too. Only what changes is written; that they looked and confirmed is an event
    (`preferences.confirmed`) every time, for journeys wait for it.
    """
    kept = tuple(topic for topic in offered if topic in chosen)
    arrivals: list[Arrival] = []
    for topic in offered:
        entry = _change(mail, topic, topic in chosen, now)
        if entry is not None:
            name = "consent.confirmed" if entry.state == "express" else "consent.withdrawn"
            arrivals.append(ConsentArrived(mail.person_id, entry))
            arrivals.append(_event(mail, name, {"topic": topic}, now, topic))
    arrivals.append(_event(mail, "preferences.confirmed", {"topics": kept}, now))
    intake.take_in(arrivals, now)
    return kept


def _ledger(mail: PastMail) -> tuple[ConsentEntry, ...]:
    """What topics are decided on, as at the gate."""
    return (*mail.consents, *mail.mailbox_consents)


def _change(mail: PastMail, topic: str, wanted: bool, now: datetime) -> ConsentEntry | None:
    strictly = standing(_ledger(mail), topic, now, CONFIRMED)
    loosely = standing(mail.consents, topic, now, ANY_YES)
    if wanted and strictly != "given":
        return ConsentEntry(
            topic,
            "express",
            now,
            basis="preferences page",
            confirmed=mail.went_here,
            own_act=True,
            source=f"{SOURCE} {mail.send_id}",
            wording=WORDING,
        )
    if not wanted and loosely in ("given", "pending"):
        return ConsentEntry(
            topic,
            "unsubscribed",
            now,
            basis="preferences page",
            own_act=True,
            source=f"{SOURCE} {mail.send_id}",
            wording=WORDING,
        )
    return None


def _event(
    mail: PastMail, name: str, properties: dict[str, Value], now: datetime, topic: str = ""
) -> EventArrived:
    identity = f"{mail.send_id}:{name}:{topic}:{now.isoformat()}"
    return EventArrived(mail.person_id, Event(identity, name, now, properties, source=SOURCE))
