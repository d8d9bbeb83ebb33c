"""What `/metrics` reads of the store, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, update

from engine.adapters.db import marks
from engine.adapters.db.connect import writing
from engine.adapters.db.events import ingest
from engine.adapters.db.gauges import DatabaseGauges
from engine.adapters.db.inbox import DatabaseInbox
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import DUE, OUTBOX, TRACE
from engine.daemon.pulse import Pulse
from engine.domain.arrival import EventArrived, PersonArrived
from engine.domain.event import PROVIDER, Event
from engine.domain.message import mail_event
from engine.web.metrics import Metrics

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_what_waits_and_what_came_back_is_measured(store_engine: Engine) -> None:
    people = [PersonArrived(p, f"{p}@x.example", f"{p}@x.example", {}, NOW) for p in ("ann", "bob")]
    mails = [
        EventArrived(p, mail_event("mail.sent", f"{p}-1", NOW - MINUTE, mail="a/b", category="c",
                                   journey="j", step="s"))
        for p in ("ann", "bob")
    ]  # fmt: skip
    bounced = Event(
        "b1", "mail.bounced", NOW, {"send_id": "ann-1", "status": "5.1.1"}, source=PROVIDER
    )
    with writing(store_engine) as connection:
        ingest(connection, [*people, *mails, EventArrived("ann", bounced)], NOW)
        connection.execute(
            OUTBOX.insert(),
            [_row("ann-1", "ann", "sent", None), _row("bob-1", "bob", "sent", None),
             _row("bob-2", "bob", "queued", "provider_down")],
        )  # fmt: skip
        connection.execute(update(DUE).values(due_at=micros(NOW - 3 * MINUTE)))
        marks.mark(connection, marks.HEARTBEAT, NOW - MINUTE)
    DatabaseInbox(store_engine).put("segment", b"{}", NOW)
    found = DatabaseGauges(store_engine).look(NOW)
    assert (found.overdue, found.lag_seconds) == (2, 180)
    assert found.messages == {("queued", "provider_down"): 1}
    assert found.events == {"mail.sent": 2, "mail.bounced": 1}
    assert (found.returned.sent, found.returned.hard) == (2, 1)
    assert found.inbox_waiting == {"segment": 1}
    assert found.daemon_seen == NOW - MINUTE


def test_decisions_are_counted_on_and_each_once(store_engine: Engine) -> None:
    """Also those whose transaction was still open at the look before."""
    gauges = DatabaseGauges(store_engine)

    def decided(what: str, at: datetime, reason: str | None = None) -> None:
        line = {"person_id": "p", "at": micros(at), "journey": "j", "run": "r", "what": what,
                "reason": reason, "detail": {}}  # fmt: skip
        with writing(store_engine) as connection:
            connection.execute(TRACE.insert(), [line])

    decided("dropped", NOW - 9 * MINUTE, "no_consent")
    assert gauges.look(NOW).decisions == {}
    decided("dropped", NOW - 2 * MINUTE, "no_consent")
    decided("entered", NOW - 2 * MINUTE)
    decided("queued", NOW)
    assert gauges.look(NOW).decisions == {("dropped", "no_consent"): 1}
    decided("dropped", NOW + MINUTE, "no_consent")
    later = gauges.look(NOW + 5 * MINUTE).decisions
    assert later == {("dropped", "no_consent"): 2, ("queued", ""): 1}
    assert gauges.look(NOW + 9 * MINUTE).decisions == later


def test_ticks_are_told_with_their_figures_and_a_process_that_ended_is_gone(
    store_engine: Engine,
) -> None:
    pulse = Pulse(store_engine)
    pulse.felt("advance", 0.5, False)
    pulse.felt("advance", 0.25, True)
    pulse.tick().work(NOW, lambda: False)
    metrics = Metrics(DatabaseGauges(store_engine).look, lambda: NOW)
    lines = [line for line in metrics.text().decode().splitlines() if 'tick="advance"' in line]
    figures = {line.partition("{")[0]: float(line.rpartition(" ")[2]) for line in lines}
    assert figures == {
        "sincerely_tick_runs_total": 2,
        "sincerely_tick_failures_total": 1,
        "sincerely_tick_seconds_total": 0.75,
        "sincerely_tick_last_seconds": 0.25,
    }
    pulse.close()
    assert DatabaseGauges(store_engine).look(NOW).ticks == {}


def test_a_killed_process_is_forgotten(store_engine: Engine) -> None:
    with writing(store_engine) as connection:
        marks.mark(connection, "ticks elsewhere-1", NOW, {})
    assert DatabaseGauges(store_engine).look(NOW).ticks == {"elsewhere-1": {}}
    assert DatabaseGauges(store_engine).look(NOW + timedelta(minutes=10)).ticks == {}
    Pulse(store_engine).tick().work(NOW + timedelta(hours=2), lambda: False)
    with writing(store_engine) as connection:
        assert marks.marked(connection, "ticks elsewhere-1") is None


def test_the_database_is_asked_at_most_every_ten_seconds(store_engine: Engine) -> None:
    present, looks = [NOW], []
    gauges = DatabaseGauges(store_engine)

    def look(now: datetime) -> object:
        looks.append(now)
        return gauges.look(now)

    metrics = Metrics(look, lambda: present[0])
    metrics.text()
    metrics.text()
    present[0] += timedelta(seconds=10)
    text = metrics.text().decode()
    assert looks == [NOW, NOW + timedelta(seconds=10)]
    assert "sincerely_database_up 1.0" in text


def _row(send_id: str, person: str, status: str, reason: str | None) -> dict[str, object]:
    return {
        "send_id": send_id, "person_id": person, "run": "r", "journey": "j", "step": "s",
        "mail": "a/b", "category": "c", "klass": "marketing", "rank": 2, "priority": 2,
        "due": micros(NOW), "ready_at": micros(NOW), "queued_at": micros(NOW), "status": status,
        "reason": reason, "detail": "", "attempt": 1, "provider_id": "", "message_id": "",
    }  # fmt: skip
