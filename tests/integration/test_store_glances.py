"""What `status` and `simulate` read of the store, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, update

from engine.adapters.db import stats
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import everybody, last_look
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import DUE, OUTBOX, RUN
from engine.application.status import LastMail, Wake
from engine.domain.arrival import EventArrived, PersonArrived
from engine.domain.event import Event
from engine.domain.message import mail_event
from engine.domain.reasons import Reason

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_what_needs_attention_is_told_once_a_trouble(store_engine: Engine) -> None:
    rows = [
        _row("a", "ann", "needs_attention", "missing_value", "item"),
        _row("b", "bob", "needs_attention", "missing_value", "item"),
        _row("c", "bob", "unknown", None, ""),
        _row("d", "bob", "sent", None, ""),
    ]
    with writing(store_engine) as connection:
        connection.execute(OUTBOX.insert(), rows)
        missing, unknown = stats.attention(connection)
    assert (missing.reason, missing.messages, missing.person) == (Reason.MISSING_VALUE, 2, "ann")
    assert "`sincerely preview thanks/note --for ann`" in missing.what_to_do
    assert (unknown.reason, unknown.messages) == (Reason.UNKNOWN, 1)


def test_the_next_wakes_and_the_last_mails_come_in_order(store_engine: Engine) -> None:
    people = [PersonArrived(p, None, None, {}, NOW - HOUR) for p in ("ann", "bob")]
    sent = [
        EventArrived(
            person,
            mail_event("mail.sent", person, NOW - hours * HOUR, mail="a/b", category="c",
                       journey="j", step="s"),
        )
        for person, hours in (("ann", 2), ("bob", 1))
    ]  # fmt: skip
    told = Event("shop-1", "mail.sent", NOW, {"mail": "x/y"}, source="shop")
    sent.append(EventArrived("bob", told))  # what a shop says of mails is no mail of ours
    runs = [_run("ann", NOW + 2 * HOUR), _run("bob", NOW + HOUR), _run("cy", NOW - HOUR)]
    with writing(store_engine) as connection:
        ingest(connection, [*people, *sent], NOW)
        connection.execute(RUN.insert(), runs)
        connection.execute(update(DUE).values(due_at=micros(NOW + HOUR)))
        wakes = stats.next_wakes(connection, NOW, 5)
        mails = stats.last_mails(connection, 1)
    assert wakes == [
        Wake(NOW + HOUR, "bob", "j", "rest"), Wake(NOW + 2 * HOUR, "ann", "j", "rest"),
    ]  # fmt: skip
    assert mails == [LastMail(NOW - HOUR, "bob", "a/b", "j")]


def test_everybody_comes_mailbox_by_mailbox_or_one_mailbox_alone(store_engine: Engine) -> None:
    """R3.5: who shares a mailbox is walked together."""
    people = [
        PersonArrived("ann", "one@x.org", "one@x.org", {}, NOW),
        PersonArrived("bob", "two@x.org", "two@x.org", {}, NOW),
        PersonArrived("cy", "one@x.org", "one@x.org", {}, NOW),
    ]
    with writing(store_engine) as connection:
        ingest(connection, people, NOW)
    with reading(store_engine) as connection:
        keys = [visit.mailbox_key for visit in everybody(connection, NOW)]
        assert (len(keys), keys) == (3, sorted(keys))
        assert [v.person_id for v in everybody(connection, NOW, "cy")] == ["ann", "cy"]
        assert [v.person_id for v in everybody(connection, NOW, "bob")] == ["bob"]
        assert last_look(connection) is None


def _row(
    send_id: str, person: str, status: str, reason: str | None, detail: str
) -> dict[str, object]:
    at = micros(NOW)
    return {
        "send_id": send_id, "person_id": person, "run": "r", "journey": "thanks", "step": "thank",
        "mail": "thanks/note", "category": "receipt", "klass": "service", "rank": 1, "priority": 2,
        "due": at, "ready_at": at, "queued_at": at, "status": status, "reason": reason,
        "detail": detail, "attempt": 1, "provider_id": "", "message_id": "",
    }  # fmt: skip


def _run(person: str, wake_at: datetime) -> dict[str, object]:
    at = micros(NOW - HOUR)
    return {
        "id": f"r-{person}", "person_id": person, "journey": "j", "entry_key": "k",
        "entered_at": at, "version": "v", "step": "rest", "since": at, "wake_at": micros(wake_at),
        "held_out": False, "kept": True, "state": {},
    }  # fmt: skip
