"""The morning after: what the night held back leaves in order, once, and within the caps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from engine.adapters.db.connect import connect, reading
from engine.adapters.db.stored import instant
from engine.cli.main import group

CONFIG = """\
company:
  name: Shop
  address: "Street 1, New York"
  time_zone: America/New_York
  site: https://shop.example
secrets: { links: $LINKS }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy:
  quiet_hours: 22:00-08:00
  marketing_cap: 1 per calendar day
  over_the_cap: postpone up to 3 hours, then drop
  categories: { news: { class: marketing, consent: opt-in } }
"""
JOURNEY = """\
journey: {name}
title: {name}
owner: lena@shop.example
status: live
category: news
priority: {priority}
enter: {{ when: {event} }}
steps:
{steps}  - id: hello
    send: news/{name}
"""
DAILY = """\
segment: everybody
title: Everybody
owner: lena@shop.example
who: { country: US }
"""
NINE_O_CLOCK = "  - id: night\n    wait_until: Thursday 09:00\n    same_day_after: go_on\n"
MAIL = "---\nsubject: Hello\nfrom: lena\n---\nHello, how are you?\n"
NEW_YORK = ZoneInfo("America/New_York")
EIGHT = datetime(2027, 3, 4, 8, tzinfo=NEW_YORK).astimezone(UTC)
NINE = EIGHT + timedelta(hours=1)
SPREAD = timedelta(minutes=15)


def sincerely(at: str, *arguments: str) -> str:
    result = CliRunner().invoke(group, ["--at", at, *arguments])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Engine]:
    """A shop in New York with an important journey and one that can wait, each by day and by night."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    monkeypatch.setenv("LINKS", "k" * 40)
    Path("journeys").mkdir()
    Path("templates/news").mkdir(parents=True)
    Path("config.yaml").write_text(CONFIG)
    for name, priority, event, steps in (
        ("weighty", "high", "parcel.lost", ""),
        ("idle", "low", "shop.visited", ""),
        ("nine", "high", "order.placed", NINE_O_CLOCK),
        ("nine-too", "low", "order.placed", NINE_O_CLOCK),
    ):
        journey = JOURNEY.format(name=name, priority=priority, event=event, steps=steps)
        Path(f"journeys/{name}.yaml").write_text(journey)
        Path(f"templates/news/{name}.md.j2").write_text(MAIL)
    for shared in ("_layouts", "_blocks", "_assets"):
        copytree(Path(__file__).parents[2] / "templates" / shared, Path("templates") / shared)
    sincerely("2027-03-03 12:00", "db", "upgrade")
    sincerely("2027-03-03 12:00", "apply", "--yes")
    engine = connect(database)
    yield engine
    engine.dispose()


def happens(name: str, *people: str) -> None:
    """At ten past eleven at night the same thing happens to people who agreed to news."""
    before, night = "2027-03-03T17:00:00Z", "2027-03-04T04:10:00Z"
    rows: list[dict[str, Any]] = []
    for who in people:
        rows += [
            {"type": "person", "id": who, "email": f"{who}@example.com", "country": "US", "at": before},
            {"type": "consent", "person": who, "topic": "news", "state": "given",
             "confirmed": True, "at": before},
            {"type": "event", "id": f"{name}-{who}", "person": who, "name": name, "at": night},
        ]  # fmt: skip
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    sincerely("2027-03-03 23:10", "import", "history", "rows.jsonl")


def outbox(engine: Engine) -> list[tuple[str, str, datetime]]:
    """Every mail that left: to whom, of which journey and when, in the order of leaving."""
    with reading(engine) as connection:
        asked = (
            "SELECT person_id, journey, sent_at FROM outbox WHERE status = 'sent' ORDER BY sent_at"
        )
        return [(who, what, instant(at)) for who, what, at in connection.execute(text(asked))]


def test_what_the_night_held_back_leaves_from_eight_on_most_important_first(shop: Engine) -> None:
    """Scenario 13, R4.4: by the daemon, whoever of them wrote first."""
    idle = [f"a{n}" for n in range(6)]
    weighty = [f"b{n}" for n in range(6)]
    happens("shop.visited", *idle)
    happens("parcel.lost", *weighty)
    sincerely("2027-03-03 23:10", "run", "--until", "2027-03-04 07:59")
    assert outbox(shop) == []
    sincerely("2027-03-04 07:59", "run", "--until", "2027-03-04 09:00")
    left = outbox(shop)
    assert [journey for _, journey, _ in left] == ["weighty"] * 6 + ["idle"] * 6
    assert {who for who, _, _ in left} == {*idle, *weighty}
    times = [at for _, _, at in left]
    assert times == [EIGHT + SPREAD * place / 12 for place in range(12)]


def test_many_who_wait_for_nine_o_clock_are_decided_once_and_within_their_cap(
    shop: Engine,
) -> None:
    """Scenario 38 in small (how long a hundred thousand take is measured by `make bench`)."""
    crowd = [f"c{n}" for n in range(250)]
    happens("order.placed", *crowd)
    sincerely("2027-03-03 23:10", "run", "--until", "2027-03-04 09:30")
    left = outbox(shop)
    assert Counter(who for who, _, _ in left) == dict.fromkeys(crowd, 1), "1 per calendar day"
    assert {journey for _, journey, _ in left} == {"nine"}, "the important one took the slot"
    with reading(shop) as connection:
        asked = "SELECT journey, what, reason, count(*) FROM trace WHERE reason IS NOT NULL GROUP BY 1, 2, 3"
        reasons = {tuple(row) for row in connection.execute(text(asked))}
    assert ("nine-too", "dropped", "expired", 250) in reasons
    before = len(left)
    sincerely("2027-03-04 09:30", "run", "--once")
    assert len(outbox(shop)) == before


def test_who_moves_to_another_zone_has_one_nine_o_clock_a_day(shop: Engine) -> None:
    """R4.5: nine was over in New York when she landed in Honolulu, where it was still to come."""
    Path("segments").mkdir()
    Path("segments/everybody.yaml").write_text(DAILY)
    daily = JOURNEY.format(name="weighty", priority="high", event="parcel.lost", steps="")
    way_in = "enter: { every: day 09:00, who: { segment: everybody }, again: always }"
    daily = daily.replace("enter: { when: parcel.lost }", way_in)
    Path("journeys/weighty.yaml").write_text(daily)
    sincerely("2027-03-03 12:00", "apply", "--yes")
    happens("shop.seen", "ann")
    sincerely("2027-03-03 23:10", "run", "--until", "2027-03-04 10:00")
    assert [at for _, _, at in outbox(shop)] == [NINE]
    moved = {
        "type": "person",
        "id": "ann",
        "time_zone": "Pacific/Honolulu",
        "at": "2027-03-04T15:00:00Z",
    }
    Path("rows.jsonl").write_text(json.dumps(moved) + "\n")
    sincerely("2027-03-04 10:00", "import", "history", "rows.jsonl")
    sincerely("2027-03-04 10:00", "run", "--until", "2027-03-06 00:00")
    in_honolulu = datetime(2027, 3, 5, 9, tzinfo=ZoneInfo("Pacific/Honolulu"))
    assert [at for _, _, at in outbox(shop)] == [NINE, in_honolulu.astimezone(UTC)]
