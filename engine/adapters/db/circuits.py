"""`application.ports.circuits.Circuits` on a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import paces, switches
from engine.adapters.db.connect import on_postgresql, reading, writing
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.domain.bounce import word_of
from engine.domain.breaker import Returned
from engine.domain.event import PROVIDER, Event
from engine.domain.pace import stream_to


@dataclass(slots=True)
class _Back:
    """Messages that came back: each counts once, whatever is said of it how often."""

    hard: set[str] = field(default_factory=set)
    complaints: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)


class DatabaseCircuits:
    """Nothing is counted where nothing came back, which is nearly always."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def by_journey(self, since: datetime, now: datetime) -> Mapping[str, Returned]:
        """By journey, each since it was resumed last."""
        with reading(self._engine) as connection:
            resumed = _resumed(connection)
            back = _sorted(
                connection, since, now, lambda journey, _: journey, lambda name: resumed.get(name)
            )
            return {
                journey: _returned(found, _sent_by_journey(connection, journey, start, now))
                for journey, found in back.items()
                for start in (max(since, resumed.get(journey, since)),)
            }

    def by_stream(self, since: datetime, now: datetime) -> Mapping[str, Returned]:
        """By mailbox provider."""
        with reading(self._engine) as connection:
            back = _sorted(
                connection, since, now, lambda _, mailbox: stream_to(mailbox), lambda _: None
            )
            if not any(found.blocked for found in back.values()):
                return {}
            sent = _sent_by_stream(connection, since, now)
        return {stream: _returned(found, sent.get(stream, 0)) for stream, found in back.items()}

    def in_all(self, since: datetime, now: datetime) -> Returned:
        """Of all mail."""
        with reading(self._engine) as connection:
            back = _sorted(connection, since, now, lambda *_: "", lambda _: None)
            sent: int = connection.execute(
                sql(f"SELECT count(*) FROM event WHERE {_SENT}"),
                {"since": micros(since), "now": micros(now)},
            ).scalar_one()
        return _returned(back.get("", _Back()), sent)

    def pause(self, journey: str, because: str, now: datetime) -> bool:
        """Pause a journey in the name of the breaker."""
        with writing(self._engine) as connection:
            everything, paused = switches.paused(connection)
            if everything or journey in paused:
                return False
            switches.pause(connection, now, journey, by=f"breaker: {because}")
            return True

    def stop(self, stream: str, now: datetime, until: datetime, because: str) -> bool:
        """Let nothing through a stream for a while, if it is open; it is not kept shut longer."""
        with writing(self._engine) as connection:
            return paces.stop(connection, stream, now, until, because)


def _sorted(
    connection: Connection,
    since: datetime,
    now: datetime,
    group: Callable[[str, str], str],
    begins: Callable[[str], datetime | None],
) -> dict[str, _Back]:
    """What came back, by whatever `group` makes of journey and mailbox, and not before it `begins`."""
    found: dict[str, _Back] = {}
    for event, send_id, journey, mailbox in _answers(connection, since, now):
        name = group(journey, mailbox)
        begin = begins(name)
        if begin is not None and event.at <= begin:
            continue
        back = found.setdefault(name, _Back())
        word = word_of(event)
        if word == "hard":
            back.hard.add(send_id)
        elif word == "complaint":
            back.complaints.add(send_id)
        elif word == "blocked":
            back.blocked.add(send_id)
    return found


def _returned(back: _Back, sent: int) -> Returned:
    return Returned(sent, len(back.hard), len(back.complaints), len(back.blocked))


def _answers(
    connection: Connection, since: datetime, now: datetime
) -> Iterator[tuple[Event, str, str, str]]:
    send_id = "e.properties ->> 'send_id'"
    if not on_postgresql(connection):
        send_id = "json_extract(e.properties, '$.send_id')"
    rows = connection.execute(
        sql(
            "SELECT e.id, e.name, e.at, e.properties, o.send_id, o.journey, coalesce(p.mailbox, '')"
            f" FROM event e JOIN outbox o ON o.send_id = {send_id} AND o.person_id = e.person_id"
            " JOIN person p ON p.id = e.person_id"
            " WHERE e.name IN ('mail.bounced', 'mail.complained') AND e.source = :source"
            " AND e.at > :since AND e.at <= :now"
        ),
        {"source": PROVIDER, "since": micros(since), "now": micros(now)},
    )
    for event_id, name, at, properties, found, journey, mailbox in rows:
        event = Event(event_id, name, instant(at), document(properties), PROVIDER)
        yield event, found, journey, mailbox


def _resumed(connection: Connection) -> dict[str, datetime]:
    """When each journey was resumed last."""
    found = connection.execute(sql("SELECT journey, max(until) FROM switch GROUP BY journey"))
    return {journey: instant(until) for journey, until in found if until is not None}


def _sent_by_journey(connection: Connection, journey: str, since: datetime, now: datetime) -> int:
    name = "properties ->> 'journey'"
    if not on_postgresql(connection):
        name = "json_extract(properties, '$.journey')"
    return int(
        connection.execute(
            sql(f"SELECT count(*) FROM event WHERE {_SENT} AND {name} = :journey"),
            {"journey": journey, "since": micros(since), "now": micros(now)},
        ).scalar_one()
    )


def _sent_by_stream(connection: Connection, since: datetime, now: datetime) -> dict[str, int]:
    domain = "split_part(p.mailbox, '@', 2)"
    if not on_postgresql(connection):
        domain = "substr(p.mailbox, instr(p.mailbox, '@') + 1)"
    rows = connection.execute(
        sql(
            f"SELECT {domain}, count(*) FROM event e JOIN person p ON p.id = e.person_id"
            f" WHERE {_SENT} AND p.mailbox IS NOT NULL GROUP BY 1"
        ),
        {"since": micros(since), "now": micros(now)},
    )
    sent: dict[str, int] = {}
    for name, number in rows:
        stream = stream_to(f"@{name}")
        sent[stream] = sent.get(stream, 0) + number
    return sent


_SENT = "name = 'mail.sent' AND source = 'engine' AND at > :since AND at <= :now"
