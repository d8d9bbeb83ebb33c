"""People who got a mail, for tests of what the links in it do."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.adapters.db.connect import connect, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import OUTBOX
from engine.domain.arrival import PersonArrived
from engine.domain.ids import send_id

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)


def sent_mails(url: str, number: int) -> list[str]:
    """So many people (`p0` …), each with one marketing mail; the send ids of these."""
    mails = [send_id("run", str(one)) for one in range(number)]
    people = [f"p{one}" for one in range(number)]
    rows = [
        {
            "send_id": mail, "person_id": person, "run": "r", "journey": "j", "step": "s",
            "mail": "a/b", "category": "news", "klass": "marketing", "rank": 2, "priority": 2,
            "due": micros(NOW), "ready_at": micros(NOW), "queued_at": micros(NOW),
            "status": "sent", "detail": "", "attempt": 1, "provider_id": "", "message_id": "",
        }
        for mail, person in zip(mails, people, strict=True)
    ]  # fmt: skip
    engine = connect(url)
    try:
        with writing(engine) as connection:
            arrivals = [
                PersonArrived(p, f"{p}@example.com", f"{p}@example.com", {}, NOW) for p in people
            ]
            ingest(connection, arrivals, NOW)
            connection.execute(OUTBOX.insert(), rows)
    finally:
        engine.dispose()
    return mails
