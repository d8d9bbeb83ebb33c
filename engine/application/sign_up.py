"""Somebody signs up by a form: the words and how they were agreed to go into the ledger, and the question
whether it was them is on its way (R5.1, R5.4).

Whatever is known of the address, whoever typed it learns nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.application.ports.intake import Intake
from engine.application.ports.sign_ups import Known, SignUps
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ConsentEntry, Evidence
from engine.domain.engine_events import SUBMITTED
from engine.domain.event import Event, Value
from engine.domain.forms import ONCE_IN, SOURCE, Form, Wording, sign_up
from engine.domain.journey import Category
from engine.domain.jurisdiction import Jurisdiction, Law, Terms

ACTOR = "the person"


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed: the address as it was given and in its normal form, and `values` beside it."""

    email: str
    mailbox: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SigningUp:
    """The forms of a business, and all that a sign-up needs."""

    forms: Mapping[str, Form]
    categories: Mapping[str, Category]
    law: Law
    sign_ups: SignUps
    intake: Intake

    def take(
        self, form: Form, typed: Typed, wording: Wording, proof: Evidence, now: datetime
    ) -> None:
        """Take a sign-up in at `now`. `wording` are the words that were shown, `proof` says from where it
        came. Of somebody who is known nothing is kept but that, and nothing that was typed decides on
        them: it may have been anybody."""
        known = self.sign_ups.known(typed.mailbox)
        country = known.country
        if known.is_new:
            country = typed.values.get("country", "") or form.country
        theirs, here = self.law.of(country), self.law.of_both(country, form.country)
        said = [
            sign_up(
                form,
                topic,
                known.consents,
                self._terms(topic, theirs),
                self._terms(topic, here),
                now,
            )
            for topic in form.topics
        ]
        lines = [replace(line, wording=wording.version) for line in said if line is not None]
        if not lines:
            return
        self.sign_ups.keep(wording, now)
        evidence = replace(
            proof,
            jurisdiction=country,
            language=wording.language,
            wording_hash=wording.hash,
            actor=ACTOR,
        )
        arrivals: list[Arrival] = []
        if known.is_new:
            arrivals.append(_stranger(known.person_id, typed, country, wording, now))
        arrivals += [ConsentArrived(known.person_id, line, evidence) for line in lines]
        arrivals += _events(known, form, wording, lines, now)
        self.intake.take_in(arrivals, now)

    def _terms(self, topic: str, jurisdiction: Jurisdiction) -> Terms:
        category = self.categories.get(topic)
        double = category is None or category.consent == "double opt-in"
        return jurisdiction.double if double else jurisdiction.terms


def _stranger(
    person_id: str, typed: Typed, country: str, wording: Wording, now: datetime
) -> PersonArrived:
    said: dict[str, Value | None] = {"locale": wording.language, **typed.values}
    if country:
        said["country"] = country
    return PersonArrived(person_id, typed.email, typed.mailbox, said, now)


def _events(
    known: Known, form: Form, wording: Wording, lines: Sequence[ConsentEntry], now: datetime
) -> list[EventArrived]:
    """What journeys hear: a yes, and a sign-up that waits, where nobody was asked within a day."""
    found = [
        _event(known, "consent.confirmed", now, topic=line.topic)
        for line in lines
        if line.state == "express"
    ]
    waiting = tuple(line.topic for line in lines if line.state == "pending")
    if waiting and (known.asked_at is None or now - known.asked_at >= ONCE_IN):
        found.append(
            _event(known, SUBMITTED, now, form=form.name, topics=waiting, language=wording.language)
        )
    return found


def _event(known: Known, name: str, now: datetime, **properties: Value) -> EventArrived:
    """Once a day at most, also where two sign-ups of one address come at the same moment."""
    identity = f"{known.person_id}:{name}:{properties.get('topic', '')}:{now:%Y-%m-%d}"
    return EventArrived(known.person_id, Event(identity, name, now, properties, source=SOURCE))
