"""The trace of a person, for `why`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import codec
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.domain.reasons import Reason
from engine.domain.turn import Traced

_ALWAYS = 2**62


def traces_of(
    connection: Connection,
    person_id: str,
    *,
    journey: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Traced]:
    """What happened to a person in `[since, until]`, oldest first, in one journey or all."""
    found = connection.execute(
        sql(
            "SELECT at, journey, run, step, what, reason, because, detail, version FROM trace"
            " WHERE person_id = :who AND at BETWEEN :since AND :until"
            " AND (CAST(:journey AS varchar) IS NULL OR journey = :journey) ORDER BY at, seq"
        ),
        {
            "who": person_id,
            "journey": journey,
            "since": -_ALWAYS if since is None else micros(since),
            "until": _ALWAYS if until is None else micros(until),
        },
    )
    return [
        Traced(
            at=instant(at),
            journey=name,
            run=run,
            step=step,
            what=what,
            reason=None if reason is None else Reason(reason),
            because=because,
            detail=codec.values(document(detail)),
            version=version,
        )
        for at, name, run, step, what, reason, because, detail, version in found
    ]
