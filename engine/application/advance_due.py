"""The living loop's first half: due people take their turns.

Claimed people are nobody else's, so their lives are read and decided outside the transaction that
stores the outcome; whoever lost a claim, or has changed in the meantime, is left out or due again.
For the same reason the database need not wait for the deciding: while one batch is decided, the one
before is stored and the next one claimed and loaded, in this order, by one thread beside.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from engine.application.ports.lives import Lives, V
from engine.domain.counting import remembered
from engine.domain.facts import Rulebook, Sent
from engine.domain.index import events_read
from engine.domain.journey import Class, Priority
from engine.domain.reasons import Reason
from engine.domain.turn import Assumed, Queued, Turn, turn

BATCH = 1_000
LEASE = timedelta(minutes=2)
"""How long a claim is good for. A batch takes about a second; a killed worker's people come back."""

_BY_THE_CLOCK = frozenset({Reason.QUIET_HOURS, Reason.SEND_WINDOW, Reason.HOLIDAY})


def advance_due(
    lives: Lives[V],
    rules: Rulebook,
    now: datetime,
    owner: str,
    stopping: Callable[[], bool] = lambda: False,
    shards: Collection[int] | None = None,
    clock: Callable[[], datetime] | None = None,
    in_force: Callable[[], bool] = lambda: True,
) -> int:
    """Let everybody who is due take their turn, batch by batch; answer how many did.

    Of these shards only, where they are given: workers with different ones do not wait for each other.
    `clock` says the running present, so that a long queue is decided, and claimed, by the time it is;
    without one `now` stands still. `in_force` says whether these rules still are those of now (R2.9). It is
    asked after each claim: rules that change later find the claimed people in hand, and take them away.
    """
    if rules.stands_still:
        return 0
    remember, events = remembered(rules), events_read(rules)

    def fetch() -> tuple[datetime, Sequence[V]]:
        at = clock() if clock else now
        people = () if stopping() else lives.claim(at, BATCH, owner, LEASE, shards)
        if people and not in_force():
            lives.release(owner)
            return at, ()
        return at, lives.load(people, at, remember, events) if people else ()

    at, visits = fetch()
    if not visits:
        return 0
    stored: list[Future[int]] = []
    with _few_collections(), ThreadPoolExecutor(1, "advance") as beside:
        while visits:
            coming = beside.submit(fetch)
            taken = take_turns(visits, rules, at)
            release_at = release(taken, rules, at)
            stored.append(beside.submit(lives.store, taken, rules, at, owner, release_at))
            at, visits = coming.result()
    return sum(batch.result() for batch in stored)


@contextmanager
def _few_collections() -> Iterator[None]:
    """A batch is some hundred thousand objects and no cycle: Python looking for cycles among them again
    and again takes a sixth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def take_turns(visits: Sequence[V], rules: Rulebook, now: datetime) -> list[tuple[V, Turn]]:
    """One turn each. People of one mailbox follow each other in `visits`, and each sees the slots
    that the ones before have just taken (R3.5)."""
    taken: list[tuple[V, Turn]] = []
    mailbox = ""
    fresh: tuple[Sent, ...] = ()
    for visit in visits:
        if visit.mailbox_key != mailbox:
            mailbox, fresh = visit.mailbox_key, ()
        life = visit.life
        if fresh:
            life = replace(life, facts=replace(life.facts, sent=(*life.facts.sent, *fresh)))
        decided = turn(rules, life, visit.arrivals, now)
        taken.append((visit, decided))
        queued = (change for change in decided.changes if isinstance(change, Queued))
        fresh += tuple(message.sent for message in queued if not message.shadow)
        fresh += tuple(c.sent for c in decided.changes if isinstance(c, Assumed))
    return taken


def release(taken: Sequence[tuple[V, Turn]], rules: Rulebook, now: datetime) -> dict[str, datetime]:
    """When messages that the clock had held back are handed off (R4.4): spread evenly over
    `release_spread`, the most important first. Others go at once and are not named."""
    held: list[tuple[tuple[int, int, datetime, str], str]] = []
    for visit, decided in taken:
        by_the_clock = {
            (run.id, run.step)
            for run in visit.life.runs
            if run.postponed is not None and _BY_THE_CLOCK & set(run.postponed.reasons)
        }
        held += [
            (_importance(change, rules), change.send_id)
            for change in decided.changes
            if isinstance(change, Queued) and (change.run.id, change.sent.step) in by_the_clock
        ]
    held.sort()
    spread = rules.policy.release_spread
    return {send_id: now + spread * place / len(held) for place, (_, send_id) in enumerate(held)}


def _importance(queued: Queued, rules: Rulebook) -> tuple[int, int, datetime, str]:
    journey = rules.journeys.get(queued.run.journey)
    priority = journey.priority if journey else Priority.NORMAL
    return (
        list(Class).index(queued.sent.klass),
        list(Priority).index(priority),
        queued.due,
        queued.send_id,
    )
