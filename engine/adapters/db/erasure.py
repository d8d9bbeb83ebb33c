"""Erasure: a person goes, their wish and the totals stay (R5.9).

What is left is kept under an id that means nothing. The tombstone holds keyed hashes only.
"""

from __future__ import annotations

from datetime import datetime
from json import dumps
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, due, identities, inbox, inbox_people, tables
from engine.adapters.db.address_key import key_of
from engine.adapters.db.people import document
from engine.adapters.db.personal import ALL, HOLDINGS, Holding
from engine.adapters.db.stored import mailbox_key, micros, shard
from engine.application.ports.profiles import Erased

ERASED = "erased"


def erase(
    connection: Connection, person_id: str, name: str, now: datetime, *, keep_out: bool = True
) -> Erased | None:
    """Erase a person within the caller's transaction; None if there is nobody of that id. Without
    `keep_out` no tombstone stays: for somebody who never asked to be forgotten.

    What stays of them is under `name` from then on, which nobody can guess from the id. Whoever has
    them in hand loses them: a turn is not stored, and a message whose hand-off has not begun is not
    handed off, also if it was claimed already.
    """
    identities.stand_still(connection, alone=True)
    due.lock(connection, [person_id])
    person = connection.execute(
        sql(
            "SELECT mailbox, mailbox_key FROM person"
            f" WHERE id = :who AND NOT erased{batch.for_update(connection)}"
        ),
        {"who": person_id},
    ).first()
    if person is None:
        return None
    who = {"who": person_id, "now": micros(now)}
    secret = key_of(connection)
    aliases = _column(connection, "SELECT old_id FROM alias WHERE person_id = :who", who)
    sharing = _column(
        connection,
        "SELECT id FROM person WHERE mailbox_key = :key AND id <> :who AND NOT erased ORDER BY id",
        {**who, "key": person.mailbox_key},
    )
    mails = _column(
        connection,
        f"SELECT send_id FROM outbox WHERE person_id = :who{batch.for_update(connection)}",
        who,
    )
    mails += _column(  # the mails that led them to their own data
        connection,
        "SELECT n.id FROM notice n JOIN outbox o ON o.send_id = n.about"
        " WHERE n.kind = 'data' AND o.person_id = :who",
        who,
    )
    leaving = _column(
        connection, "SELECT send_id FROM outbox WHERE person_id = :who AND status = 'sending'", who
    )
    stopped = _stop(connection, who)
    keys = {mailbox_key(secret, "", known_as) for known_as in (person_id, *aliases)}
    if keep_out:
        identities.bury(connection, keys | {person.mailbox_key}, now)
    own = mailbox_key(secret, "", name)
    bound = {**who, "name": name, "key": own, "shard": shard(own)}
    raw = inbox.remove(
        connection, [one.id for one in inbox_people.to_forget(connection, person_id)]
    )
    removed = {"inbox": raw}
    for table, holding in HOLDINGS.items():
        if not holding.of_mailbox:
            removed[table] = _forget(connection, table, holding, bound)
        elif not sharing:
            removed[table] = _forget_mailbox(connection, table, holding, person.mailbox_key)
    return Erased(
        person_id, now, {t: n for t, n in removed.items() if n}, mails, len(stopped), len(leaving),
        sharing,
    )  # fmt: skip


def erased_at(connection: Connection, id_or_address: str) -> datetime | None:
    """When somebody of this id or address (as given, or in lower case) was erased; None if never."""
    secret = key_of(connection)
    keys = [
        mailbox_key(secret, "", id_or_address),
        mailbox_key(secret, id_or_address, ""),
        mailbox_key(secret, id_or_address.lower(), ""),
    ]
    return min(identities.forgotten(connection, keys).values(), default=None)


