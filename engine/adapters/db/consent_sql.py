"""What consent for a topic is worth, in SQL (`domain.consent` in Python)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, or_, select

from engine.adapters.db.tables import CONSENT, PERSON
from engine.domain.consent import ALL_TOPICS, PURPOSES, RANK

Sql = ColumnElement[Any]


def consent_word(topic: str, needs_confirmation: Sql, now: int) -> Sql:
    """The word of `consent.standing` for the row of `person` around it; `now` in microseconds.

    The last unsubscribe decides, unless an act of the person's own came after it; from that act on,
    and where nobody unsubscribed, the last entry decides (`consent.latest`).
    """
    left = CONSENT.alias()
    left_at = (
        _ledger(left, topic, now, func.max(left.c.at))
        .where(left.c.state == "unsubscribed")
        .scalar_subquery()
    )
    own = CONSENT.alias()
    back_at = (
        _ledger(own, topic, now, func.min(own.c.at))
        .where(own.c.state != "unsubscribed", own.c.own_act.is_(True), own.c.at > left_at)
        .scalar_subquery()
    )
    entry = CONSENT.alias()
    worth = case(
        (entry.c.expires_at <= now, "unknown"),
        (entry.c.state == "pending", "pending"),
        (or_(entry.c.confirmed.is_(True), not_(needs_confirmation)), "given"),
        (entry.c.state == "express", "pending"),
        else_="unknown",
    )
    last = (
        _ledger(entry, topic, now, worth)
        .where(
            entry.c.state != "unsubscribed", entry.c.at >= func.coalesce(back_at, literal(_EVER))
        )
        .order_by(
            entry.c.at.desc(),
            case(*((entry.c.state == state, rank) for state, rank in RANK.items())).desc(),
            entry.c.confirmed.desc(),
            entry.c.expires_at.is_(None).desc(),
            entry.c.expires_at.desc(),
        )
        .limit(1)
        .scalar_subquery()
    )
    return case(
        (and_(left_at.is_not(None), back_at.is_(None)), "unsubscribed"),
        else_=func.coalesce(last, "unknown"),
    )


_EVER = -(2**63) + 1
"""Before all instants."""


def _ledger(rows: Any, topic: str, now: int, wanted: Any) -> Select[Any]:
    """The entries that speak of a topic by `now`: the person's, and those that all profiles of their
    mailbox share (`consent.is_shared`)."""
    of_all = rows.c.topic == ALL_TOPICS
    theirs = rows.c.person_id == PERSON.c.id
    if topic in PURPOSES:
        of_all = and_(of_all, rows.c.state == "unsubscribed")
    else:
        shared = or_(rows.c.state == "unsubscribed", rows.c.own_act.is_(True))
        theirs = or_(theirs, and_(rows.c.mailbox_key == PERSON.c.mailbox_key, shared))
    return (
        select(wanted)
        .select_from(rows)
        .where(
            theirs,
            or_(rows.c.topic == topic, of_all),
            rows.c.at <= now,
            rows.c.counts.is_(True),
        )
        .correlate_except(rows)
    )
