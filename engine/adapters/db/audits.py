"""Who was held, handed off and offered, counted by the values of an attribute."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Text, bindparam
from sqlalchemy import text as sql

from engine.adapters.db.connect import on_postgresql
from engine.adapters.db.stored import micros
from engine.application.audit import CARE, DECISIONS, Tally

LIFECYCLE = "lifecycle"
"""Not an attribute of theirs, but what the engine made of their orders."""
_EVER = 2**62

_VALUES_SQLITE = """
    SELECT p.id, CASE a.type WHEN 'text' THEN json_quote(a.value) WHEN 'true' THEN 'true'
        WHEN 'false' THEN 'false' ELSE CAST(a.value AS text) END AS value
    FROM person p LEFT JOIN json_each(p.attributes) a ON a.key = :attribute WHERE NOT p.erased"""
_VALUES_POSTGRESQL = """
    SELECT p.id, CAST(p.attributes -> CAST(:attribute AS text) AS text) AS value
    FROM person p WHERE NOT p.erased"""
_STAGES = "SELECT p.id, '\"' || p.stage || '\"' AS value FROM person p WHERE NOT p.erased"

_COUNT = """
    WITH valued AS ({values}),
    held AS (SELECT DISTINCT person_id FROM trace WHERE what IN ('postponed', 'dropped')
        AND reason IN :care AND at >= :since AND at < :until),
    handed AS (SELECT DISTINCT person_id FROM task WHERE at >= :since AND at < :until),
    offered AS (SELECT DISTINCT person_id FROM outbox WHERE status IN ('sent', 'unknown')
        AND (category IN :sells OR mail IN :promotions)
        AND coalesce(sent_at, queued_at) >= :since AND coalesce(sent_at, queued_at) < :until)
    SELECT v.value, count(*), count(held.person_id), count(handed.person_id),
        count(offered.person_id)
    FROM valued v
    LEFT JOIN held ON held.person_id = v.id
    LEFT JOIN handed ON handed.person_id = v.id
    LEFT JOIN offered ON offered.person_id = v.id
    GROUP BY v.value"""


def tallies(
    connection: Connection,
    attribute: str,
    sells: Collection[str],
    promotions: Collection[str],
    since: datetime | None,
    until: datetime | None,
) -> list[Tally]:
    """Everybody who is not erased, by the value of `attribute`, with what was decided in
    `[since, until)`; None leaves a side open. `sells` are the categories that sell, and `promotions`
    the mails that do wherever they are sent."""
    own = _VALUES_POSTGRESQL if on_postgresql(connection) else _VALUES_SQLITE
    statement = sql(_COUNT.format(values=_STAGES if attribute == LIFECYCLE else own)).bindparams(
        *(bindparam(name, type_=Text(), expanding=True) for name in ("care", "sells", "promotions"))
    )
    bound = {
        "care": [reason.value for reason in CARE],
        "sells": list(sells),
        "promotions": list(promotions),
        "since": -_EVER if since is None else micros(since),
        "until": _EVER if until is None else micros(until),
    }
    if attribute != LIFECYCLE:
        bound["attribute"] = attribute
    return [
        Tally(
            None if value is None else json.loads(value),
            people,
            dict(zip(DECISIONS, decisions, strict=True)),
        )
        for value, people, *decisions in connection.execute(statement, bound)
    ]


def attributes(connection: Connection) -> list[str]:
    """The names of all attributes that anybody has, in order, and `lifecycle`."""
    keys = (
        "SELECT DISTINCT jsonb_object_keys(attributes) FROM person WHERE NOT erased"
        if on_postgresql(connection)
        else "SELECT DISTINCT a.key FROM person p, json_each(p.attributes) a WHERE NOT p.erased"
    )
    return sorted({*connection.execute(sql(keys)).scalars(), LIFECYCLE})
