"""What the log says of trouble with the database."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from engine.daemon.scheduler import cause_of


def test_the_cause_of_trouble_names_nobody() -> None:
    """An error of the database holds its statement and what was bound to it: data of customers."""
    statement = "INSERT INTO person (id, attributes) VALUES (?, ?)"
    error = OperationalError(statement, ("p1", '{"first_name": "Tara"}'), Exception("disk is full"))
    assert "Tara" in str(error)
    assert "disk is full" in cause_of(error)
    assert "Tara" not in cause_of(error)
