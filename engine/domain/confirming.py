"""Asking for a confirmation: the one kind of mail that somebody gets who has not confirmed (R5.4)."""

from __future__ import annotations

from datetime import datetime

from engine.domain.answer import terms_of
from engine.domain.consent import deciding, in_force
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Category
from engine.domain.reasons import Reason

MOST_ASKED = 2
"""The confirmation mail and one reminder."""

_UNASKED = {
    "given": Reason.CONFIRMED,
    "unsubscribed": Reason.UNSUBSCRIBED,
    "unknown": Reason.CONSENT_UNKNOWN,
}


def why_not_ask(
    category: Category, facts: Facts, rules: Rulebook, now: datetime
) -> tuple[Reason, str] | None:
    """Why a mail of a category that `confirms` may not go at `now`, or None if it may.

    Some sign-up has to wait for its confirmation. After it goes the mail that asks, and one reminder
    while `remind_within` of the jurisdiction runs. Who signs up again and again is asked no oftener.
    `facts.sent` holds no slot of the message itself.
    """
    told: list[tuple[Reason, str]] = []
    signed_up: list[datetime] = []
    for topic in category.confirms:
        ledger, terms = facts.ledger(topic), terms_of(topic, facts, rules)
        word, entry = deciding(ledger, topic, now, terms)
        if in_force(ledger, topic, None)[0] is not None:  # also by a clock that runs ahead
            word = "unsubscribed"
        if word == "pending" and entry is not None:
            signed_up.append(entry.at)
        else:
            told.append((_UNASKED[word], f"consent to {topic}: {word}"))
    if not signed_up:
        return told[0]
    within = rules.law.of(facts.person.attributes.get("country")).remind_within
    since = min(max(signed_up), now - within)
    asked = [s.at for s in facts.sent if s.category == category.name and since <= s.at]
    late = asked and now - max(signed_up) > within
    if late or len(asked) >= MOST_ASKED:
        return Reason.ASKED_TWICE, f"asked {len(asked)} times, the last {max(asked):%Y-%m-%d %H:%M}"
    return None
