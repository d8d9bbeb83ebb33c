"""Keeping house: what is old goes, in small batches, and nothing that a decision still needs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db import keeping as module
from engine.adapters.db import marks
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.inbox import DatabaseInbox, kept
from engine.adapters.db.keeping import DatabaseKeeping
from engine.adapters.db.stored import micros
from engine.adapters.db.then import DatabasePast
from engine.adapters.mail.folder import clear
from engine.application.keep_house import keep_house
from engine.bootstrap import compile_project
from engine.domain.arrival import EventArrived, PersonArrived
from engine.domain.event import Event
from engine.language.project import Project

NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = 366 * DAY
CONFIG = """\
company: { name: Shop, address: "Street 1, 10115 Berlin", time_zone: Europe/Berlin }
senders: { lena: { name: Lena, email: lena@shop.example } }
policy: { categories: { news: { class: marketing } } }
keep: { events: 1 year, traces: 1 year, rendered_mails: 30 days }
emotion: { keep_text: 30 days }
"""
JOURNEY = """\
journey: news
title: News
status: live
category: news
enter: { when: page.viewed, if: { did: shop.visited, within: 800 days } }
goal: { did: order.placed }
leave_when: { did: club.left }
steps:
  - { id: rest, wait: 3 days }
"""
LISTENING = """\
journey: listening
title: Listening
status: live
category: news
enter: { when: feedback.received }
steps:
  - { id: rest, wait: 3 days }
