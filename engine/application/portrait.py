"""Who somebody is, as the decisions see them: what `person show` shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from engine.application.mood_portrait import as_document, mood_portrait
from engine.domain.answer import consent_of, persona_of, stage_of, terms_of
from engine.domain.consent import ALL_TOPICS, deciding, ends_at
from engine.domain.facts import Facts, Rulebook
from engine.domain.person import Person
from engine.domain.preference import language
from engine.domain.turn import Life
from engine.domain.zones import zone_of

PURPOSES = ("profiling_emotion", "tracking_clicks", "tracking_opens")
_EVENTS_SHOWN = 10


def headline(person: Person) -> dict[str, object]:
    """A person in brief: id, address and attributes."""
    return {
        "id": person.id,
        "email": person.email,
        "created_at": person.created_at,
        "erased": person.erased,
        "attributes": dict(person.attributes),
    }


def portrait(life: Life, rules: Rulebook, now: datetime) -> dict[str, object]:
    """Everything about one person that a decision at `now` may see, by name, ready for JSON.

    Instants are aware UTC datetimes. How they feel is explained by `mood_portrait`; the latest ten
    events are listed, and every mail that a cap may still count.
    """
    facts = life.facts
    zone, zone_source = zone_of(facts.person, rules)
    persona = persona_of(facts, rules, now)
    standing = facts.standing
    return {
        **headline(facts.person),
        "mailbox": facts.person.mailbox,
        "time_zone": zone,
        "time_zone_from": zone_source,
        "persona": persona.name if persona else None,
        "stage": stage_of(facts, rules, now),
        "orders": standing.orders,
        "first_order_at": standing.first_order_at,
        "last_order_at": standing.last_order_at,
        "suppressed": facts.suppressed,
        "consent": {t: consent_of(t, facts, rules, now) for t in _topics(facts, rules)},
        "consent_ends": _consent_ends(facts, rules, now),
        "wishes": _wishes(facts, now),
        "mood": as_document(mood_portrait(facts, rules, now)),
        "segments": {name: facts.memberships[name] for name in sorted(facts.memberships)},
        "journeys": [
            {
                "journey": run.journey,
                "entered_at": run.entered_at,
                "step": run.step,
                "since": run.since,
                "wakes_at": run.wake_at,
            }
            for run in life.runs
            if run.live
        ],
        "mails": [
            {"at": sent.at, "mail": sent.mail, "category": sent.category}
            for sent in sorted(facts.sent, key=lambda sent: sent.at, reverse=True)
            if not sent.ghost
        ],
        "events": [
            {"at": event.at, "event": event.name, "properties": dict(event.properties)}
            for event in list(facts.history)[: -_EVENTS_SHOWN - 1 : -1]
        ],
        "events_in_all": len(facts.history),
    }


def _topics(facts: Facts, rules: Rulebook) -> Iterable[str]:
    """Every marketing category, purpose and topic of the ledger."""
    told = sorted({entry.topic for entry in facts.consents} - {ALL_TOPICS})
    return dict.fromkeys([*rules.policy.marketing, *PURPOSES, *told])


def _wishes(facts: Facts, now: datetime) -> dict[str, object]:
    """What they chose for their mailbox: fewer mails, a break, themes to skip, a language."""
    wishes = facts.wishes()
    pause = wishes.paused_until
    return {
        "less_often": wishes.less_often,
        "paused_until": pause if pause is not None and pause > now else None,
        "skipped": sorted(wishes.skipped),
        "language": language(facts.preferences),
    }


def _consent_ends(facts: Facts, rules: Rulebook, now: datetime) -> dict[str, datetime]:
    """When what is given ends by itself, if nothing renews it."""
    ends: dict[str, datetime] = {}
    for topic in _topics(facts, rules):
        terms = terms_of(topic, facts, rules)
        word, entry = deciding(facts.ledger(topic), topic, now, terms)
        end = ends_at(entry, terms) if word == "given" and entry is not None else None
        if end is not None:
            ends[topic] = end
    return ends
