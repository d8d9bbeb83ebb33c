"""One message of a person goes, as if it had never been written (R5.9, R6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, due, identities, moods, profiled, scores, tables
from engine.adapters.db.former import forget_dispositions
from engine.adapters.db.people import document
from engine.adapters.db.unsaid import unsay
from engine.domain.emotion import EmotionConfig
from engine.domain.engine_events import ABOUT_MESSAGES, FEEDBACK


def erase_message(
    connection: Connection, person_id: str, message: str, config: EmotionConfig, now: datetime
) -> Mapping[str, int] | None:
    """Erase a message within the caller's transaction: its words, also where a run or a former state quotes
    them, what was read of it, and what was noted because of it. The person's profile is worked out anew
    from what stays. Answers how many rows went, by table; None if the person wrote no such message.

    A task that was opened because of it stays, and quotes it no more.
    """
    identities.stand_still(connection)
    due.lock(connection, [person_id])
    profiled.lock(connection, [person_id])
    gone = [seq for seq, about in _events(connection, person_id) if about == message]
    read = scores.remove(connection, [(person_id, message)])
    if not gone and not read:
        return None
    batch.delete(connection, tables.EVENT, ("seq",), [(seq,) for seq in gone])
    names = (FEEDBACK, *ABOUT_MESSAGES)
    unsay(connection, [person_id], names, lambda event: _about(event) == message)
    moods.work_out(connection, [person_id], config, now)
    forget_dispositions(connection, [person_id])
    due.mark(connection, [person_id], now)
    return {"event": len(gone), "score": read}


def _events(connection: Connection, person_id: str) -> list[tuple[int, str | None]]:
    """The messages of a person and what the engine noted of them, with the message that each is about."""
    names = ", ".join(f"'{name}'" for name in sorted(ABOUT_MESSAGES))
    found = connection.execute(
        sql(
            "SELECT seq, id, name, properties FROM event WHERE person_id = :who AND"
            f" (name = '{FEEDBACK}' OR (name IN ({names}) AND source = 'engine'))"
        ),
        {"who": person_id},
    )
    return [
        (seq, _about({"id": id_, "name": name, "properties": document(said)}))
        for seq, id_, name, said in found
    ]


def _about(event: Mapping[str, Any]) -> str | None:
    if event["name"] == FEEDBACK:
        return str(event["id"])
    about: str | None = event["properties"].get("message")
    return about
