"""A journey is edited while many people are inside: by the commands, with the daemon's clock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.stored import instant
from engine.cli.main import group

CONFIG = """\
company:
  name: Shop
  address: "Street 1, 10115 Berlin"
  time_zone: UTC
  site: https://shop.example
secrets: { links: $LINKS }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy:
  categories: { news: { class: marketing, consent: opt-in } }
"""
JOURNEY = """\
journey: come-back
title: Come back
owner: lena@shop.example
status: live
category: news
enter: { when: shop.left }
steps:
  - id: first
    send: news/first
  - id: patience
    wait: DAYS days
  - id: second
    send: news/second
"""
WAIT = "  - id: patience\n    wait: DAYS days\n"
MAIL = "---\nsubject: Hello\nfrom: lena\n---\nHello, how are you?\n"
MANY, FEW = 200, 40
CAME = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def invoke(at: datetime, *arguments: str) -> Result:
    return CliRunner().invoke(group, ["--at", _said(at), *arguments])


def sincerely(at: datetime, *arguments: str) -> str:
    result = invoke(at, *arguments)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Engine]:
    """A shop whose journey sends a mail, waits seven days and sends another."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    monkeypatch.setenv("LINKS", "k" * 40)
    for name, words in {
        "config.yaml": CONFIG, "templates/news/first.md.j2": MAIL,
        "templates/news/second.md.j2": MAIL,
    }.items():  # fmt: skip
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(words)
    for shared in ("_layouts", "_blocks", "_assets"):
        copytree(Path(__file__).parents[2] / "templates" / shared, Path("templates") / shared)
    Path("journeys").mkdir()
    write(JOURNEY.replace("DAYS", "7"))
    sincerely(CAME - DAY, "db", "upgrade")
    sincerely(CAME - DAY, "apply", "--yes")
    engine = connect(database)
    yield engine
    engine.dispose()


def come_in(engine: Engine, people: int) -> None:
    """So many had the first mail, and wait for the second."""
    rows: list[dict[str, Any]] = []
    for number in range(people):
        who, at = f"p{number}", _said(CAME)
        rows += [
            {"type": "person", "id": who, "email": f"{who}@example.com", "country": "US", "at": at},
            {"type": "consent", "person": who, "topic": "news", "state": "given",
             "confirmed": True, "at": at},
            {"type": "event", "id": f"left-{who}", "person": who, "name": "shop.left", "at": at},
        ]  # fmt: skip
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    sincerely(CAME, "import", "history", "rows.jsonl")
    sincerely(CAME, "run", "--until", _said(CAME + MINUTE))
    assert len(left(engine, "first")) == people


def write(journey: str) -> None:
    Path("journeys/come-back.yaml").write_text(journey)


def left(engine: Engine, mail: str) -> list[datetime]:
    """When each copy of a mail left; nobody got two."""
    asked = text(
        "SELECT person_id, sent_at FROM outbox WHERE status = 'sent' AND mail = :mail ORDER BY sent_at"
    )
    with reading(engine) as connection:
        rows = connection.execute(asked, {"mail": f"news/{mail}"}).all()
    assert len({who for who, _ in rows}) == len(rows)
    return [instant(at) for _, at in rows]


def test_a_shorter_wait_lets_go_whom_it_is_over_for_spread_and_once(shop: Engine) -> None:
    """Scenario 24, R2.8: cut from 7 to 3 days on day 6."""
    come_in(shop, FEW)
    edited = CAME + 6 * DAY
    write(JOURNEY.replace("DAYS", "3"))
    sincerely(edited, "apply", "--yes")
    sincerely(edited, "run", "--until", _said(edited + DAY / 2))
    times = left(shop, "second")
    assert len(times) == FEW
    assert edited <= times[0] < times[-1] < edited + 16 * MINUTE
    assert len(set(times)) > FEW / 2, "not all at once"
    sincerely(edited + DAY / 2, "run", "--until", _said(CAME + 9 * DAY))
    assert len(left(shop, "second")) == FEW


def test_a_longer_wait_is_counted_from_its_beginning(shop: Engine) -> None:
    """Scenario 24, R2.8: from 7 to 9 days on day 2, so day 9."""
    come_in(shop, FEW)
    write(JOURNEY.replace("DAYS", "9"))
    sincerely(CAME + 2 * DAY, "apply", "--yes")
    sincerely(CAME + 2 * DAY, "run", "--until", _said(CAME + 9 * DAY - MINUTE))
    assert left(shop, "second") == []
    sincerely(CAME + 9 * DAY - MINUTE, "run", "--until", _said(CAME + 10 * DAY))
    assert len(left(shop, "second")) == FEW


def test_a_step_with_two_hundred_people_does_not_vanish_and_each_goes_on_once(shop: Engine) -> None:
    """Scenario 25, R2.8"""
    come_in(shop, MANY)
    edited = CAME + 2 * DAY
    write(JOURNEY.replace(WAIT, ""))
    refused = invoke(edited, "plan")
    assert refused.exit_code == 1
    assert "step `patience` of `come-back` is gone, but 200 people stand there" in refused.stdout
    assert invoke(edited, "apply", "--yes").exit_code == 1
    sincerely(edited, "run", "--until", _said(edited + DAY))
    assert left(shop, "second") == []

    later = edited + DAY
    where = "removed: { patience: { go_to: second } }\nsteps:"
    write(JOURNEY.replace(WAIT, "").replace("steps:", where))
    sincerely(later, "apply", "--yes")
    sincerely(later, "run", "--until", _said(CAME + 9 * DAY))
    assert len(left(shop, "second")) == MANY


def test_a_bad_edit_rolled_back_after_ten_minutes_costs_nobody_their_place(shop: Engine) -> None:
    """Scenario 26, R2.10: the bad one gives the first mail another name, and waits longer."""
    come_in(shop, FEW)
    edited = CAME + 2 * DAY
    bad = JOURNEY.replace("id: first", "id: hello\n    was: first").replace("DAYS", "8")
    write(bad)
    sincerely(edited, "apply", "--yes")
    sincerely(edited, "run", "--until", _said(edited + 10 * MINUTE))
    write(JOURNEY.replace("id: first", "id: first\n    was: hello").replace("DAYS", "7"))
    sincerely(edited + 10 * MINUTE, "apply", "--yes")
    sincerely(edited + 10 * MINUTE, "run", "--until", _said(CAME + 7 * DAY - MINUTE))
    assert (len(left(shop, "first")), len(left(shop, "second"))) == (FEW, 0)
    sincerely(CAME + 7 * DAY - MINUTE, "run", "--until", _said(CAME + 8 * DAY))
    assert (len(left(shop, "first")), len(left(shop, "second"))) == (FEW, FEW)


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
