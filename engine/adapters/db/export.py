"""Everything that is held of one person, for them to take along (GDPR 15 and 20)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Connection, LargeBinary
from sqlalchemy import text as sql

from engine.adapters.db import codec, inbox_people, tables
from engine.adapters.db.people import document
from engine.adapters.db.personal import HOLDINGS, RAW, Holding
from engine.adapters.db.stored import instant

FORMAT = 1


def export(connection: Connection, person_id: str, now: datetime) -> dict[str, Any]:
    """All rows of all tables that hold anything of a person, as one JSON document.

    Instants are ISO 8601 in UTC, lengths of time are seconds. Inside of documents (`properties`,
    `state`, `was`) instants are microseconds since 1970.
    """
    key = connection.execute(
        sql("SELECT mailbox_key FROM person WHERE id = :who"), {"who": person_id}
    ).scalar_one()
    return {
        "format": FORMAT,
        "person": person_id,
        "exported_at": _iso(now),
        "holds": {
            table: {
                "what": holding.what,
                "rows": _rows(connection, table, holding, key if holding.of_mailbox else person_id),
            }
            for table, holding in HOLDINGS.items()
        }
        | {"inbox": {"what": RAW["inbox"], "rows": _inbox(connection, person_id)}},
    }


def _rows(connection: Connection, table: str, holding: Holding, value: str) -> list[dict[str, Any]]:
    columns = tables.METADATA.tables[table].columns
    names = [column.name for column in columns if column.name not in holding.clockwork]
    order = ", ".join(column.name for column in columns if column.primary_key)
    quoted = ", ".join(f'"{name}"' for name in names)
    found = connection.execute(
        sql(f"SELECT {quoted} FROM {table} WHERE {holding.by} = :value ORDER BY {order}"),
        {"value": value},
    )
    return [
        {
            name: _plain(table, name, stored, holding)
            for name, stored in zip(names, row, strict=True)
        }
        for row in found
    ]


def _inbox(connection: Connection, person_id: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind,
            "sender": one.sender,
            "received_at": _iso(one.received_at),
            "problem": one.problem,
            "body": one.body.decode("utf-8", "replace"),
        }
        for one in inbox_people.about(connection, person_id)
    ]


def _plain(table: str, name: str, stored: Any, holding: Holding) -> Any:
    kind = tables.METADATA.tables[table].columns[name].type
    if stored is None:
        return None
    if isinstance(kind, BigInteger):
        if name in holding.lengths:
            return stored / 1_000_000
        return _iso(instant(stored))
    if isinstance(kind, Boolean):
        return bool(stored)
    if isinstance(kind, LargeBinary):
        return list(codec.unpacked(stored))
    return document(stored) if isinstance(kind, JSON) else stored


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
