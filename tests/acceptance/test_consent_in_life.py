"""Who may be written to, by the commands alone: what files say, what people did, and what then leaves."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from engine.adapters.db.connect import connect, reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.stored import instant
from engine.cli.main import group
from engine.domain.arrival import ConsentArrived
from engine.domain.consent import ALL_TOPICS, ConsentEntry

CONFIG = """\
company:
  name: Shop
  address: "Street 1, New York"
  time_zone: UTC
  site: https://shop.example
secrets: { links: $LINKS }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy:
  categories:
    news: { class: marketing, consent: opt-in }
    offers: { class: marketing, consent: opt-in }
    receipt: { class: transactional }
    care: { class: service }
emotion: { consent: opt-in }
"""
UPSET = """\
segment: upset-now
title: Upset right now
owner: lena@shop.example
who: { upset: { at_least: high, within: 14 days } }
"""
COMFORT = """\
journey: comfort
title: Comfort
owner: lena@shop.example
status: live
category: care
enter: { joins: upset-now }
steps:
  - id: patience
    wait: 5 days
  - id: hello
    send: care/hello
"""
JOURNEY = """\
journey: {name}
title: {name}
owner: lena@shop.example
status: live
category: {name}
enter: {{ when: {event}, again: always }}
steps:
  - id: hello
    send: {name}/hello
"""
MAIL = "---\nsubject: Hello\nfrom: lena\n---\nHello, how are you?\n"
EVERYTHING = {"news", "offers", "receipt", "care"}
BEFORE = "2026-03-02T08:00:00Z"


def sincerely(at: str, *arguments: str) -> str:
    result = CliRunner().invoke(group, ["--at", at, *arguments])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Engine]:
    """A shop that sends a mail of each category when `order.placed` comes; `care` when consent ends."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SINCERELY_DATABASE", database)
    monkeypatch.setenv("LINKS", "k" * 40)
    Path("journeys").mkdir()
    Path("config.yaml").write_text(CONFIG)
    journeys = dict.fromkeys(EVERYTHING, "order.placed") | {"ending": "consent.expiring"}
    for name, event in journeys.items():
        journey = JOURNEY.format(name=name, event=event)
        journey = journey.replace("category: ending", "category: care")
        Path(f"journeys/{name}.yaml").write_text(journey)
        Path(f"templates/{name}").mkdir(parents=True)
        Path(f"templates/{name}/hello.md.j2").write_text(MAIL)
    for shared in ("_layouts", "_blocks", "_assets"):
        copytree(Path(__file__).parents[2] / "templates" / shared, Path("templates") / shared)
    sincerely(BEFORE, "db", "upgrade")
    sincerely(BEFORE, "apply", "--yes")
    engine = connect(database)
    yield engine
    engine.dispose()


def take_in(at: str, *rows: dict[str, Any]) -> None:
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    sincerely(at, "import", "history", "rows.jsonl")


def person(who: str, country: str = "US") -> dict[str, Any]:
    email = f"{who}@example.com"
    return {"type": "person", "id": who, "email": email, "country": country, "at": BEFORE}


def says(who: str, state: str, topic: str, at: str = BEFORE, **more: Any) -> dict[str, Any]:
    return {"type": "consent", "person": who, "topic": topic, "state": state, "at": at, **more}


def agrees(who: str) -> list[dict[str, Any]]:
    return [says(who, "given", topic, confirmed=True) for topic in ("news", "offers")]


def orders(who: str, at: str) -> dict[str, Any]:
    return {"type": "event", "id": f"{who}{at}", "person": who, "name": "order.placed",
            "at": at, "total": 20}  # fmt: skip


def leaves(engine: Engine, who: str, topic: str) -> None:
    """The person's own act, as the page of the mail writes it."""
    at = datetime.fromisoformat(BEFORE)
    left = ConsentEntry(topic, "unsubscribed", at, own_act=True)
    with writing(engine) as connection:
        ingest(connection, [ConsentArrived(who, left)], at)


def mailed(engine: Engine) -> dict[str, set[str]]:
    """The journeys whose mail left, by person."""
    found: dict[str, set[str]] = defaultdict(set)
    with reading(engine) as connection:
        asked = "SELECT person_id, journey FROM outbox WHERE status = 'sent'"
        for who, journey in connection.execute(text(asked)):
            found[who].add(journey)
    return found


