"""What arrives changes what is known: one arrival, applied to the facts of one person.

The in-memory runners use this; the database does the same with its tables. Events are not applied
here: they go to `turn`, which adds them to the history and lets them act.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine.domain.arrival import ConsentArrived, PersonArrived, ReadingArrived
from engine.domain.consent import may_count, standing
from engine.domain.event import Event
from engine.domain.facts import Facts
from engine.domain.jurisdiction import ANY_YES
from engine.domain.readdressing import readdressed

TOO_OLD = timedelta(hours=72)
"""Older than this on arrival, an event starts nothing (R1.3)."""

TOO_EARLY = timedelta(minutes=5)
"""Dated further ahead than this, an event acts at its receipt (R1.3)."""


def as_received(event: Event, now: datetime) -> Event:
    """An event that comes in at `now`, as it will act: what is too old starts nothing, and what lies in
    the future acts at once (R1.3)."""
    if event.at > now + TOO_EARLY:
        return replace(event, at=now)
    if event.starts and event.at < now - TOO_OLD:
        return replace(event, starts=False)
    return event


def receive(facts: Facts, arrival: PersonArrived | ConsentArrived | ReadingArrived) -> Facts:
    """The facts after one arrival. Consent that may not raise the state is kept as evidence only
    (R5.5); withdrawn profiling clears all readings, and without consent none is kept (R5.10). Another
    address is not the one that was confirmed (`readdressing`)."""
    if isinstance(arrival, PersonArrived):
        return _receive_person(facts, arrival)
    if isinstance(arrival, ConsentArrived):
        return _receive_consent(facts, arrival)
    allowed = standing(facts.consents, "profiling_emotion", arrival.reading.at, ANY_YES)
    if allowed != "given" or arrival.reading in facts.readings:
        return facts
    return replace(facts, readings=(*facts.readings, arrival.reading))


def _receive_person(facts: Facts, arrival: PersonArrived) -> Facts:
    person = facts.person
    attributes = {**person.attributes, **arrival.values}
    changed = replace(
        person,
        email=person.email if arrival.email is None else arrival.email,
        mailbox=person.mailbox if arrival.mailbox is None else arrival.mailbox,
        attributes={name: value for name, value in attributes.items() if value is not None},
        created_at=person.created_at or arrival.at,
    )
    consents = facts.consents
    if changed.mailbox != person.mailbox:
        consents = readdressed(consents, person.mailbox, changed.mailbox)
    return replace(facts, person=changed, consents=consents)


def _receive_consent(facts: Facts, arrival: ConsentArrived) -> Facts:
    entry = arrival.entry
    if any(replace(entry, counts=known.counts) == known for known in facts.consents):
        return facts
    counts = may_count(facts.consents, entry, confirms=arrival.confirms)
    entry = replace(entry, counts=counts)
    consents = (*facts.consents, entry)
    withdrawn = entry.topic == "profiling_emotion" and (
        standing(consents, "profiling_emotion", entry.at, ANY_YES) != "given"
    )
    return replace(facts, consents=consents, readings=() if withdrawn else facts.readings)
