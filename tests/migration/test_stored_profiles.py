"""Profiles of before 0015 are not lost: they come from their scores, as all of them can."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from json import dumps

from alembic import command
from sqlalchemy import Connection, text

from engine.adapters.db import codec, moods, schema, scores
from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.profile_rows import STATE, disposition_in, name_of, profile_in
from engine.adapters.db.stored import micros
from engine.domain.arrival import MessageRead
from engine.domain.disposition import Profile, profile_of
from engine.domain.emotion import EMOTIONS, EmotionConfig
from engine.domain.message_mood import MessageMood

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONFIG = EmotionConfig()
EVERY = dict.fromkeys(EMOTIONS, 0.03) | {"angry": 0.9}
FIRST = MessageMood("m1", NOW, "ticket", EVERY, 0.9, 9)
SECOND = replace(FIRST, message="m2", at=NOW + timedelta(days=1), source="review")


def test_a_profile_of_an_older_schema_goes_on_as_if_it_had_always_been_this_one(
    database: str,
) -> None:
    """R6.3"""
    schema.upgrade(database)
    engine = connect(database)
    with writing(engine) as connection:
        _to(connection, "0014")
        _has_written(connection)
        _to(connection, "head")
    with writing(engine) as connection:
        moods.take_in(connection, [MessageRead("p", SECOND, CONFIG)], SECOND.at)
    with reading(engine) as connection:
        assert scores.of(connection, ["p"]) == {"p": (FIRST, SECOND)}
        assert _stored(connection) == profile_of((FIRST, SECOND), CONFIG)
    engine.dispose()


def _to(connection: Connection, revision: str) -> None:
    config = schema._config()
    config.attributes["connection"] = connection
    if revision == "head":
        command.upgrade(config, revision)
    else:
        command.downgrade(config, revision)


def _has_written(connection: Connection) -> None:
    """Somebody who agreed, with one message and its profile as it was stored then."""
    connection.execute(
        text(
            "INSERT INTO person (id, shard, mailbox_key, attributes, erased, orders)"
            " VALUES ('p', 0, 'p', '{}', false, 0)"
        )
    )
    connection.execute(
        text(
            "INSERT INTO consent (person_id, mailbox_key, topic, state, basis, at, recorded_at,"
            " confirmed, own_act, source, wording, counts)"
            " VALUES ('p', 'p', 'profiling_emotion', 'express', '', 0, 0, false, true, '', '', true)"
        )
    )
    profile = profile_of((FIRST,), CONFIG)
    scores.add(connection, {("p", "m1"): MessageRead("p", FIRST, CONFIG)}, NOW)
    connection.execute(
        text(
            "INSERT INTO profile (person_id, at, message, config, seen, sums)"
            " VALUES ('p', :at, 'm1', :config, :seen, :sums)"
        ),
        {
            "at": micros(FIRST.at),
            "config": name_of(CONFIG),
            "seen": dumps(dict(profile.seen)),
            "sums": codec.packed(profile.sums),
        },
    )


def _stored(connection: Connection) -> Profile:
    row = connection.execute(
        text(
            "SELECT disposition, disposition_since, disposition_until,"
            f" {', '.join(f'profile.{name}' for name in STATE)}"
            " FROM profile JOIN person ON id = person_id"
        )
    ).one()
    return profile_in(row[3:], disposition_in(*row[:3]))
