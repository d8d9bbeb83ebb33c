"""Many hands at once: nothing is lost, nothing doubled, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import Engine, text

from engine.adapters.db import due
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import load
from engine.adapters.db.turns import store
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.event import Event
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Policy
from engine.domain.lifecycle import Standing
from engine.domain.turn import PersonChanged, StandingChanged, Turn

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
LEASE = timedelta(minutes=5)
RULES = Rulebook(journeys={}, segments={}, personas=(), policy=Policy(categories={}), mails={})
PEOPLE = [f"p{n:02}" for n in range(40)]
ROUNDS = 12


def test_senders_and_workers_on_the_same_people_lose_nothing_and_never_block_each_other(
    store_engine: Engine,
) -> None:
    """R10.2: four senders repeat overlapping batches in any order while two workers take turns."""
    failures: list[BaseException] = []
    arriving = threading.Semaphore(0)

    def guarded(work: Callable[[int], None], number: int) -> threading.Thread:
        def run() -> None:
            try:
                work(number)
            except BaseException as error:
                failures.append(error)
            finally:
                arriving.release()

        return threading.Thread(target=run)

    def send(number: int) -> None:
        chance = Random(number)
        for round_ in range(ROUNDS):
            batch = _batch(round_)
            chance.shuffle(batch)
            with writing(store_engine, durable=False) as connection:
                ingest(connection, batch, NOW)

    def work(number: int) -> None:
        for _ in range(2 * ROUNDS):
            _take_turns(store_engine, f"w{number}")

    threads = [*(guarded(send, n) for n in range(4)), *(guarded(work, n) for n in range(2))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    while _take_turns(store_engine, "last"):
        pass
    with reading(store_engine) as connection:
        visits = load(connection, PEOPLE, NOW)
        assert (
            connection.execute(text("SELECT count(*) FROM event")).scalar_one()
            == len(PEOPLE) * ROUNDS
        )
    assert all(len(visit.life.facts.history) == ROUNDS for visit in visits)
    assert all(visit.life.facts.standing.orders == ROUNDS for visit in visits)
    assert all(visit.life.facts.person.attributes["seen"] == ROUNDS for visit in visits)
    assert all(len(visit.life.facts.consents) == ROUNDS for visit in visits)


def _batch(round_: int) -> list[Arrival]:
    at = NOW - timedelta(minutes=round_)
    batch: list[Arrival] = []
    for person in PEOPLE:
        # The unsubscription of each round is its own line of the ledger.
        batch.append(PersonArrived(person, None, None, {f"r{round_}": round_}, at))
        batch.append(EventArrived(person, Event(f"{person}-{round_}", "order.placed", at)))
        batch.append(ConsentArrived(person, ConsentEntry("news", "unsubscribed", at)))
    return batch


def _take_turns(engine: Engine, owner: str) -> int:
    claimed = due.claim(engine, NOW, 15, owner, LEASE)
    with writing(engine) as connection:
        taken = []
        for visit in load(connection, [c.person_id for c in claimed], NOW):
            facts = visit.life.facts
            orders = len(facts.history) + len(visit.arrivals)
            after = Facts(facts.person, standing=Standing(orders=orders))
            changes = (
                StandingChanged(after.standing, "new"),
                PersonChanged({"seen": orders}, NOW),
            )
            life = type(visit.life)(after, looked_at=NOW)
            taken.append((visit, Turn(life, changes, None)))
        store(connection, taken, RULES, NOW, owner)
    return len(claimed)
