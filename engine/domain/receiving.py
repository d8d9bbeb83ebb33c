"""What arrives changes what is known: one arrival, applied to the facts of one person.

The in-memory runners use this; the database does the same with its tables. Events are not applied
here: they go to `turn`, which adds them to the history and lets them act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engine.domain.arrival import (
    ConsentArrived,
    MessageRead,
    PersonArrived,
    PreferenceArrived,
)
from engine.domain.consent import PROFILING, ConsentEntry, may_count, speaks_of, standing
from engine.domain.disposition import profile_of
from engine.domain.engine_events import MOOD_EVENTS
from engine.domain.event import Event, History
from engine.domain.facts import Facts
from engine.domain.jurisdiction import ANY_YES
from engine.domain.preference import addressed, language
from engine.domain.profile import readings_of
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


def receive(
    facts: Facts, arrival: PersonArrived | ConsentArrived | PreferenceArrived | MessageRead
) -> Facts:
    """The facts after one arrival. Consent that may not raise the state is kept as evidence only
    (R5.5); withdrawn profiling clears all that was read, and without consent nothing is (R5.10). Another
    address is not the one that was confirmed (`readdressing`). A language that somebody chose stays,
    whatever is said of them later. What is `timed` is brought in the order of time by whoever calls
    this."""
    if isinstance(arrival, PersonArrived):
        return _receive_person(facts, arrival)
    if isinstance(arrival, ConsentArrived):
        return _receive_consent(facts, arrival)
    if isinstance(arrival, PreferenceArrived):
        return _receive_preference(facts, arrival)
    return _receive_mood(facts, arrival)


def may_profile(ledger: Sequence[ConsentEntry], at: datetime, now: datetime | None = None) -> bool:
    """Whether a message of this instant may count for a profile: with consent for it then, and in every
    line since, so that what was withdrawn once does not come back with a later yes (R5.10); and `now`,
    where that is given, before which a line may have expired."""
    lines = [line for line in ledger if speaks_of(line, PROFILING)]
    moments = [at, *[line.at for line in lines if line.at > at]]
    if now is not None and (now < at or any(line.expires_at is not None for line in lines)):
        moments.append(now)
    return all(standing(lines, PROFILING, moment, ANY_YES) == "given" for moment in moments)


def withdraws(ledger: Sequence[ConsentEntry], entry: ConsentEntry) -> bool:
    """Whether a line that stands in the ledger now ends consent to emotional profiling (R5.10)."""
    return speaks_of(entry, PROFILING) and standing(ledger, PROFILING, entry.at, ANY_YES) != "given"


def _receive_mood(facts: Facts, arrival: MessageRead) -> Facts:
    mood, config = arrival.mood, arrival.by
    if mood.sensitive or not mood.probabilities:
        return facts
    known = any(other.message == mood.message for other in facts.moods)
    if known or not may_profile(facts.consents, mood.at):
        return facts
    moods = (*facts.moods, mood)
    return replace(
        facts,
        moods=moods,
        readings=(*facts.readings, *readings_of(mood, config)),
        disposition=profile_of(moods, config).disposition,
    )


def _receive_person(facts: Facts, arrival: PersonArrived) -> Facts:
    person = facts.person
    known = arrival.if_missing & person.attributes.keys()
    said = {name: value for name, value in arrival.values.items() if name not in known}
    attributes = {**person.attributes, **said}
    chosen = language(facts.preferences)
    if chosen is not None:
        attributes["locale"] = chosen
    changed = replace(
        person,
        email=person.email if arrival.email is None else arrival.email,
        mailbox=person.mailbox if arrival.mailbox is None else arrival.mailbox,
        attributes={name: value for name, value in attributes.items() if value is not None},
        created_at=person.created_at or arrival.at,
    )
    if changed.mailbox == person.mailbox:
        return replace(facts, person=changed)
    return replace(
        facts,
        person=changed,
        consents=readdressed(facts.consents, person.mailbox, changed.mailbox),
        preferences=addressed(facts.preferences, changed.mailbox),
    )


def _receive_consent(facts: Facts, arrival: ConsentArrived) -> Facts:
    entry = arrival.entry
    if any(replace(entry, counts=known.counts) == known for known in facts.consents):
        return facts
    counts = may_count(facts.consents, entry, confirms=arrival.confirms)
    entry = replace(entry, counts=counts)
    consents = (*facts.consents, entry)
    facts = replace(facts, consents=consents)
    return forget_moods(facts) if withdraws(consents, entry) else facts


def _receive_preference(facts: Facts, arrival: PreferenceArrived) -> Facts:
    line = arrival.preference
    if line in facts.preferences:
        return facts
    line = replace(line, mailbox=facts.person.mailbox)
    facts = replace(facts, preferences=(*facts.preferences, line))
    chosen = language(facts.preferences)
    if chosen is None:
        return facts
    attributes = {**facts.person.attributes, "locale": chosen}
    return replace(facts, person=replace(facts.person, attributes=attributes))


def forget_moods(facts: Facts) -> Facts:
    """Without consent nothing that was read of how somebody feels stays: no score, no event (R5.10)."""
    told = [event for event in facts.history if event.name not in MOOD_EVENTS]
    history = facts.history if len(told) == len(facts.history) else History(told)
    return replace(facts, moods=(), readings=(), disposition=None, history=history)
