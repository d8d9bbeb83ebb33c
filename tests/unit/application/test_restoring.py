"""How a restored database is told from one that only stood still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.adapters.witness import Witness
from engine.application.restoring import lost_since

NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("copied", "heartbeat", "witness", "since"),
    [
        (None, None, None, None),  # a new database
        (None, NOW - MINUTE, NOW - MINUTE, None),  # a restart
        (None, NOW - 30 * DAY, NOW - 30 * DAY, None),  # a month in the drawer
        (None, NOW - MINUTE, None, None),  # another machine joins
        (None, NOW - DAY, NOW - MINUTE, NOW - DAY),  # it has gone back behind its witness
        (None, NOW - DAY, NOW - DAY + 2 * MINUTE, None),  # killed between the two notes
        (None, NOW - DAY, None, NOW - DAY),  # a new machine and an old heartbeat: nobody can know
        (NOW - DAY, NOW - DAY, NOW - DAY, NOW - DAY),  # a copy by `db backup`
        (NOW - DAY, None, None, NOW - DAY),
    ],
)
def test_a_database_that_has_gone_back_is_noticed(copied, heartbeat, witness, since):
    assert lost_since(copied, heartbeat, witness, NOW) == since


def test_a_witness_remembers_and_a_broken_one_knows_nothing(tmp_path):
    witness = Witness(tmp_path, "sqlite:///a.db")
    assert witness.read() is None
    assert witness.write(NOW)
    assert Witness(tmp_path, "sqlite:///a.db").read() == NOW
    assert Witness(tmp_path, "sqlite:///b.db").read() is None
    [file] = (tmp_path / ".sincerely").iterdir()
    for broken in ("", "{}", '{"at": 1}', '{"at": "2026-03-04T11:00:00"}', "[]"):
        file.write_text(broken)
        assert witness.read() is None
    assert not Witness(tmp_path / "gone", "x").write(NOW)
