"""Merge: all that is held of one profile becomes another's, in one transaction.

Whoever has either of them in hand loses them, as at an erasure: a turn that was decided on half of what
is known is not stored, and waiting mail passes the whole gate again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import (
    batch,
    codec,
    consents,
    due,
    events,
    identities,
    lives,
    moods,
    outbox,
    people,
    preferences,
    scores,
    slots,
)
from engine.adapters.db.alterations import Alteration
from engine.adapters.db.connect import on_postgresql
from engine.adapters.db.lives import Visit
from engine.adapters.db.personal import HOLDINGS
from engine.adapters.db.stored import instant, length_micros, micros
from engine.adapters.db.suppressions import LIFTED_BY_HAND, suppress_key
from engine.adapters.db.turns import save_runs
from engine.application.ports.profiles import Merged
from engine.domain import merging
from engine.domain.arrival import EventArrived
from engine.domain.consent import PROFILING, Evidence, standing
from engine.domain.event import Event, Value
from engine.domain.facts import Rulebook
from engine.domain.ids import event_id
from engine.domain.jurisdiction import ANY_YES
from engine.domain.lifecycle import standing_of
from engine.domain.own_data import Profile, with_profile
from engine.domain.preference import language, strictest
from engine.domain.receiving import may_profile

_ANEW = frozenset({"person", "due", "membership", "former", "profile"})
"""Tables that are not simply renamed: see `_unite`. The former states of both go, since a past that was
put together from two lives would be nobody's."""


def merge(
    connection: Connection, keep: str, other: str, rules: Rulebook, now: datetime
) -> Merged | None:
    """Merge `other` into `keep` within the caller's transaction; None if either is not there (any more).

    Both are ids of today, and not the same.
    """
    identities.stand_still(connection, alone=True)
    due.lock(connection, [keep, other])
    both = {"ids": batch.listed(connection, [keep, other])}
    here = connection.execute(
        sql(
            f"SELECT id FROM person WHERE {batch.among(connection, 'id')} AND NOT erased"
            f" ORDER BY id{batch.for_update(connection)}"
        ),
        both,
    )
    if len(here.all()) < 2:
        return None
    theirs = batch.among(connection, "person_id")
    connection.execute(
        sql(f"SELECT 1 FROM outbox WHERE {theirs}{batch.for_update(connection)}"), both
    )
    by_id = {visit.person_id: visit for visit in lives.load(connection, [keep, other], now)}
    one, two = by_id[keep], by_id[other]
    stopped = _end_rivals(connection, one, two, rules, now)
    moved = _unite(connection, one, two, now)
    _profile(connection, one, two, now)
    lowered = _consents(connection, one, two, rules, now)
    _preferences(connection, one, two, now)
    _suppressions(connection, one, two, now)
    outbox.readdress(connection, [keep], now)
    _said(connection, keep, other, stopped, now)
    _orders(connection, keep, rules, now)
    due.mark(connection, [keep], now)
    return Merged(keep, other, False, sorted({run.journey for run in stopped}), moved, lowered)


def _end_rivals(
    connection: Connection, one: Visit, two: Visit, rules: Rulebook, now: datetime
) -> list[Any]:
    """One run per journey goes on; what the others had waiting is stopped. Answers those ended."""
    changed = []
    stopped = []
    runs = (*one.life.runs, *two.life.runs)
    for run, others in merging.rivals(runs, rules.journeys, one.person_id):
        unsent = {
            (message.run, message.step)
            for message in _drop(connection, [other.id for other in others], now)
        }
        changed.append(merging.going_on(run, others, unsent))
        stopped += [merging.ended(other, now) for other in others]
    save_runs(connection, [*changed, *stopped])
    for run in stopped:
        connection.execute(
            sql(
                "INSERT INTO trace (person_id, at, journey, run, what, because, detail, version)"
                " VALUES (:who, :now, :journey, :run, 'ended', :because, '{}', :version)"
            ),
            {
                "who": run.person, "now": micros(now), "journey": run.journey, "run": run.id,
                "because": merging.MERGED, "version": run.version,
            },
        )  # fmt: skip
    return stopped


