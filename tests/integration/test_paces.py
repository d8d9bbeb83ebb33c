"""Rates that several processes keep together, and breakers that open by themselves (R3.9, R10.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine

from engine.adapters.db import paces, switches, tables
from engine.adapters.db.circuits import DatabaseCircuits
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.stored import micros
from engine.application.break_circuits import break_circuits
from engine.domain.arrival import EventArrived, PersonArrived
from engine.domain.breaker import Breakers
from engine.domain.event import PROVIDER, Event, Value
from engine.domain.pace import ALL, Rate

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PEOPLE = 120


@pytest.fixture
def sent(store_engine: Engine) -> Engine:
    """120 people who were sent the mail of journey `j` a while ago, every third of them at Gmail."""
    with writing(store_engine) as connection:
        for n in range(PEOPLE):
            address = f"p{n}@{'gmail.com' if n % 3 == 0 else 'web.de'}"
            ingest(connection, [PersonArrived(f"p{n}", address, address, {}, NOW - HOUR)], NOW)
        connection.execute(
            tables.OUTBOX.insert(),
            [
                {
                    "send_id": f"m{n}", "person_id": f"p{n}", "run": f"r{n}", "journey": "j",
                    "step": "hello", "mail": "a/b", "category": "news", "klass": "marketing",
                    "rank": 2, "priority": 2, "due": micros(NOW), "ready_at": micros(NOW),
                    "queued_at": micros(NOW), "status": "sent", "detail": "", "attempt": 1,
                    "provider_id": "", "message_id": "",
                }
                for n in range(PEOPLE)
            ],
        )  # fmt: skip
        ingest(
            connection,
            [
                EventArrived(f"p{n}", Event(f"s{n}", "mail.sent", NOW - MINUTE, {"journey": "j"}, "engine"))
                for n in range(PEOPLE)
            ],
            NOW,
        )  # fmt: skip
    return store_engine


def say(engine: Engine, name: str, at: datetime, people: range, **properties: Value) -> None:
    """The provider says the same of several mails."""
    with writing(engine) as connection:
        ingest(
            connection,
            [
                EventArrived(
                    f"p{n}", Event(f"{name}{n}", name, at, {"send_id": f"m{n}", **properties}, PROVIDER)
                )
                for n in people
            ],
            at,
        )  # fmt: skip


def paused(engine: Engine) -> frozenset[str]:
    with reading(engine) as connection:
        return switches.paused(connection)[1]


def test_four_workers_together_keep_one_rate(sent: Engine) -> None:
    """R3.9: 10 a minute go, whoever asks and how often; the others learn when it is their turn."""
    waiting: list[dict[str, datetime]] = []
    together = Barrier(4)

    def ask(worker: int) -> None:
        together.wait()
        mine = [f"m{n}" for n in range(worker, PEOPLE, 4)]
        with writing(sent) as connection:
            waiting.append(paces.hold_back(connection, mine, {ALL: Rate(10, MINUTE)}, NOW))

    threads = [Thread(target=ask, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, waiting)) == PEOPLE - 1, "one goes at once, and then one every 6 seconds"
    with writing(sent) as connection:
        again = paces.hold_back(connection, ["m0"], {ALL: Rate(10, MINUTE)}, NOW + 6 * MINUTE / 60)
        assert again == {}


def test_without_rates_nobody_waits(sent: Engine) -> None:
    with writing(sent) as connection:
        assert paces.hold_back(connection, ["m0", "m1"], {}, NOW) == {}


def test_too_many_hard_bounces_pause_the_journey_until_somebody_resumes_it(sent: Engine) -> None:
    circuits = DatabaseCircuits(sent)
    say(sent, "mail.bounced", NOW, range(6), status="5.1.1")
    assert break_circuits(circuits, Breakers(), NOW) == [], "6 of 120 is 5 %, and not more"
    say(sent, "mail.bounced", NOW, range(7), status="5.1.1")
    [tripped] = break_circuits(circuits, Breakers(), NOW)
    assert (tripped.name, tripped.because) == (
        "j", "7 of 120 mails in 24 hours bounced hard (5.8%)"
    )  # fmt: skip
    assert paused(sent) == {"j"}
    assert break_circuits(circuits, Breakers(), NOW) == [], "it says so once"
    with writing(sent) as connection:
        switches.resume(connection, NOW + MINUTE, "j")
    assert break_circuits(circuits, Breakers(), NOW + 2 * MINUTE) == [], "what was is looked at"
    assert paused(sent) == frozenset()


def test_three_complaints_are_enough(sent: Engine) -> None:
    say(sent, "mail.complained", NOW, range(3))
    [tripped] = break_circuits(DatabaseCircuits(sent), Breakers(), NOW)
    assert tripped.because == "3 of 120 mails in 24 hours were called spam"


def test_a_provider_that_turns_us_away_is_left_alone_for_two_hours(sent: Engine) -> None:
    """A block is never the address's fault: nobody is suppressed, the stream waits."""
    gmail = range(0, 15, 3)
    say(sent, "mail.bounced", NOW, gmail, status="4.7.0", text="421 4.7.0 rate limited")
    [tripped] = break_circuits(DatabaseCircuits(sent), Breakers(), NOW)
    assert (tripped.kind, tripped.name, tripped.until) == ("stream", "to:gmail.com", NOW + 2 * HOUR)
    with writing(sent) as connection:
        assert paces.hold_back(connection, ["m0", "m1"], {}, NOW) == {"m0": NOW + 2 * HOUR}
        assert paces.hold_back(connection, ["m0", "m1"], {}, NOW + 2 * HOUR) == {}


def test_what_a_shop_says_breaks_nothing(sent: Engine) -> None:
    with writing(sent) as connection:
        ingest(
            connection,
            [
                EventArrived(f"p{n}", Event(f"x{n}", "mail.complained", NOW, {"send_id": f"m{n}"}, "shop"))
                for n in range(60)
            ],
            NOW,
        )  # fmt: skip
    assert break_circuits(DatabaseCircuits(sent), Breakers(), NOW) == []