"""


def project(*more: str, config: str = CONFIG) -> Project:
    files = {"config.yaml": config, "journeys/news.yaml": JOURNEY}
    for text in (LISTENING, *more):
        files[f"journeys/{text.split()[1]}.yaml"] = text
    found = compile_project(files)
    assert found.ok, found.diagnostics
    return found


def keep(engine: Engine, at: datetime = NOW, found: Project | None = None) -> dict[str, int]:
    found = found or project()
    return keep_house(DatabaseKeeping(engine), lambda before: 0, found.config, found.rulebook, at)


def happened(engine: Engine, *events: tuple[str, datetime], **properties: str) -> None:
    with writing(engine) as connection:
        person = PersonArrived("ann", "ann@x.org", "ann@x.org", {}, NOW - 9 * YEAR)
        arrivals = [
            EventArrived("ann", Event(f"{name}{at}", name, at, properties)) for name, at in events
        ]
        ingest(connection, [person, *arrivals], NOW)
        connection.execute(sql("UPDATE event SET pending = false"))


def names(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(sql("SELECT name FROM event ORDER BY name")).scalars())


def test_old_events_go_but_for_what_conditions_goals_orders_and_tickets_need(store_engine):
    """Keeping house takes nothing from a decision: windows, goals and stages look back."""
    old = [
        "page.viewed", "shop.visited", "club.left", "order.placed", "order.refunded",
        "ticket.opened",
    ]  # fmt: skip
    happened(store_engine, *((name, NOW - 2 * YEAR) for name in old))
    happened(store_engine, ("page.viewed", NOW - 300 * DAY), ("shop.visited", NOW - 801 * DAY))
    assert keep(store_engine) == {"events": 2}
    assert names(store_engine) == [
        "club.left", "order.placed", "order.refunded", "page.viewed", "shop.visited",
        "ticket.opened",
    ]  # fmt: skip
    with reading(store_engine) as connection:
        kept = marks.marked(connection, marks.KEPT)
    assert kept == (NOW, {"removed": {"events": 2}})


def test_what_waits_to_act_and_what_a_living_run_counts_stays(store_engine):
    """R2.3: events count from the entry on, however long ago it was."""
    happened(store_engine, ("page.viewed", NOW - 3 * YEAR), ("page.viewed", NOW - 2 * YEAR))
    with writing(store_engine) as connection:
        connection.execute(
            sql(
                "INSERT INTO run (id, person_id, journey, entry_key, entered_at, version, since, kept,"
                " state, held_out)"
                " VALUES ('r', 'ann', 'news', 'k', :entered, 'v', :entered, true, '{}', false)"
            ),
            {"entered": micros(NOW - 2 * YEAR)},
        )
        ingest(
            connection,
            [EventArrived("ann", Event("late", "page.viewed", NOW - 4 * YEAR))],
            NOW,
        )
    assert keep(store_engine) == {"events": 1}
    assert names(store_engine) == ["page.viewed", "page.viewed"]


def test_a_round_goes_on_batch_by_batch_and_once_a_day(store_engine, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 3)
    happened(store_engine, *(("page.viewed", NOW - 2 * YEAR - n * DAY) for n in range(10)))
    assert keep(store_engine) == {"events": 10}
    happened(store_engine, ("page.viewed", NOW - 2 * YEAR))
    assert keep(store_engine, NOW + timedelta(hours=19)) == {}
    assert keep(store_engine, NOW + timedelta(hours=20)) == {"events": 1}


def test_mail_of_strangers_goes_after_90_days(store_engine):
    inbox = DatabaseInbox(store_engine)
    for days in (91, 89):
        inbox.keep(inbox.put("mail", b"Hello", NOW - days * DAY), "it comes from nobody here")
    assert keep(store_engine) == {"deliveries that nobody mended": 1}
    with reading(store_engine) as connection:
        assert [one.received_at for one in kept(connection)] == [NOW - 89 * DAY]


def test_words_go_after_their_days_and_the_event_stays(store_engine):
    """R6.3: what somebody wrote is kept for `keep_text`, in every copy of it."""
    words = {"text": "I am so angry", "rating": "1"}
    happened(
        store_engine, ("feedback.received", NOW - 31 * DAY), ("feedback.received", NOW - 29 * DAY),
        **words,
    )  # fmt: skip
    entry = {"name": "feedback.received", "properties": words}
    with writing(store_engine) as connection:
        for key, kept in (("gone", "false"), ("alive", "true")):
            connection.execute(
                sql(
                    "INSERT INTO run (id, person_id, journey, entry_key, entered_at, version, since,"
                    " kept, state, held_out, ended_at) VALUES (:id, 'ann', 'listening', :id, :at, 'v',"
                    f" :at, {kept}, :state, false, :at)"
                ),
                {"id": key, "at": micros(NOW - 31 * DAY), "state": json.dumps({"entry": entry})},
            )
    assert keep(store_engine) == {"words": 2}
    with reading(store_engine) as connection:
        found = connection.execute(sql("SELECT properties FROM event ORDER BY at")).scalars()
        first, second = (p if isinstance(p, dict) else json.loads(p) for p in found)
        runs = {key: state for key, state in connection.execute(sql("SELECT id, state FROM run"))}
    assert (first, second) == ({"rating": "1"}, words)
    assert "angry" not in str(runs["gone"])
    assert "angry" in str(runs["alive"]), "a mail of a living run may quote it"


def test_words_stay_while_a_condition_asks_for_them(store_engine):
    happened(store_engine, ("feedback.received", NOW - 31 * DAY), text="mould")
    asking = JOURNEY.replace("journey: news", "journey: asking").replace(
        "{ did: order.placed }", "{ did: feedback.received, where: { text: mould } }"
    )
    assert keep(store_engine, found=project(asking)) == {}


def test_old_traces_go_but_for_living_runs_and_experiments(store_engine, monkeypatch):
    """R8.2: who got which variant stands in the trace; `why` tells the rest for as long as it is kept."""
    monkeypatch.setattr(module, "BATCH", 2)
    experiment = JOURNEY.replace("journey: news", "journey: trial").replace(
        "  - { id: rest, wait: 3 days }",
        '  - id: ask\n    experiment: "Which?"\n    variants:\n'
        "      - { name: a, share: 50%, then: [ { id: x, wait: 1 day } ] }\n"
        "      - { name: b, share: 50%, then: [ { id: y, wait: 1 day } ] }\n"
        "    measure: { did: order.placed, within: 7 days }\n"
        "    at_least: 100 people\n    decide: after 28 days",
    )
    old = micros(NOW - 2 * YEAR)
    lines = [("chose", "trial", "ask"), ("moved", "news", "rest"), ("chose", "news", "rest")] * 3
    happened(store_engine)
    with writing(store_engine) as connection:
        for what, journey, step in lines:
            connection.execute(
                sql(
                    "INSERT INTO trace (person_id, at, journey, run, step, what, because, detail,"
                    " version) VALUES ('ann', :at, :journey, 'r', :step, :what, '', '{}', '')"
                ),
                {"at": old, "journey": journey, "step": step, "what": what},
            )
        for at in (old, old, micros(NOW)):
            connection.execute(
                sql("INSERT INTO former (person_id, at, what, about, was)"
                    " VALUES ('ann', :at, 'turn', '', '{}')"),
                {"at": at},
            )  # fmt: skip
    found = project(experiment)
    assert keep(store_engine, found=found) == {"traces": 6, "former states": 2}
    with reading(store_engine) as connection:
        left = connection.execute(sql("SELECT DISTINCT journey, what FROM trace")).all()
        assert left == [("trial", "chose")]
        assert DatabasePast(connection, "ann").kept_since == datetime(2025, 3, 4, 11, tzinfo=UTC)


def test_delivered_mails_in_the_folder_go_and_nothing_else_there(tmp_path: Path):
    """Delivery by `folder`: mails hold everything that was said to people."""
    mail = f"0900-onboarding-welcome-{'a' * 32}"
    for day in ("2026-01-01", "2026-03-01"):
        (tmp_path / day).mkdir()
        for name in (f"{mail}.eml", f"{mail}.html"):
            (tmp_path / day / name).write_text("Dear Ann")
    (tmp_path / "2026-01-01" / "notes.txt").write_text("mine")
    (tmp_path / "2026-01-02").mkdir()
    (tmp_path / "letters").mkdir()
    (tmp_path / ".sent").mkdir()
    assert clear(tmp_path, datetime(2026, 2, 2, 9, tzinfo=UTC)) == 2
    assert clear(tmp_path / "none", NOW) == 0
    assert (tmp_path / "2026-01-01" / "notes.txt").exists()
    assert not (tmp_path / "2026-01-02").exists()
    assert len(list((tmp_path / "2026-03-01").iterdir())) == 2