def _drop(connection: Connection, runs: Sequence[str], now: datetime) -> Sequence[Any]:
    """Stop what these runs have waiting, whoever has it in hand."""
    dropped = connection.execute(
        sql(
            "UPDATE outbox SET status = 'dropped', reason = 'run_ended', detail = :why,"
            " lease_owner = NULL, lease_until = NULL"
            f" WHERE {batch.among(connection, 'run')} AND status IN ('queued', 'needs_attention')"
            " RETURNING send_id, run, step"
        ),
        {"ids": batch.listed(connection, runs), "why": merging.MERGED},
    ).all()
    slots.give_back(connection, [row.send_id for row in dropped], now)
    return dropped


def _unite(connection: Connection, one: Visit, two: Visit, now: datetime) -> int:
    """All rows are the keeper's; answers how many events came along."""
    who = {"keep": one.person_id, "other": two.person_id, "now": micros(now)}
    connection.execute(
        sql(
            "UPDATE run SET entry_key = entry_key || ' ' || id WHERE person_id = :other AND EXISTS"
            " (SELECT 1 FROM run r WHERE r.person_id = :keep AND r.journey = run.journey"
            " AND r.entry_key = run.entry_key)"
        ),
        who,
    )
    connection.execute(sql("DELETE FROM profile WHERE person_id = :other"), who)
    for table in ("reading", "score"):
        connection.execute(
            sql(
                f"DELETE FROM {table} WHERE person_id = :other AND message IN"
                " (SELECT s.message FROM score s WHERE s.person_id = :keep)"
            ),
            who,
        )
    events = 0
    for table, holding in HOLDINGS.items():
        if holding.of_mailbox or table in _ANEW:
            continue
        came = connection.execute(
            sql(f"UPDATE {table} SET {holding.by} = :keep WHERE {holding.by} = :other"), who
        )
        events += came.rowcount if table == "event" else 0
    connection.execute(
        sql(
            "INSERT INTO membership (person_id, segment, since)"
            " SELECT :keep, segment, since FROM membership WHERE person_id = :other"
            " ON CONFLICT (person_id, segment) DO UPDATE SET since ="
            " CASE WHEN excluded.since < membership.since THEN excluded.since"
            " ELSE membership.since END"
        ),
        who,
    )
    connection.execute(sql("DELETE FROM membership WHERE person_id = :other"), who)
    connection.execute(sql("DELETE FROM former WHERE person_id IN (:keep, :other)"), who)
    json = "CAST(:knocking AS jsonb)" if on_postgresql(connection) else ":knocking"
    knocking = [*one.life.knocking, *two.life.knocking]
    connection.execute(
        sql(
            "UPDATE due SET lease_owner = NULL, lease_until = NULL, wakes_at = NULL,"
            f" knocking = {json}"
            " WHERE person_id = :keep"
        ),
        {**who, "knocking": codec.dump([codec.knock_out(knock) for knock in knocking])},
    )
    connection.execute(sql("DELETE FROM due WHERE person_id = :other"), who)
    connection.execute(
        sql("INSERT INTO alias (old_id, person_id, at) VALUES (:other, :keep, :now)"), who
    )
    return events


def _profile(connection: Connection, one: Visit, two: Visit, now: datetime) -> None:
    """What the keeper does not say, the other does."""
    mine, theirs = one.life.facts.person, two.life.facts.person
    address_since = with_profile(*_addressed(connection, mine.id, theirs.id), now)
    connection.execute(sql("DELETE FROM person WHERE id = :who"), {"who": theirs.id})
    values: dict[str, Value | None] = {
        name: value for name, value in theirs.attributes.items() if name not in mine.attributes
    }
    takes_address = not mine.mailbox and bool(theirs.mailbox)
    people.alter(
        connection,
        {
            mine.id: [
                Alteration(
                    theirs.email if takes_address else None,
                    theirs.mailbox if takes_address else None,
                    values,
                )
            ]
        },
        now,
    )
    known_since = min((at for at in (mine.created_at, theirs.created_at) if at), default=None)
    connection.execute(
        sql(
            "UPDATE person SET created_at = :since, recorded_at = :now, address_since = :address"
            " WHERE id = :who"
        ),
        {
            "since": micros(known_since),
            "now": micros(now),
            "address": micros(address_since),
            "who": mine.id,
        },
    )


