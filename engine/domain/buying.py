"""What a purchase says about mail: consent that the law of some countries implies (R5.2)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.answer import terms_of
from engine.domain.consent import ConsentEntry, Evidence, deciding, ends_at, ground, in_force
from engine.domain.event import Event
from engine.domain.facts import Facts, Rulebook

OFFERED = "soft_opt_in"
"""The property of an order that says whether the buyer was offered to refuse mail, and did not."""


def implied_by(
    event: Event, facts: Facts, rules: Rulebook
) -> Iterator[tuple[ConsentEntry, Evidence]]:
    """The lines that an order adds to the ledger, one for each category that takes a soft opt-in.

    What a purchase gives is said by the jurisdiction. A soft opt-in needs an order that says
    `soft_opt_in: yes`; `no` gives nothing anywhere. It never raises anybody who has left (R5.5), nor
    who has left and signed up again without confirming it; and where consent of this ground lasts
    already, nothing is written twice.
    """
    offered = event.properties.get(OFFERED)
    country = facts.person.attributes.get("country")
    gives = rules.law.of(country).purchase
    if gives is None or _says_no(offered) or (gives == "soft opt-in" and offered is None):
        return
    for category in rules.policy.categories.values():
        if category.consent != "soft opt-in" or not _adds(
            category.name, gives, event, facts, rules
        ):
            continue
        yield (
            ConsentEntry(
                topic=category.name,
                state="implied",
                at=event.at,
                basis=gives,
                source=f"{event.name} {event.id}",
                wording=str(event.properties.get("wording", "")),
            ),
            Evidence(jurisdiction=str(country).upper(), actor="the engine"),
        )


def _says_no(offered: object) -> bool:
    return offered is False or offered == "no"


def _adds(topic: str, gives: str, event: Event, facts: Facts, rules: Rulebook) -> bool:
    """Whether a line would say anything new."""
    ledger = facts.ledger(topic)
    proven = [line for line in ledger if line.state != "pending"]  # anybody can type an address
    if in_force(proven, topic, None)[0] is not None:
        return False
    terms = terms_of(topic, facts, rules)
    _, known = deciding(ledger, topic, event.at, terms)
    if known is None or ground(known) != gives:
        return True
    return ends_at(known, terms) is not None and known.at < event.at
