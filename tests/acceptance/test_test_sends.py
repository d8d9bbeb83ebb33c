"""A test send, by the commands alone: it looks like the mail, and leaves no trace in the shop."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from engine.adapters.db.connect import connect, reading
from engine.cli.main import group

ANN = [
    {"type": "person", "id": "ann", "email": "ann@example.com", "first_name": "Ann",
     "country": "FR", "at": "2026-03-02T08:00:00Z"},
    {"type": "consent", "person": "ann", "topic": "onboarding", "state": "given", "confirmed": True,
     "at": "2026-03-02T08:00:00Z"},
    {"type": "event", "id": "o", "person": "ann", "name": "order.placed",
     "at": "2026-03-02T09:00:00Z", "order_id": "7", "total": 20},
]  # fmt: skip


def sincerely(*arguments: str) -> str:
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


def mails() -> list[EmailMessage]:
    files = Path("outbox").glob("*/*.eml")
    return [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]  # type: ignore[arg-type]


def test_a_test_send_is_marked_counts_nowhere_and_its_links_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    """R7.2, R3.4: two within a minute go, although there is a cap; Ann's own mail goes as if none had."""
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    sincerely("init", str(tmp_path / "shop"))
    monkeypatch.chdir(tmp_path / "shop")
    Path("history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ANN))
    sincerely("--at", "2026-03-02 08:00", "apply", "--yes")
    sincerely("--at", "2026-03-02 10:00", "import", "history", "history.jsonl")
    for at in ("2026-03-02 10:00", "2026-03-02 10:01"):
        test = (
            "preview",
            "onboarding/meet-the-roaster",
            "--for",
            "ann",
            "--send-to",
            "me@example.com",
        )
        sincerely("--at", at, *test)
    tests = mails()
    assert [mail["To"] for mail in tests] == ["me@example.com"] * 2
    for mail in tests:
        assert mail["Subject"].startswith("[Test] ")
        assert mail["List-Unsubscribe"] is None
        body = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert 'href="#unsubscribe"' in body, "a link to nowhere"
        assert "/u/" not in body
    engine = connect(database)
    with reading(engine) as connection:
        for table in ("outbox", "slot", "trace"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
    engine.dispose()
    sincerely("--at", "2026-03-02 10:02", "run", "--once")
    [real] = [mail for mail in mails() if "me@" not in mail["To"]]
    assert not real["Subject"].startswith("[Test]")
