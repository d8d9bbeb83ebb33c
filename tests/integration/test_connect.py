"""The door to the database: what is wrong with a URL is said, and its password is not."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from engine.adapters.db.connect import connect, reading, writing
from engine.domain.errors import SetupError

UNREADABLE = (
    "mysql://bob:hunter2@host/name",
    "postgresql//bob:hunter2@host/name",
    "postgresql://bob:hunt/er2@a:port/name",
    "sqlite://bob:hunter2@host/name",
    "bob:hunter2@host",
)


@pytest.mark.parametrize("url", UNREADABLE)
def test_a_url_that_names_no_database_is_told_without_its_password(url: str) -> None:
    with pytest.raises(SetupError, match="no database that Sincerely runs on") as told:
        connect(url)
    assert "er2" not in str(told.value)


def test_an_error_of_the_database_names_nobody(store_engine: Engine) -> None:
    """What went wrong ends in tracebacks and logs, where no address belongs."""
    with pytest.raises(DBAPIError) as failed, writing(store_engine) as connection:
        connection.execute(text("SELECT :who FROM nowhere"), {"who": "zoe@example.com"})
    assert "zoe" not in str(failed.value)


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    engine = connect("postgresql://bob:hunter2@127.0.0.1:1/name")
    with pytest.raises(SetupError, match="does not answer") as told, reading(engine):
        raise AssertionError("nothing listens there")
    assert "hunter2" not in str(told.value)
    assert told.value.__cause__ is None or "hunter2" not in str(told.value.__cause__)