def _stop(connection: Connection, who: dict[str, Any]) -> list[str]:
    """Runs end, tasks are closed, and what waits is dropped and gives its slot back."""
    connection.execute(
        sql(
            "INSERT INTO trace (person_id, at, journey, run, step, what, reason, because, detail,"
            " version) SELECT person_id, :now, journey, id, step, 'ended', 'erased', '', '{}', version"
            " FROM run WHERE person_id = :who AND ended_at IS NULL"
        ),
        who,
    )
    connection.execute(
        sql(
            "UPDATE run SET ended_at = :now, because = 'erased', step = NULL, wake_at = NULL"
            " WHERE person_id = :who AND ended_at IS NULL"
        ),
        who,
    )
    connection.execute(
        sql(
            "UPDATE task SET closed_at = :now, closed_by = 'erased'"
            " WHERE person_id = :who AND closed_at IS NULL"
        ),
        who,
    )
    stopped = _column(
        connection,
        "UPDATE outbox SET status = 'dropped', reason = 'erased', lease_owner = NULL,"
        " lease_until = NULL"
        " WHERE person_id = :who AND status IN ('queued', 'needs_attention') RETURNING send_id",
        who,
    )
    batch.delete(connection, tables.SLOT, ("send_id",), [(one,) for one in stopped])
    return stopped


def _forget(connection: Connection, table: str, holding: Holding, bound: dict[str, Any]) -> int:
    """Answers how many rows were deleted or made nobody's."""
    theirs = f"{holding.by} = :who"
    if holding.append_only:
        _copy(connection, table, holding, bound)
        return connection.execute(sql(f"DELETE FROM {table} WHERE {theirs}"), bound).rowcount
    gone = connection.execute(sql(f"DELETE FROM {table} WHERE {theirs} AND {holding.gone}"), bound)
    if holding.gone == ALL:
        return gone.rowcount
    for column, strip in holding.stripped.items():
        _strip(connection, table, holding, column, strip, bound)
    sets = ", ".join(
        f'"{column}" = {said}' for column, said in {holding.by: ":name", **holding.blank}.items()
    )
    left = connection.execute(sql(f"UPDATE {table} SET {sets} WHERE {theirs}"), bound)
    return gone.rowcount + left.rowcount


def _copy(connection: Connection, table: str, holding: Holding, bound: dict[str, Any]) -> None:
    """What stays, as new rows; the database gives them their numbers."""
    said = {**holding.blank, holding.by: ":name"}
    columns = [column.name for column in tables.METADATA.tables[table].columns]
    names = [name for name in columns if name != "seq"]
    values = (said.get(name, name) for name in names)
    connection.execute(
        sql(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}"
            f" WHERE {holding.by} = :who AND NOT ({holding.gone})"
        ),
        bound,
    )


def _strip(
    connection: Connection,
    table: str,
    holding: Holding,
    column: str,
    strip: Any,
    bound: dict[str, Any],
) -> None:
    [key] = tables.METADATA.tables[table].primary_key.columns.keys()
    found = connection.execute(
        sql(f"SELECT {key}, {column} FROM {table} WHERE {holding.by} = :who"), bound
    )
    rows = [(row[0], dumps(strip(document(row[1])))) for row in found]
    batch.update(connection, tables.METADATA.tables[table], (key,), (column,), rows)


def _forget_mailbox(connection: Connection, table: str, holding: Holding, key: str) -> int:
    """The key stays: it is the tombstone's, and a suppression is the person's wish, too."""
    where = f"{holding.by} = :key"
    if holding.gone == ALL:
        return connection.execute(sql(f"DELETE FROM {table} WHERE {where}"), {"key": key}).rowcount
    sets = ", ".join(f'"{column}" = {said}' for column, said in holding.blank.items())
    return connection.execute(
        sql(f"UPDATE {table} SET {sets} WHERE {where}"), {"key": key}
    ).rowcount


def _column(connection: Connection, statement: str, bound: dict[str, Any]) -> list[str]:
    return [str(value) for value in connection.execute(sql(statement), bound).scalars()]
