"""How fast mail leaves, and who stops it, by the commands alone (R3.9, R10.5, scenario 27)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.stored import instant
from engine.cli.main import group
from engine.domain.arrival import EventArrived
from engine.domain.event import PROVIDER, Event

PEOPLE = 14
BEGIN = datetime(2026, 3, 3, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def sincerely(at: datetime, *arguments: str) -> str:
    result = CliRunner().invoke(group, ["--at", f"{at:%Y-%m-%dT%H:%M:%SZ}", *arguments])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> str:
    """14 people ordered for the first time; a welcome is due to each. 5 mails a minute may leave."""
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    sincerely(BEGIN, "init", str(tmp_path / "shop"))
    monkeypatch.chdir(tmp_path / "shop")
    config = Path("config.yaml")
    delivery = "delivery: { by: folder, to: outbox"
    assert delivery in config.read_text()
    config.write_text(config.read_text().replace(delivery, f"{delivery}, pace: 5 per minute"))
    sincerely(BEGIN, "apply", "--yes")
    rows: list[dict[str, object]] = []
    for n in range(PEOPLE):
        who, at = f"p{n}", "2026-03-03T08:00:00Z"
        rows += [
            {"type": "person", "id": who, "email": f"{who}@example.com", "first_name": "Ann",
             "country": "FR", "at": at},
            {"type": "consent", "person": who, "topic": "onboarding", "state": "given",
             "confirmed": True, "at": at},
            {"type": "event", "id": f"o{n}", "person": who, "name": "order.placed", "at": at,
             "order_id": f"{n}", "total": 20},
        ]  # fmt: skip
    Path("history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    sincerely(BEGIN, "import", "history", "history.jsonl")
    return database


@pytest.fixture
def engine(shop: str) -> Iterator[Engine]:
    """The shop's database."""
    engine = connect(shop)
    yield engine
    engine.dispose()


def sent(engine: Engine) -> list[datetime]:
    """When each mail left."""
    with reading(engine) as connection:
        found = connection.execute(text("SELECT sent_at FROM outbox WHERE status = 'sent'"))
        return sorted(instant(at) for at in found.scalars())


def test_mail_leaves_at_the_pace_of_the_config_and_none_is_lost(engine: Engine) -> None:
    sincerely(BEGIN, "run", "--until", f"{BEGIN + 9 * MINUTE:%Y-%m-%d %H:%M}Z")
    left = sent(engine)
    assert len(left) == PEOPLE
    for at in left:
        assert sum(at <= other < at + MINUTE for other in left) <= 5


def test_a_pause_stops_what_is_queued_already_and_a_resume_lets_it_go(engine: Engine) -> None:
    """R2.11, scenario 27"""
    sincerely(BEGIN, "run", "--until", f"{BEGIN + MINUTE:%Y-%m-%d %H:%M}Z")
    before = len(sent(engine))
    assert 0 < before < PEOPLE
    sincerely(BEGIN + MINUTE, "pause", "--journey", "onboarding")
    sincerely(BEGIN + MINUTE, "run", "--until", f"{BEGIN + 9 * MINUTE:%Y-%m-%d %H:%M}Z")
    assert len(sent(engine)) == before
    sincerely(BEGIN + 9 * MINUTE, "resume", "--journey", "onboarding")
    sincerely(BEGIN + 9 * MINUTE, "run", "--until", f"{BEGIN + 15 * MINUTE:%Y-%m-%d %H:%M}Z")
    assert len(sent(engine)) == PEOPLE


def test_complaints_pause_the_journey_and_the_operator_is_told(engine: Engine) -> None:
    sincerely(BEGIN, "run", "--until", f"{BEGIN + MINUTE:%Y-%m-%d %H:%M}Z")
    before = len(sent(engine))
    with writing(engine) as connection:
        gone = connection.execute(
            text("SELECT person_id, send_id FROM outbox WHERE status = 'sent' LIMIT 3")
        ).all()
        at = BEGIN + MINUTE
        for who, mail in gone:
            said = Event(f"c-{who}", "mail.complained", at, {"send_id": mail}, PROVIDER)
            ingest(connection, [EventArrived(who, said)], at)
    sincerely(BEGIN + MINUTE, "run", "--once")
    after = len(sent(engine))
    sincerely(BEGIN + 2 * MINUTE, "run", "--until", f"{BEGIN + 9 * MINUTE:%Y-%m-%d %H:%M}Z")
    assert before <= after == len(sent(engine)) < PEOPLE
    status = sincerely(BEGIN + 9 * MINUTE, "status")
    assert "The journey `onboarding` is paused: 3 of" in status
    assert "sincerely resume --journey onboarding" in status
