"""The key that addresses are hashed with: made once, never forgotten silently, anywhere one likes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import address_key, schema
from engine.adapters.db.address_key import key_of, require_key, use_secret
from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.stored import mailbox_key
from engine.domain.errors import SetupError

SECRET = "a key that only the environment has"


def test_a_project_with_nothing_set_has_a_key_of_its_own(tmp_path: Path) -> None:
    """R5.9: two databases hash the same address differently."""
    keys = []
    for name in ("one", "two"):
        engine = _made(tmp_path / f"{name}.db")
        with reading(engine) as connection:
            keys.append(mailbox_key(key_of(connection), "ann@example.com", "p"))
        engine.dispose()
    assert keys[0] != keys[1]
    assert sha256(b"ann@example.com").hexdigest() not in keys


def test_a_key_from_the_environment_never_lies_in_the_database(tmp_path: Path) -> None:
    engine = _made(tmp_path / "s.db", SECRET)
    with reading(engine) as connection:
        assert not address_key.lies_inside(connection)
        assert SECRET not in str(connection.execute(sql("SELECT * FROM address_key")).all())
    require_key(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (SECRET, None, "which is not set"),
        (SECRET, "another key than that one", "is another key"),
        (None, "a key where there was none", "is another key"),
    ],
)
def test_another_key_is_refused_before_anything_is_forgotten(
    tmp_path: Path, before: str | None, after: str | None, says: str
) -> None:
    """With another key no suppression would be found again."""
    _made(tmp_path / "s.db", before).dispose()
    engine = use_secret(connect(f"sqlite:///{tmp_path / 's.db'}"), after)
    with pytest.raises(SetupError, match=says) as caught:
        require_key(engine)
    assert caught.value.code == "D104"
    assert caught.value.help
    engine.dispose()


def test_a_key_that_is_gone_from_the_database_is_named(tmp_path: Path) -> None:
    _made(tmp_path / "s.db").dispose()
    engine = connect(f"sqlite:///{tmp_path / 's.db'}")
    with writing(engine) as connection:
        connection.execute(sql("DELETE FROM address_key"))
    with pytest.raises(SetupError, match="is gone") as caught:
        require_key(engine)
    assert caught.value.code == "D104"
    engine.dispose()


def test_a_key_taken_out_of_the_database_is_good_from_outside(tmp_path: Path) -> None:
    engine = _made(tmp_path / "s.db")
    with writing(engine) as connection:
        before = key_of(connection)
        secret = address_key.take_out(connection)
        assert address_key.take_out(connection) is None
    engine.dispose()
    again = connect(f"sqlite:///{tmp_path / 's.db'}")
    with pytest.raises(SetupError, match="which is not set"):
        require_key(again)
    use_secret(again, secret)
    with reading(again) as connection:
        assert key_of(connection) == before
    again.dispose()


def test_what_was_hashed_before_there_was_a_key_is_known_afterwards(database: str) -> None:
    """Migration 0003: suppressions, slots, consent and shards go over to the key, also those of an
    address that nobody has any more."""
    engine = connect(database)
    _at_revision(engine, "0002")
    ann, old = (sha256(a.encode()).hexdigest() for a in ("ann@example.com", "old@example.com"))
    with writing(engine) as connection:
        for statement in _ROWS:
            connection.execute(sql(statement), {"ann": ann, "old": old})
    schema.upgrade_engine(engine)
    with reading(engine) as connection:
        key = key_of(connection)
        now, before = (mailbox_key(key, a, "p") for a in ("ann@example.com", "old@example.com"))
        assert connection.execute(sql("SELECT mailbox_key, shard FROM person")).one() == (
            now,
            int(now[:2], 16),
        )
        assert connection.execute(sql("SELECT mailbox_key, shard FROM due")).one() == (
            now,
            int(now[:2], 16),
        )
        assert connection.execute(sql("SELECT mailbox_key FROM slot")).scalar_one() == before
        assert connection.execute(sql("SELECT mailbox_key FROM consent")).scalar_one() == before
        kept = connection.execute(
            sql("SELECT mailbox_key, because, since, address FROM suppression")
        )
        assert kept.one() == (before, "complaint", 5, "old@example.com")
    engine.dispose()


_ROWS = (
    "INSERT INTO person (id, shard, mailbox, mailbox_key, attributes, erased, orders)"
    " VALUES ('p', 0, 'ann@example.com', :ann, '{}', false, 0)",
    "INSERT INTO due (person_id, shard, mailbox_key, changed) VALUES ('p', 0, :ann, 0)",
    "INSERT INTO slot (send_id, person_id, mailbox_key, mail, category, klass, at, tags, run, step,"
    " ghost) VALUES ('s', 'p', :old, 'a/b', 'news', 'marketing', 1, '[]', '', '', false)",
    "INSERT INTO consent (person_id, mailbox_key, topic, state, basis, at, recorded_at, confirmed,"
    " own_act, source, wording, counts)"
    " VALUES ('p', :old, 'news', 'express', '', 1, 1, false, false, '', '', true)",
    "INSERT INTO suppression (mailbox_key, because, since, source, address)"
    " VALUES (:old, 'complaint', 5, '', 'old@example.com')",
)


def _made(path: Path, secret: str | None = None) -> Engine:
    engine = use_secret(connect(f"sqlite:///{path}"), secret)
    schema.upgrade_engine(engine)
    return engine


def _at_revision(engine: Engine, revision: str) -> None:
    """The database made anew, at an older schema."""
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sql("DROP SCHEMA public CASCADE"))
            connection.execute(sql("CREATE SCHEMA public"))
        else:
            names = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
            for name in connection.execute(sql(names)).scalars().all():
                connection.execute(sql(f'DROP TABLE "{name}"'))
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
