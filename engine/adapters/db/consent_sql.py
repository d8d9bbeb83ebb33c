"""What consent for a topic is worth, in SQL (`domain.consent` in Python)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)  # fmt: skip

from engine.adapters.db.stored import length_micros
from engine.adapters.db.tables import CONSENT, PERSON
from engine.domain.consent import ALL_TOPICS, PURPOSES
from engine.domain.jurisdiction import IMPLIED, Terms

Sql = ColumnElement[Any]


def consent_word(topic: str, terms: Sequence[tuple[Sql, Terms]], otherwise: Terms, now: int) -> Sql:
    """The word of `consent.standing` for the row of `person` around it; `now` in microseconds.

    `terms` are those that hold where a condition on the person does, the first that fits; `otherwise`
    where none does. The last unsubscribe decides, unless an act of the person's own came after it;
    from that act on, and where nobody unsubscribed, whatever is enough gives (`consent.in_force`).
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

    def said(worth: Callable[[Any, Terms, int], Sql]) -> Sql:
        rows = CONSENT.alias()
        by_place = [(where, worth(rows, there, now)) for where, there in terms]
        elsewhere = worth(rows, otherwise, now)
        return (
            _ledger(rows, topic, now, rows.c.seq)
            .where(
                rows.c.state != "unsubscribed",
                rows.c.at >= func.coalesce(back_at, literal(_EVER)),
                or_(rows.c.expires_at.is_(None), rows.c.expires_at > now),
                case(*by_place, else_=elsewhere) if by_place else elsewhere,
            )
            .exists()
        )

    return case(
        (and_(left_at.is_not(None), back_at.is_(None)), "unsubscribed"),
        (said(_is_enough), "given"),
        (said(_waits), "pending"),
        else_="unknown",
    )


def _is_enough(rows: Any, terms: Terms, now: int) -> Sql:
    """`consent.ground` is enough and has not ended."""
    return or_(
        false(),
        *(
            and_(_has_ground(rows, ground), _since(rows, lasts, now))
            for ground, lasts in terms.enough.items()
        ),
    )


def _has_ground(rows: Any, ground: str) -> Sql:
    if ground in ("double opt-in", "express"):
        here = and_(rows.c.confirmed.is_(True), rows.c.mailbox_key == PERSON.c.mailbox_key)
        return and_(rows.c.state == "express", here if ground == "double opt-in" else not_(here))
    named = rows.c.basis == ground
    if ground == "implied":
        named = rows.c.basis.not_in(sorted(IMPLIED))
    return and_(rows.c.state == "implied", named)


def _waits(rows: Any, terms: Terms, now: int) -> Sql:
    pending = rows.c.state == "pending"
    if "express" not in terms.enough:
        pending = or_(pending, _has_ground(rows, "express"))
    return and_(pending, _since(rows, terms.confirm_within, now))


def _since(rows: Any, lasts: timedelta | None, now: int) -> Sql:
    return true() if lasts is None else rows.c.at > now - length_micros(lasts)


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
