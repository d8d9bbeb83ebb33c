"""Slots: what caps count. A message has one from the gate on, and keeps it unless it certainly never
left (R3.3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch
from engine.adapters.db.connect import on_postgresql
from engine.adapters.db.former import note_slots
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import SLOT


def take_back(connection: Connection, send_ids: Collection[str], now: datetime) -> None:
    """Give messages their slots again at `now`, that had given them back: by the mailbox that their
    people have now, with the tags that they had (R3.5)."""
    tags, send_id, none = (
        ("f.was -> 'tags'", "f.was ->> 'send_id'", "CAST('[]' AS jsonb)")
        if on_postgresql(connection)
        else ("json_extract(f.was, '$.tags')", "json_extract(f.was, '$.send_id')", "'[]'")
    )
    given_back = (
        f"SELECT {tags} FROM former f WHERE f.person_id = o.person_id AND f.what = 'slot'"
        f" AND {send_id} = o.send_id ORDER BY f.seq DESC LIMIT 1"
    )
    connection.execute(
        sql(
            "INSERT INTO slot (send_id, person_id, mailbox_key, mail, category, klass, at, tags,"
            " run, step, ghost)"
            " SELECT o.send_id, o.person_id, p.mailbox_key, o.mail, o.category, o.klass, :now,"
            f" coalesce(({given_back}), {none}), o.run, o.step, false"
            " FROM outbox o JOIN person p ON p.id = o.person_id"
            f" WHERE {batch.among(connection, 'o.send_id')} ON CONFLICT (send_id) DO NOTHING"
        ),
        {"ids": batch.listed(connection, send_ids), "now": micros(now)},
    )


def give_back(connection: Connection, send_ids: Collection[str], now: datetime) -> int:
    """Free the slots of messages that certainly never left (R3.3); answer how many there were."""
    if not send_ids:
        return 0
    note_slots(connection, send_ids, now)
    return batch.delete(connection, SLOT, ("send_id",), [(send_id,) for send_id in send_ids])


def move(
    connection: Connection, moved: Mapping[str, datetime], owner: str, deciding: str
) -> frozenset[str]:
    """Move the slots of messages in this owner's hand to the instant at which the gate passed again,
    and to the mailbox that their people have now (R3.9, R3.5), and answer which those are.

    Only while `deciding` has the people in hand: if the hold ran out, or they went to another mailbox,
    somebody else may have given the slot away (R3.3). They stay locked until the transaction ends.
    """
    if not moved:
        return frozenset()
    locks = "FOR UPDATE OF d, o" if on_postgresql(connection) else ""
    found = connection.execute(
        sql(
            f"""
            SELECT o.send_id FROM due d JOIN outbox o ON o.person_id = d.person_id
            WHERE {batch.among(connection, "o.send_id")} AND o.lease_owner = :owner
                AND d.lease_owner = :deciding
            ORDER BY d.person_id {locks}
            """
        ),
        {"ids": batch.listed(connection, moved), "owner": owner, "deciding": deciding},
    )
    ours = frozenset(found.scalars())
    if not ours:
        return ours
    note_slots(connection, ours, max(moved.values()))
    rows = [(send_id, micros(at)) for send_id, at in moved.items() if send_id in ours]
    batch.update(connection, SLOT, ("send_id",), ("at",), rows)
    _readdress(connection, ours)
    return ours


def follow(connection: Connection, send_ids: Collection[str], now: datetime) -> None:
    """Let the slots of messages count for the mailbox that their people have now (R3.5)."""
    if send_ids:
        note_slots(connection, send_ids, now)
        _readdress(connection, send_ids)


def _readdress(connection: Connection, send_ids: Collection[str]) -> None:
    connection.execute(
        sql(
            "UPDATE slot SET mailbox_key = p.mailbox_key FROM person p WHERE p.id = slot.person_id"
            f" AND p.mailbox_key <> slot.mailbox_key AND {batch.among(connection, 'send_id')}"
        ),
        {"ids": batch.listed(connection, send_ids)},
    )
