"""Erasure and merge in the middle of everything: nothing comes back, nothing goes twice, nobody waits
for ever (R5.9, R10.2)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db.connect import reading
from engine.adapters.db.intake import DatabaseIntake
from engine.adapters.db.living import DatabaseLives
from engine.adapters.db.personal import HOLDINGS
from engine.adapters.db.profiles import DatabaseProfiles
from engine.application.advance_due import advance_due
from engine.application.merge import merge
from engine.domain.arrival import Arrival, EventArrived, PersonArrived
from engine.domain.event import Event
from tests.integration.news_shop import NOW, RULES, Mailer, hand_off, people

STAYING = [f"k{n}" for n in range(8)]
GOING = [f"e{n}" for n in range(8)]
MERGING = [f"o{n}" for n in range(8)]
ROUNDS = 8


def test_whoever_is_erased_or_merged_meanwhile_stays_so(store_engine: Engine) -> None:
    everybody = [*STAYING, *GOING, *MERGING]
    people(store_engine, *everybody)
    mailer = Mailer()

    def take_in(number: int) -> None:
        for round_ in range(ROUNDS):
            batch: list[Arrival] = []
            for who in everybody:
                address = f"{who}.{round_ % 2}@x.org"
                batch.append(PersonArrived(who, address, address, {"seen": round_}, NOW))
                event = Event(f"{who}-{number}-{round_}", "order.placed", NOW)
                batch.append(EventArrived(who, event))
            DatabaseIntake(store_engine).take_in(batch, NOW)

    def work(number: int, now: datetime = NOW) -> None:
        for _ in range(ROUNDS):
            advance_due(DatabaseLives(store_engine), RULES, now, f"w{number}")
            hand_off(store_engine, mailer).send_due(now, f"s{number}")

    def go(_: int) -> None:
        profiles = DatabaseProfiles(store_engine)
        for who in GOING:
            assert profiles.erase(who, f"erased-{who[1:]}", NOW)

    def unite(_: int) -> None:
        for keep, other in zip(STAYING, MERGING, strict=True):
            merge(DatabaseProfiles(store_engine), keep, other, RULES, NOW)

    _together(take_in, take_in, work, work, go, unite)
    work(
        9, NOW + timedelta(minutes=5)
    )  # what was in other hands all the time waits for some seconds
    gone = {*GOING, *MERGING}
    with reading(store_engine) as connection:
        for table, holding in HOLDINGS.items():
            if not holding.of_mailbox:
                found = connection.execute(sql(f"SELECT {holding.by} FROM {table}"))
                assert not gone & set(found.scalars()), table
        events = connection.execute(
            sql("SELECT person_id, count(*) FROM event WHERE name = 'order.placed' GROUP BY 1")
        )
        assert dict(events.all()) == dict.fromkeys(STAYING, 2 * 2 * ROUNDS)  # type: ignore[arg-type]
    assert max(Counter(mailer.sent).values()) == 1


def _together(*works: Callable[[int], None]) -> None:
    failures: list[BaseException] = []

    def guarded(work: Callable[[int], None], number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(w, n)) for n, w in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
