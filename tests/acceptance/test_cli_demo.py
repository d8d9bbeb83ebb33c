"""`demo` on a few of its customers: what it says, what lies in its folder and what it stores agree."""

import json
import sqlite3
from importlib import import_module

from click.testing import CliRunner

from engine.cli.main import group

sample = import_module("engine.adapters.sample.history")
WITHOUT_A_FIRST_NAME = ("c0147", "c1252")


def run(*arguments):
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_mail_that_was_not_written_is_not_said_to_have_left(tmp_path, monkeypatch):
    """R9.2: a birthday wish skips who has no first name, and no total, folder or story says otherwise."""
    rows = [
        row
        for row in sample.history()
        if (row.get("person") or row.get("id")) in WITHOUT_A_FIRST_NAME
    ]
    monkeypatch.setattr(sample, "history", lambda seed=1997: iter(rows))
    out = tmp_path / "demo"
    told = json.loads(run("--format", "json", "demo", "--out", str(out)))
    written = len(list(out.glob("outbox/*/*.eml")))
    assert sum(told["sent"].values()) == written > 0
    skipped = told["held"]["skipped_by_mail"]
    assert skipped > 0

    database = sqlite3.connect(out / "sincerely.db")
    by_status = dict(database.execute("SELECT status, count(*) FROM outbox GROUP BY status"))
    left = database.execute("SELECT count(*) FROM event WHERE name = 'mail.sent'").fetchone()[0]
    slots = database.execute("SELECT count(*) FROM slot").fetchone()[0]
    database.close()
    assert by_status == {"sent": written, "dropped": skipped}
    assert left == slots == written

    why = run(
        "--project", str(out), "--at", "1998-07-01", "why", "c1252",
        "--mail", "birthday/coffee-on-us",
    )  # fmt: skip
    assert "birthday/coffee-on-us: DROPPED" in why
    assert "The mail itself said that it is not for this person." in why
    assert "SENT" not in why
