"""Many rows in one statement: one round trip on PostgreSQL, one prepared statement on SQLite.

Rows are tuples in the order of `columns`; JSON columns hold text made by `codec.dump`. Identifiers
come from our own tables only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from json import JSONEncoder, dumps
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Float,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
)

from engine.adapters.db import tables
from engine.adapters.db.connect import on_postgresql

_PG_TYPES = (
    (Boolean, "boolean"), (SmallInteger, "smallint"), (BigInteger, "bigint"), (Integer, "integer"),
    (Float, "double precision"), (LargeBinary, "bytea"), (JSON, "text"),
)  # fmt: skip


def insert(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    conflict: str = "",
) -> int:
    """Insert rows, with `conflict` as the ON CONFLICT clause, and answer how many were written.

    With DO UPDATE no key may stand twice among the rows.
    """
    if not rows:
        return 0
    postgresql = on_postgresql(connection)
    statement = _insert_statement(table.name, tuple(columns), conflict, postgresql)
    return _run(connection, statement, rows, postgresql)


def update(
    connection: Connection,
    table: Table,
    keys: Sequence[str],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> int:
    """Set `columns` of the rows with these `keys`; a tuple holds the keys first, then the columns."""
    if not rows:
        return 0
    postgresql = on_postgresql(connection)
    statement = _update_statement(table.name, tuple(keys), tuple(columns), postgresql)
    if not postgresql:
        place = len(keys)
        rows = [(*row[place:], *row[:place]) for row in rows]
    return _run(connection, statement, rows, postgresql)


def delete(
    connection: Connection, table: Table, keys: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> int:
    """Delete the rows with these `keys`."""
    if not rows:
        return 0
    postgresql = on_postgresql(connection)
    statement = _delete_statement(table.name, tuple(keys), postgresql)
    return _run(connection, statement, rows, postgresql)


def among(connection: Connection, column: str, parameter: str = "ids") -> str:
    """SQL that asks whether a text column is one of a bound list, which `listed` makes."""
    if on_postgresql(connection):
        return f"{column} = ANY(CAST(:{parameter} AS text[]))"
    return f"{column} IN (SELECT value FROM json_each(:{parameter}))"


def listed(connection: Connection, values: Iterable[str]) -> str:
    """The values, bound as one parameter for `among`."""
    return array(list(values)) if on_postgresql(connection) else dumps(list(values))


def among_numbers(connection: Connection, column: str, parameter: str = "numbers") -> str:
    """As `among`, for a column of whole numbers."""
    if on_postgresql(connection):
        return f"{column} = ANY(CAST(:{parameter} AS smallint[]))"
    return among(connection, column, parameter)


def listed_numbers(connection: Connection, values: Iterable[int]) -> list[int] | str:
    """The numbers, bound as one parameter for `among_numbers`."""
    return list(values) if on_postgresql(connection) else dumps(list(values))


def rows_of(
    connection: Connection,
    names: Sequence[str],
    types: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> tuple[str, dict[str, Any]]:
    """Rows as a table `v` inside one statement: its SQL, and what to bind for it.

    `types` are PostgreSQL's; JSON goes as text.
    """
    if not on_postgresql(connection):
        columns = ", ".join(f"json_extract(value, '$[{n}]') AS {x}" for n, x in enumerate(names))
        return f"(SELECT {columns} FROM json_each(:rows)) AS v", {"rows": dumps(rows)}
    arrays = ", ".join(f"CAST(:v_{x} AS {t}[])" for x, t in zip(names, types, strict=True))
    written = map(array, map(list, zip(*rows, strict=True)))
    bound = dict(zip((f"v_{x}" for x in names), written, strict=True))
    return f"unnest({arrays}) AS v ({', '.join(names)})", bound


def array(values: list[Any]) -> str:
    """Texts, numbers, truth values, bytes and nulls as the text of a PostgreSQL array.

    It is JSON with other brackets, save that PostgreSQL knows no names for control characters. JSON is
    written in C, some twenty times as fast as the driver's own arrays, which cost more than a turn.
    """
    written = _encode(values)
    if _NAMED.search(written):
        written = _ESCAPED.sub(_unnamed, written)
    return f"{{{written[1:-1]}}}"


def _hex(content: bytes) -> str:
    return f"\\x{content.hex()}"


_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_hex).encode
_NAMED = re.compile(r"\\[bfnrtu]")
_ESCAPED = re.compile(r"\\(?:u([0-9a-f]{4})|(.))")
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _unnamed(escaped: re.Match[str]) -> str:
    code, letter = escaped.groups()
    return chr(int(code, 16)) if code else _CONTROLS.get(letter, escaped[0])


def for_update(connection: Connection) -> str:
    """SQL that locks the rows read; on SQLite `writing` holds the only write lock anyway."""
    return " FOR UPDATE" if on_postgresql(connection) else ""


def _run(
    connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]], postgresql: bool
) -> int:
    if postgresql:
        columns = tuple(map(array, map(list, zip(*rows, strict=True))))
        return connection.exec_driver_sql(statement, columns).rowcount
    return connection.exec_driver_sql(statement, list(rows)).rowcount


@lru_cache(maxsize=256)
def _insert_statement(table: str, columns: tuple[str, ...], conflict: str, postgresql: bool) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    if not postgresql:
        marks = ", ".join("?" * len(columns))
        return f'INSERT INTO "{table}" ({names}) VALUES ({marks}) {conflict}'
    values = ", ".join(_value(table, name) for name in columns)
    return (
        f'INSERT INTO "{table}" ({names}) SELECT {values} FROM {_unnest(table, columns)} {conflict}'
    )


@lru_cache(maxsize=256)
def _update_statement(
    table: str, keys: tuple[str, ...], columns: tuple[str, ...], postgresql: bool
) -> str:
    if not postgresql:
        sets = ", ".join(f'"{name}" = ?' for name in columns)
        where = " AND ".join(f'"{name}" = ?' for name in keys)
        return f'UPDATE "{table}" SET {sets} WHERE {where}'
    sets = ", ".join(f'"{name}" = {_value(table, name)}' for name in columns)
    where = " AND ".join(f'"{table}"."{name}" = v."{name}"' for name in keys)
    return f'UPDATE "{table}" SET {sets} FROM {_unnest(table, (*keys, *columns))} WHERE {where}'


@lru_cache(maxsize=64)
def _delete_statement(table: str, keys: tuple[str, ...], postgresql: bool) -> str:
    if not postgresql:
        where = " AND ".join(f'"{name}" = ?' for name in keys)
        return f'DELETE FROM "{table}" WHERE {where}'
    where = " AND ".join(f'"{table}"."{name}" = v."{name}"' for name in keys)
    return f'DELETE FROM "{table}" USING {_unnest(table, keys)} WHERE {where}'


def _unnest(table: str, columns: tuple[str, ...]) -> str:
    arrays = ", ".join(f"CAST(%s AS {_pg_type(table, name)}[])" for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"unnest({arrays}) AS v ({names})"


def _value(table: str, column: str) -> str:
    is_json = isinstance(tables.METADATA.tables[table].c[column].type, JSON)
    return f'CAST(v."{column}" AS jsonb)' if is_json else f'v."{column}"'


def _pg_type(table: str, column: str) -> str:
    stored = tables.METADATA.tables[table].c[column].type
    return next((name for kind, name in _PG_TYPES if isinstance(stored, kind)), "text")
