"""An experiment from its first day to its winner, by the commands alone (R8.2, R2.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from engine.adapters.db.connect import connect, reading
from engine.cli.main import group

CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy: { categories: { receipt: { class: service } } }
"""
JOURNEY = """\
journey: thanks
title: Thanks
status: live
category: receipt
enter: { when: order.placed }
steps:
  - id: gift
    experiment: Do more people review the shop if they wait longer?
    variants:
      - { name: soon, share: 50%, then: [{ id: short, wait: 1 day }] }
      - { name: late, share: 50%, then: [{ id: long, wait: 9 days }] }
    measure: { did: shop.reviewed, within: 3 days }
    at_least: 20 people
    decide: after 7 days
    winner: use
"""
FIRST = datetime(2026, 3, 4, 11, tzinfo=UTC)
DAY = timedelta(days=1)


def run(at: datetime, *arguments: str) -> str:
    result = CliRunner().invoke(group, ["--at", f"{at:%Y-%m-%dT%H:%M:%SZ}", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def take_in(at: datetime, name: str, people: list[str]) -> None:
    if name == "order.placed":
        Path("people.csv").write_text("id\n" + "".join(f"{person}\n" for person in people))
        run(at, "import", "people", "people.csv")
    rows = (f"{name}-{person},{person},{name},{at:%Y-%m-%dT%H:%M:%SZ}\n" for person in people)
    Path("events.csv").write_text("id,person,name,at\n" + "".join(rows))
    run(at, "import", "events", "events.csv")
    run(at, "run", "--once")


def standing() -> dict[str, str]:
    """On which step each person stands."""
    with reading(connect("sqlite:///sincerely.db")) as connection:
        found = connection.execute(text("SELECT person_id, step FROM run WHERE step IS NOT NULL"))
        return {person: step for person, step in found}


def test_the_daemon_decides_at_the_date_and_gives_newcomers_the_winner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    Path("config.yaml").write_text(CONFIG)
    Path("journeys").mkdir()
    Path("journeys/thanks.yaml").write_text(JOURNEY)
    run(FIRST, "db", "upgrade")
    run(FIRST, "apply", "--yes")
    take_in(FIRST, "order.placed", [f"p{number}" for number in range(80)])
    late = [person for person, step in standing().items() if step == "long"]
    assert 20 < len(late) < 60

    take_in(FIRST + DAY, "shop.reviewed", late)
    assert "thanks/gift  runs until" in run(FIRST + 6 * DAY, "status")

    date = FIRST + 7 * DAY
    newcomers = [f"new{number}" for number in range(12)]
    take_in(date, "order.placed", newcomers)
    said = run(date, "status")
    assert "late won and is used" in said
    assert f"soon 0 of {80 - len(late)}, late {len(late)} of {len(late)}" in said
    now_on = standing()
    assert {now_on[person] for person in newcomers} == {"long"}
