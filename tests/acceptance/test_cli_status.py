"""`status` on a small shop."""

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.adapters.db.connect import connect, writing
from engine.adapters.db.outbox import claim_outbox, finish
from engine.application.ports.outbox import Finished
from engine.cli.main import group
from engine.domain.reasons import Reason

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
  - { id: thank, send: thanks/note }
  - { id: rest, wait: 3 days }
"""
MAIL = """\
---
subject: Thank you
needs: { item: { sample: beans } }
---
Thank you for the {{ item }}.
"""
LAYOUT = (Path(__file__).parents[2] / "templates/_layouts/plain.html.j2").read_text()
AT = datetime(2026, 3, 4, 11, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SINCERELY_DATABASE", raising=False)
    (tmp_path / "config.yaml").write_text(CONFIG)
    for path, text in (
        ("journeys/thanks.yaml", JOURNEY),
        ("templates/thanks/note.md.j2", MAIL),
        ("templates/_layouts/letter.html.j2", LAYOUT),
    ):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "people.csv").write_text("id,email\nann,ann@shop.example\n")
    (tmp_path / "events.csv").write_text(
        "id,person,name,at\n1,ann,order.placed,2026-03-04T10:59:00Z\n"
    )
    return tmp_path


def run(*arguments):
    result = CliRunner().invoke(group, ["--at", "2026-03-04T11:00:00Z", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def status():
    return json.loads(run("--format", "json", "status"))


def test_before_the_first_apply_it_says_what_to_do_and_every_threshold(shop):
    """R6.2: every threshold in use is printed."""
    run("db", "upgrade")
    said = run("status")
    assert "Nothing is in force yet: `sincerely apply`" in said
    assert "at risk after      182.0 days" in said
    assert "defaults until 100 people have bought twice" in said


def test_lag_wakes_pauses_and_missing_values_are_named(shop):
    run("db", "upgrade")
    run("apply", "--yes")
    run("import", "people", "people.csv")
    run("import", "events", "events.csv")
    waiting = status()
    assert (waiting["people"], waiting["overdue"], waiting["waiting_events"]) == (1, 1, 1)
    assert "1 person is overdue" in run("status")

    run("run", "--once")
    after = status()
    assert after["overdue"] == 0
    assert after["wakes"] == [
        {"at": "2026-03-07T11:00:00Z", "person": "ann", "journey": "thanks", "step": "rest"}
    ]
    assert after["journeys"] == [{"journey": "thanks", "status": "live", "people": 1}]
    [trouble] = after["needs_attention"]
    assert (trouble["mail"], trouble["reason"], trouble["messages"]) == (
        "thanks/note", "missing_value", 1,
    )  # fmt: skip
    assert "item" in trouble["detail"]
    assert "`sincerely preview thanks/note --for ann`" in trouble["what_to_do"]

    run("pause", "--journey", "thanks")
    run("pause")
    paused = status()
    assert (paused["paused"], paused["journeys"][0]["status"]) == (True, "paused")
    assert "THE ENGINE IS PAUSED" in run("status")


def test_the_operator_hears_once_of_what_needs_somebody_and_when_it_is_over(shop):
    (shop / "config.yaml").write_text(CONFIG + "operator: { email: ops@shop.example }\n")
    run("db", "upgrade")
    run("apply", "--yes")
    run("import", "people", "people.csv")
    run("import", "events", "events.csv")
    run("run", "--once")
    run("run", "--once")
    [mail] = (shop / "outbox").glob("*/*-notice-alert-*.eml")
    assert "ops@shop.example" in mail.read_text()
    assert "ann" not in mail.read_text(), "an alert holds nothing of a person"
    [alert] = status()["alerts"]
    assert alert["name"] == "attention missing_value"
    assert "1 of thanks/note (thanks/thank)" in run("status")
    (shop / "item.csv").write_text("id,item\nann,beans\n")
    later = ("--at", "2026-03-04T12:00:00Z")
    run(*later, "import", "people", "item.csv")
    run(*later, "run", "--once")
    assert status()["alerts"] == []
    subjects = sorted(p.read_text() for p in (shop / "outbox").glob("*/*-notice-alert-*.eml"))
    assert sum("Over: " in text for text in subjects) == 1


def test_a_mail_that_left_is_among_the_last_and_an_unknown_outcome_needs_attention(shop):
    """R10.1: a message whose outcome is unknown is not sent again; somebody has to look."""
    (shop / "events.csv").write_text(
        "id,person,name,at,item\n1,ann,order.placed,2026-03-04T10:59:00Z,beans\n"
        "2,bob,order.placed,2026-03-04T10:59:00Z,tea\n"
    )
    (shop / "people.csv").write_text("id,email\nann,ann@shop.example\nbob,bob@shop.example\n")
    run("db", "upgrade")
    run("apply", "--yes")
    run("import", "people", "people.csv")
    run("import", "events", "events.csv")
    run("run", "--once")
    seen = status()
    assert seen["needs_attention"] == []
    assert [mail["mail"] for mail in seen["mails"]] == ["thanks/note", "thanks/note"]
    assert seen["messages"] == {"sent": 2}

    engine = connect(f"sqlite:///{shop}/sincerely.db")
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE outbox SET status = 'queued' WHERE person_id = 'bob'")
    [row] = claim_outbox(engine, AT + timedelta(minutes=1), 10, "test", timedelta(minutes=1))
    with writing(engine) as connection:
        finish(connection, [Finished(row.send_id, "unknown", Reason.UNKNOWN, "no answer")], "test")
    engine.dispose()
    [trouble] = status()["needs_attention"]
    assert (trouble["reason"], trouble["person"], trouble["detail"]) == (
        "unknown", "bob", "no answer",
    )  # fmt: skip


def test_mail_that_waits_for_its_provider_is_said_with_the_provider_s_own_words(shop):
    """R10.5: nobody is there; `status` says since when, what was said, and when it is tried again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    way = f"delivery: {{ by: smtp, host: 127.0.0.1, port: {port}, security: none }}\n"
    (shop / "config.yaml").write_text(CONFIG + way)
    (shop / "events.csv").write_text(
        "id,person,name,at,item\n1,ann,order.placed,2026-03-04T10:59:00Z,beans\n"
    )
    run("db", "upgrade")
    run("apply", "--yes")
    run("import", "people", "people.csv")
    run("import", "events", "events.csv")
    run("run", "--once")
    [waiting] = status()["held_back"]
    assert (waiting["reason"], waiting["messages"]) == ("provider_down", 1)
    assert waiting["next_try"] == "2026-03-04T11:00:05Z"
    said = run("status")
    assert "The provider has not taken 1 message yet" in said
    assert "refused" in said