def _addressed(connection: Connection, keep: str, other: str) -> tuple[Profile, Profile]:
    found = connection.execute(
        sql(
            "SELECT id, mailbox, recorded_at, address_since FROM person"
            f" WHERE {batch.among(connection, 'id')}"
        ),
        {"ids": batch.listed(connection, [keep, other])},
    )
    by_id = {
        who: Profile(who, mailbox, instant(known), instant(address))
        for who, mailbox, known, address in found
    }
    return by_id[keep], by_id[other]


def _consents(
    connection: Connection, one: Visit, two: Visit, rules: Rulebook, now: datetime
) -> list[str]:
    """The ledgers are one already; answers the topics that the one had left and the other had not."""
    mine, theirs = (
        (*visit.life.facts.consents, *visit.life.facts.mailbox_consents) for visit in (one, two)
    )
    lines = merging.left(mine, theirs, now)
    key = connection.execute(
        sql("SELECT mailbox_key FROM person WHERE id = :who"), {"who": one.person_id}
    ).scalar_one()
    proof = Evidence(actor=merging.MERGED)
    consents.add_consents(
        connection, [consents.line(one.person_id, key, now, entry, proof) for entry in lines]
    )
    ledger = (*mine, *theirs, *lines)
    if standing(ledger, PROFILING, now, ANY_YES) != "given":
        moods.clear(connection, [one.person_id], now)
    else:
        read = scores.of(connection, [one.person_id]).get(one.person_id, ())
        ended = [m.message for m in read if not may_profile(ledger, m.at)]
        scores.remove(connection, [(one.person_id, message) for message in ended])
        moods.work_out(connection, [one.person_id], rules.emotion, now)
    return [entry.topic for entry in lines]


def _preferences(connection: Connection, one: Visit, two: Visit, now: datetime) -> None:
    """The ledgers are one already: what either had asked for holds, and the language chosen last."""
    mine, theirs = (
        (*visit.life.facts.preferences, *visit.life.facts.mailbox_preferences)
        for visit in (one, two)
    )
    lines = strictest(mine, theirs, now, merging.MERGED)
    key = one.mailbox_key if one.life.facts.person.mailbox else two.mailbox_key
    preferences.add(connection, [preferences.row(one.person_id, key, line, now) for line in lines])
    chosen = language((*one.life.facts.preferences, *two.life.facts.preferences))
    if chosen is not None:
        said = Alteration(None, None, {"locale": chosen})
        people.alter(connection, {one.person_id: [said]}, now)


def _suppressions(connection: Connection, one: Visit, two: Visit, now: datetime) -> None:
    """A bounce is of an address, a complaint and an opt-out are the human's: they hold for the one that
    is kept, too."""
    because = two.life.facts.suppressed
    mailbox = one.life.facts.person.mailbox
    if because is not None and because not in LIFTED_BY_HAND and mailbox:
        suppress_key(connection, one.mailbox_key, mailbox, because, now, merging.MERGED)


def _said(
    connection: Connection, keep: str, other: str, stopped: Sequence[Any], now: datetime
) -> None:
    """`person.merged`, and that runs ended: they act in the keeper's next turn."""
    told = [("person.merged", other, {"other": other})]
    told += [
        ("journey.left", run.id, {"journey": run.journey, "because": merging.MERGED, "run": run.id})
        for run in stopped
    ]
    noted = [
        EventArrived(keep, Event(event_id(name, keep, key), name, now, said, "engine"))
        for name, key, said in told
    ]
    events.note(connection, noted, now)


def _orders(connection: Connection, keep: str, rules: Rulebook, now: datetime) -> None:
    """The orders of both, in brief; a change of stage is announced by the next turn."""
    [visit] = lives.load(connection, [keep], now)
    orders = standing_of(visit.life.facts.history, rules.lifecycle, (rules.thresholds,), now)
    connection.execute(
        sql(
            "UPDATE person SET orders = :orders, first_order_at = :first, last_order_at = :last,"
            " own_gap = :gap, won_back_at = :back WHERE id = :who"
        ),
        {
            "orders": orders.orders, "first": micros(orders.first_order_at),
            "last": micros(orders.last_order_at), "gap": length_micros(orders.own_gap),
            "back": micros(orders.won_back_at), "who": keep,
        },
    )  # fmt: skip