def refused(engine: Engine) -> dict[str, set[tuple[str, str]]]:
    """The journeys whose mail did not leave, with the reason, by person."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    with reading(engine) as connection:
        asked = "SELECT person_id, journey, reason FROM trace WHERE what = 'dropped'"
        for who, journey, reason in connection.execute(text(asked)):
            found[who].add((journey, reason))
    return found


def test_who_leaves_a_topic_gets_the_others_and_who_leaves_all_gets_no_marketing(
    shop: Engine,
) -> None:
    """Scenario 31"""
    take_in(
        BEFORE, *(row for who in ("stays", "topic", "all") for row in (person(who), *agrees(who)))
    )
    leaves(shop, "topic", "news")
    leaves(shop, "all", ALL_TOPICS)
    at = "2026-03-03T09:00:00Z"
    take_in(at, *(orders(who, at) for who in ("stays", "topic", "all")))
    sincerely(at, "run", "--once")
    assert mailed(shop) == {
        "stays": EVERYTHING,
        "topic": EVERYTHING - {"news"},
        "all": {"receipt", "care"},
    }
    assert refused(shop)["all"] == {("news", "unsubscribed"), ("offers", "unsubscribed")}


def test_a_file_that_says_subscribed_brings_nobody_back(shop: Engine) -> None:
    """Scenario 33, R5.5: whatever the file says, and however new it is."""
    take_in(BEFORE, person("ann"), *agrees("ann"))
    leaves(shop, "ann", "news")
    later = "2026-03-03T08:00:00Z"
    take_in(
        later, says("ann", "subscribed", "news", later), says("ann", "confirmed", "news", later)
    )
    at = "2026-03-03T09:00:00Z"
    take_in(at, orders("ann", at))
    sincerely(at, "run", "--once")
    assert mailed(shop) == {"ann": EVERYTHING - {"news"}}
    assert refused(shop) == {"ann": {("news", "unsubscribed")}}


def test_what_a_file_says_of_a_german_address_is_not_enough(shop: Engine) -> None:
    """Scenario 34: with a record of the confirmation it is; elsewhere a yes in words may be."""
    take_in(
        BEFORE,
        person("german", "DE"), says("german", "opt-in", "news"), says("german", "opt-in", "offers"),
        person("confirmed", "DE"), *agrees("confirmed"),
        person("american", "US"), says("american", "opt-in", "news"), says("american", "opt-in", "offers"),
        person("nowhere", ""), says("nowhere", "opt-in", "news"),
    )  # fmt: skip
    at = "2026-03-03T09:00:00Z"
    people = ("german", "confirmed", "american", "nowhere")
    take_in(at, *(orders(who, at) for who in people))
    sincerely(at, "run", "--once")
    assert mailed(shop) == {
        "german": {"receipt", "care"},
        "confirmed": EVERYTHING,
        "american": EVERYTHING,
        "nowhere": {"receipt", "care"},
    }
    assert refused(shop)["german"] == {("news", "consent_pending"), ("offers", "consent_pending")}
    assert ("news", "consent_pending") in refused(shop)["nowhere"]


def test_who_objects_to_profiling_loses_their_mood_and_keeps_their_mail(shop: Engine) -> None:
    """Scenario 36, R5.10: the scores go, the segment and its journey end, the news comes."""
    Path("segments").mkdir()
    Path("segments/upset-now.yaml").write_text(UPSET)
    Path("journeys/comfort.yaml").write_text(COMFORT)
    sincerely(BEFORE, "apply", "--yes")
    people = ("objects", "agrees")
    take_in(BEFORE, *(
        row for who in people
        for row in (person(who), *agrees(who), says(who, "given", "profiling_emotion"))
    ))  # fmt: skip
    angry = "2026-03-03T09:00:00Z"
    take_in(angry, *(
        {"type": "feedback", "person": who, "id": f"f-{who}", "at": angry, "mood": {"angry": "high"}}
        for who in people
    ))  # fmt: skip
    sincerely(angry, "run", "--once")
    assert inside(shop) == {"objects", "agrees"}
    objected = "2026-03-05T09:00:00Z"
    take_in(objected, says("objects", "withdrawn", "profiling_emotion", objected),
            orders("objects", objected))  # fmt: skip
    sincerely(objected, "run", "--until", "2026-03-09T12:00:00Z")
    assert inside(shop) == {"agrees"}
    with reading(shop) as connection:
        kept = connection.execute(text("SELECT DISTINCT person_id FROM reading")).scalars().all()
    assert kept == ["agrees"]
    assert mailed(shop) == {"objects": EVERYTHING, "agrees": {"comfort"}}


def inside(engine: Engine) -> set[str]:
    """Who is in the segment of upset people."""
    said = sincerely("2026-03-09T12:00:00Z", "--format", "jsonl", "segment", "members", "upset-now")
    return {json.loads(line)["person"] for line in said.splitlines()}


def test_implied_consent_is_announced_30_days_before_it_ends_and_then_blocks(shop: Engine) -> None:
    """R5.7: a purchase in Canada is good for two years."""
    take_in(BEFORE, person("ann", "CA"), says("ann", "implied", "news", basis="purchase"))
    sincerely(BEFORE, "run", "--until", "2028-01-30T07:59:00Z")
    assert mailed(shop) == {}
    sincerely("2028-01-30T07:59:00Z", "run", "--until", "2028-01-31T09:00:00Z")
    assert mailed(shop) == {"ann": {"ending"}}
    with reading(shop) as connection:
        [sent] = connection.execute(text("SELECT sent_at FROM outbox")).scalars()
    assert f"{instant(sent):%Y-%m-%d}" == "2028-01-31", "730 days, less 30"
    for at in ("2028-02-29T09:00:00Z", "2028-03-02T09:00:00Z"):
        take_in(at, orders("ann", at))
        sincerely(at, "run", "--once")
    with reading(shop) as connection:
        asked = "SELECT count(*) FROM outbox WHERE journey = 'news' AND status = 'sent'"
        assert connection.execute(text(asked)).scalar() == 1
    assert ("news", "consent_unknown") in refused(shop)["ann"]
