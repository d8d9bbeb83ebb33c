"""`application.ports.write_keys.WriteKeys` on a database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.stored import instant, micros
from engine.adapters.db.tables import WRITE_KEY
from engine.application.ports.write_keys import WriteKey

NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a key was used last."""
_COLUMNS = "name, source, scopes, created_at, created_by, last_used_at, revoked_at"


class DatabaseWriteKeys:
    """Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._noted: dict[str, datetime] = {}

    def add(self, key: WriteKey, hash: str) -> bool:
        """Add one; False if the name was ever used."""
        columns = ("name", "hash", "source", "scopes", "created_at", "created_by")
        row = (
            key.name,
            hash,
            key.source,
            _written(key.scopes),
            micros(key.created_at),
            codec.text(key.created_by),
        )
        with writing(self._engine) as connection:
            nothing = "ON CONFLICT (name) DO NOTHING"
            return bool(batch.insert(connection, WRITE_KEY, columns, [row], nothing))

    def all(self) -> list[WriteKey]:
        """All of them, in the order of their making."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(f"SELECT {_COLUMNS} FROM write_key ORDER BY created_at, name")
            )
            return [_key(row) for row in found]

    def allow(self, name: str, scopes: Collection[str]) -> WriteKey | None:
        """Let one send more; committed on return."""
        with writing(self._engine) as connection:
            row = connection.execute(
                sql(
                    f"SELECT {_COLUMNS} FROM write_key WHERE name = :name AND revoked_at IS NULL"
                    f"{batch.for_update(connection)}"
                ),
                {"name": codec.text(name)},
            ).first()
            if row is None:
                return None
            key = _key(row)
            key = replace(key, scopes=key.scopes | set(scopes))
            connection.execute(
                sql("UPDATE write_key SET scopes = :scopes WHERE name = :name"),
                {"scopes": _written(key.scopes), "name": key.name},
            )
            return key

    def revoke(self, name: str, now: datetime) -> bool:
        """Take one out of use; committed on return."""
        with writing(self._engine) as connection:
            return bool(
                connection.execute(
                    sql(
                        "UPDATE write_key SET revoked_at = :now"
                        " WHERE name = :name AND revoked_at IS NULL"
                    ),
                    {"name": codec.text(name), "now": micros(now)},
                ).rowcount
            )

    def by_hash(self, hash: str) -> WriteKey | None:
        """The key in use with this hash."""
        return self._one("hash = :value AND revoked_at IS NULL", hash)

    def named(self, name: str) -> WriteKey | None:
        """The key of this name, also if it is revoked."""
        return self._one("name = :value", codec.text(name))

    def used(self, name: str, now: datetime) -> None:
        """Note that it was used, to the minute."""
        if name in self._noted and now - self._noted[name] < NOTED_EVERY:
            return
        self._noted[name] = now
        with writing(self._engine, durable=False) as connection:
            connection.execute(
                sql(
                    "UPDATE write_key SET last_used_at = :now WHERE name = :name"
                    " AND (last_used_at IS NULL OR last_used_at <= :before)"
                ),
                {"name": name, "now": micros(now), "before": micros(now - NOTED_EVERY)},
            )

    def _one(self, which: str, value: str) -> WriteKey | None:
        with reading(self._engine) as connection:
            row = connection.execute(
                sql(f"SELECT {_COLUMNS} FROM write_key WHERE {which}"), {"value": value}
            ).first()
        return None if row is None else _key(row)


def _written(scopes: Collection[str]) -> str:
    return " ".join(sorted(scopes))


def _key(row: Any) -> WriteKey:
    return WriteKey(
        name=row.name,
        source=row.source,
        scopes=frozenset(row.scopes.split()),
        created_at=instant(row.created_at),
        created_by=row.created_by,
        last_used_at=instant(row.last_used_at),
        revoked_at=instant(row.revoked_at),
    )
