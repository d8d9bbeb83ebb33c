"""What runs, entries that wait and former states keep of events, taken out again (R5.9, R5.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, tables
from engine.adapters.db.people import document

_KEEPING = (
    (tables.RUN, "id", "state"),
    (tables.DUE, "person_id", "knocking"),
    (tables.FORMER, "seq", "was"),
)


def unsay(
    connection: Connection,
    person_ids: Sequence[str],
    names: Sequence[str],
    which: Callable[[Mapping[str, Any]], bool] = lambda event: True,
) -> None:
    """Of people's events of these names, as `codec.event_out` wrote them, only that there was one stays: of
    all of them, or of those that `which` says."""
    for table, key, column in _KEEPING:
        told = " OR ".join(f"CAST({column} AS text) LIKE '%{name}%'" for name in names)
        found = connection.execute(
            sql(
                f"SELECT {key}, {column} FROM {table.name}"
                f" WHERE {batch.among(connection, 'person_id')} AND ({told})"
            ),
            {"ids": batch.listed(connection, person_ids)},
        ).all()

        def is_meant(event: Mapping[str, Any]) -> bool:
            return event.get("name") in names and "properties" in event and which(event)

        rows = [(row, codec.dump(_without(document(stored), is_meant))) for row, stored in found]
        batch.update(connection, table, (key,), (column,), rows)


def _without(stored: Any, is_meant: Callable[[Mapping[str, Any]], bool]) -> Any:
    if isinstance(stored, list):
        return [_without(part, is_meant) for part in stored]
    if not isinstance(stored, dict):
        return stored
    if is_meant(stored):
        return {**stored, "properties": {}}
    return {name: _without(part, is_meant) for name, part in stored.items()}
