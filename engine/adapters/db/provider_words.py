"""What the provider says of our mails acts as it comes in (R5.8): suppressions, and soft bounces in a
row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec
from engine.adapters.db.address_key import key_of
from engine.adapters.db.stored import instant, mailbox_key, micros
from engine.adapters.db.suppressions import suppress_key
from engine.domain.arrival import EventArrived
from engine.domain.bounce import SIGNS_OF_LIFE, SILENT_FOR, Word, too_many, word_of
from engine.domain.event import Event
from engine.domain.told import dropped_because


def unheard(
    connection: Connection, arrivals: Sequence[EventArrived]
) -> list[tuple[EventArrived, Word]]:
    """The provider's words among arrivals that were not there before (R1.4), each once."""
    said = {
        codec.text(arrival.event.id): (arrival, word)
        for arrival in arrivals
        if (word := word_of(arrival.event)) is not None
    }
    if not said:
        return []
    source = next(iter(said.values()))[0].event.source
    known = connection.execute(
        sql(f"SELECT id FROM event WHERE source = :source AND {batch.among(connection, 'id')}"),
        {"source": source, "ids": batch.listed(connection, said)},
    )
    for event_id in known.scalars():
        del said[event_id]
    return list(said.values())


def act(connection: Connection, heard: Sequence[tuple[EventArrived, Word]], now: datetime) -> None:
    """Let them act on the mailboxes that they speak of, in the order of their times. Their events are
    stored already."""
    mailboxes = _mailboxes(connection, [arrival for arrival, _ in heard])
    delivered: list[tuple[str, int]] = []
    for arrival, word in sorted(heard, key=lambda one: (one[0].at, one[0].event.id)):
        found = mailboxes.get(arrival.event.id)
        if found is None:
            continue
        key, address = found
        if word == "delivered":
            delivered.append((key, micros(arrival.at)))
            continue
        _reset(connection, delivered)
        delivered.clear()
        source = _told_by(arrival.event)
        if word == "complaint":
            suppress_key(connection, key, address, "complaint", now, source)
        elif word == "hard":
            suppress_key(connection, key, address, "hard_bounce", now, source)
        elif word == "dropped":
            because = dropped_because(str(arrival.event.properties.get("reason", "")))
            if because is not None:
                suppress_key(connection, key, address, because, now, source)
        elif word == "soft" and _counts(connection, key, arrival):
            suppress_key(connection, key, address, "soft_bounces", now, source)
    _reset(connection, delivered)


def _mailboxes(
    connection: Connection, arrivals: Sequence[EventArrived]
) -> Mapping[str, tuple[str, str]]:
    """By event id, the key of the mailbox that an event speaks of, and its address where it is known:
    the one that it names, else the one that its mail went to, else its person's of today."""
    secret = key_of(connection)
    messages = {str(a.event.properties.get("send_id", "")) for a in arrivals} - {""}
    people = {codec.text(a.person_id) for a in arrivals}
    slots = connection.execute(
        sql(f"SELECT send_id, mailbox_key FROM slot WHERE {batch.among(connection, 'send_id')}"),
        {"ids": batch.listed(connection, messages)},
    )
    written_to: dict[str, str] = {send_id: key for send_id, key in slots}
    today = {
        person_id: (key, mailbox)
        for person_id, key, mailbox in connection.execute(
            sql(
                "SELECT id, mailbox_key, mailbox FROM person"
                f" WHERE {batch.among(connection, 'id')} AND mailbox <> ''"
            ),
            {"ids": batch.listed(connection, people)},
        )
    }
    found: dict[str, tuple[str, str]] = {}
    for arrival in arrivals:
        event = arrival.event
        named = codec.text(str(event.properties.get("address", ""))).strip().lower()
        key, mailbox = today.get(codec.text(arrival.person_id), ("", ""))
        if named:
            found[event.id] = (mailbox_key(secret, named, ""), named)
        elif message := written_to.get(str(event.properties.get("send_id", ""))):
            found[event.id] = (message, mailbox if message == key else "")
        elif key:
            found[event.id] = (key, mailbox)
    return found


def _counts(connection: Connection, key: str, arrival: EventArrived) -> bool:
    """Count a soft bounce, once a message and only if nothing was delivered after it; answer whether
    they are too many now. A row of them ends where a mail did not come back, or was read."""
    event = arrival.event
    connection.execute(
        sql(
            "INSERT INTO bounce (mailbox_key, message, at) SELECT :key, :message, :at"
            " WHERE NOT EXISTS (SELECT 1 FROM event WHERE person_id = :who"
            " AND name = 'mail.delivered' AND source = :source AND at >= :at)"
            " ON CONFLICT (mailbox_key, message) DO NOTHING"
        ),
        {
            "key": key,
            "message": codec.text(str(event.properties.get("send_id") or event.id)),
            "at": micros(event.at),
            "who": codec.text(arrival.person_id),
            "source": event.source,
        },
    )
    found = connection.execute(
        sql(
            "SELECT b.at FROM bounce b LEFT JOIN slot m ON m.send_id = b.message"
            " WHERE b.mailbox_key = :key AND (m.at IS NULL OR m.at > coalesce((SELECT max(s.at)"
            " FROM slot s WHERE s.mailbox_key = :key AND NOT s.ghost AND s.at <= :silent AND NOT EXISTS"
            " (SELECT 1 FROM bounce o WHERE o.mailbox_key = :key AND o.message = s.send_id)), 0))"
            " AND b.at > coalesce((SELECT max(e.at) FROM event e WHERE e.person_id = :who"
            f" AND {batch.among(connection, 'e.name')} AND e.source = :source), 0)"
        ),
        {
            "key": key,
            "silent": micros(event.at - SILENT_FOR),
            "who": codec.text(arrival.person_id),
            "ids": batch.listed(connection, SIGNS_OF_LIFE),
            "source": event.source,
        },
    )
    return too_many([instant(at) for at in found.scalars()])


def _reset(connection: Connection, delivered: Sequence[tuple[str, int]]) -> None:
    """Whatever bounced before a delivery to the same mailbox no longer counts."""
    if not delivered:
        return
    source, bound = batch.rows_of(connection, ("key", "at"), ("text", "bigint"), delivered)
    connection.execute(
        sql(
            f"DELETE FROM bounce WHERE EXISTS (SELECT 1 FROM {source}"
            " WHERE v.key = bounce.mailbox_key AND bounce.at <= v.at)"
        ),
        bound,
    )


def _told_by(event: Event) -> str:
    """The provider and what it said, in one line for whoever looks later."""
    said = next(
        (
            event.properties[word]
            for word in ("status", "reason", "text")
            if word in event.properties
        ),
        "",
    )
    return f"{event.source} {said}".strip()[:200]
