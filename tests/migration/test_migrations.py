"""The migrations and the tables are one and the same schema, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from engine.adapters.db import schema
from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.tables import METADATA
from engine.domain.errors import SetupError


@pytest.fixture(params=["sqlite", "postgresql"])
def walked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that went through every migration, none left out."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgres_url")
        return
    url = f"sqlite:///{tmp_path / 'walked.db'}"
    engine = connect(url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE something_else (id INTEGER)"))
    schema.upgrade_engine(engine)
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE something_else"))
    engine.dispose()
    yield url


def test_upgrading_an_empty_database_gives_exactly_the_tables(walked: str) -> None:
    engine = connect(walked)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    assert schema.is_current(engine)
    engine.dispose()


def test_upgrading_twice_changes_nothing(walked: str) -> None:
    schema.upgrade(walked)
    engine = connect(walked)
    assert schema.is_current(engine)
    engine.dispose()


def test_a_new_sqlite_file_made_at_once_equals_one_that_was_migrated(tmp_path: Path) -> None:
    at_once, walked = tmp_path / "at_once.db", tmp_path / "walked.db"
    schema.upgrade(f"sqlite:///{at_once}")
    engine = connect(f"sqlite:///{walked}")
    with writing(engine) as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    assert _shape(at_once) == _shape(walked)


def test_a_database_that_is_behind_says_which_command_mends_it(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(SetupError) as caught:
        schema.require_current(engine)
    assert caught.value.code == "D101"
    assert "sincerely db upgrade" in caught.value.help
    schema.upgrade_engine(engine)
    schema.require_current(engine)
    engine.dispose()


def test_an_install_without_its_migrations_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_MIGRATIONS", tmp_path / "nowhere")
    with pytest.raises(SetupError) as caught:
        schema.upgrade(f"sqlite:///{tmp_path / 'new.db'}")
    assert caught.value.code == "D103"


@pytest.mark.parametrize("url", ["mysql://u@h/n", "not a url", "sqlite:////no/such/folder/s.db"])
def test_a_url_that_names_no_usable_database_is_refused_with_a_next_action(url: str) -> None:
    with pytest.raises(SetupError) as caught:
        connect(url)
    assert caught.value.code == "D102"
    assert caught.value.help


def test_a_file_that_is_no_database_is_named_with_a_next_action(tmp_path: Path) -> None:
    (tmp_path / "mine.db").write_bytes(b"PGDMP, for example: an archive of PostgreSQL " * 99)
    with pytest.raises(SetupError, match=r"mine\.db cannot be read") as caught:
        schema.current(connect(f"sqlite:///{tmp_path / 'mine.db'}"))
    assert caught.value.code == "D102"
    assert "backup" in caught.value.help


def test_a_server_that_does_not_answer_is_named() -> None:
    engine = connect("postgresql://nobody:secret@127.0.0.1:1/nothing")
    with pytest.raises(SetupError, match="does not answer") as caught:
        schema.current(engine)
    assert "secret" not in str(caught.value)
    engine.dispose()


def test_the_revisions_are_one_line_without_forks() -> None:
    script = ScriptDirectory.from_config(schema._config())
    assert len(script.get_heads()) == 1


def test_the_revision_of_the_highest_number_is_the_newest() -> None:
    script = ScriptDirectory.from_config(schema._config())
    assert schema.head() == script.get_current_head()


def test_where_a_database_stands_is_what_alembic_says(walked: str) -> None:
    engine = connect(walked)
    with reading(engine) as connection:
        alembics = MigrationContext.configure(connection).get_current_revision()
    assert schema.current(engine) == alembics
    engine.dispose()


def _shape(path: Path) -> dict[str, object]:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        shape = {name: _table(connection, name) for name in inspect(connection).get_table_names()}
        wheres = connection.execute(
            text(
                "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
            )
        ).all()
    engine.dispose()
    shape["indexes"] = {(name, " ".join(sql.split())) for name, sql in wheres}
    return shape


def _table(connection: Connection, name: str) -> object:
    look = inspect(connection)
    columns = {(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)}
    unique = {tuple(u["column_names"]) for u in look.get_unique_constraints(name)}
    return columns, tuple(look.get_pk_constraint(name)["constrained_columns"]), unique
