"""The stage of the real store: several workers and senders on one database, in any order of steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import Engine, text

from engine.adapters.db import due, turns
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import ingest
from engine.adapters.db.lives import Visit, load
from engine.adapters.db.living import DatabaseLives, DatabaseOutbox
from engine.adapters.db.stored import SHARDS, instant
from engine.adapters.db.suppressions import suppress
from engine.adapters.db.tables import METADATA
from engine.application.advance_due import advance_due
from engine.application.hand_off import HandOff
from engine.application.ports.outbox import Finished, Outgoing
from engine.application.ports.queue import Job, Kind
from engine.application.ports.renderer import RenderFailed
from engine.domain.arrival import Arrival
from engine.domain.changes import Queued
from engine.domain.edit import follow_edit, place_of
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Send
from engine.domain.message import Address, Message, Receipt
from engine.domain.turn import Turn
from tests.model.hands import Hand
from tests.model.judge import Judge
from tests.model.machine import PEOPLE, Machine, edited_journeys
from tests.model.oracle import Gate
from tests.model.oracle import Message as AtTheGate
from tests.model.plain import Mail, Record

CLAIM = timedelta(seconds=60)


class InStore:
    """The town in a database. What the store is told, and what it keeps, is judged at each call."""

    def __init__(self, engine: Engine, rules: Rulebook, now: datetime) -> None:
        self.engine, self.rules, self.now = engine, rules, now
        self.judge = Judge()
        self.record = Record()
        self.left: dict[str, datetime] = {}
        self.answers = 0
        with writing(engine) as connection:
            for table in METADATA.sorted_tables:
                if table.name != "address_key":
                    connection.execute(table.delete())

    def arrive(self, arrivals: list[Arrival], record: Record, now: datetime) -> None:
        self.record = record
        with writing(self.engine) as connection:
            ingest(connection, arrivals, now)

    def suppress(self, mailbox: str, record: Record, now: datetime) -> None:
        self.record = record
        with writing(self.engine) as connection:
            suppress(connection, mailbox, "hard_bounce", now)

    def put_in_force(self, rules: Rulebook, now: datetime) -> None:
        edits = edited_journeys(self.rules, rules)
        self.rules = rules
        with writing(self.engine) as connection:
            due.mark_everybody(connection, now)
            moved = []
            for visit in load(connection, PEOPLE, now):
                facts = visit.life.facts
                for run in visit.life.runs:
                    if run.live and run.journey in edits:
                        self.judge.edited.add(run.id)
                        moved.append(follow_edit(run, *edits[run.journey], facts, rules, now))
            turns.save_runs(connection, moved)

    def pass_time(self, until: datetime) -> None:
        self.now = until

    # the plain list of sends

    def slots(self) -> list[Mail]:
        """All slots, with the mailbox that each counts for."""
        with reading(self.engine) as connection:
            keys: dict[str, str] = {}
            for visit in load(connection, PEOPLE, self.now):
                keys[visit.mailbox_key] = visit.life.facts.person.mailbox
            rows = connection.execute(text("SELECT * FROM slot ORDER BY at, send_id")).all()
        return [
            Mail(instant(row.at), row.person_id, keys.get(row.mailbox_key, row.mailbox_key), row.mail,
                 row.category, row.klass == "marketing", bool(row.ghost), row.run, row.send_id)
            for row in rows
        ]  # fmt: skip

    def in_hand(self, owner: str) -> dict[str, tuple[str, int]]:
        """Who is in an owner's hand, with their mailbox key and the claim."""
        with reading(self.engine) as connection:
            rows = connection.execute(
                text("SELECT * FROM due WHERE lease_owner = :owner"),
                {"owner": owner},
            ).all()
        return {row.person_id: (row.mailbox_key, row.lease_until) for row in rows}


class JudgedLives(DatabaseLives):
    """The store of turns, which stops before each call and judges each batch that it keeps."""

    def __init__(self, stage: InStore, pause: Callable[[], None], owner: str) -> None:
        super().__init__(stage.engine)
        self.stage, self.pause, self.owner = stage, pause, owner
        self.rules = stage.rules
        self.seen: dict[str, tuple[Record, list[Mail], Visit]] = {}
        self.batches: dict[int, tuple[Record, list[Mail], Visit]] = {}

    def claim(self, now: datetime, *how: Any) -> Sequence[str]:
        self.pause()
        return super().claim(now, *how)

    def hold(self, person_ids: Collection[str], *how: Any) -> Collection[str]:
        self.pause()
        return super().hold(person_ids, *how)

    def load(self, person_ids: Collection[str], *how: Any) -> Sequence[Visit]:
        self.pause()
        visits = super().load(person_ids, *how)
        slots = self.stage.slots()
        self.seen |= {visit.person_id: (self.stage.record, slots, visit) for visit in visits}
        self.batches |= {id(visit): (self.stage.record, slots, visit) for visit in visits}
        return visits

    def store(
        self, taken: Sequence[tuple[Visit, Turn]], rules: Rulebook, now: datetime, owner: str,
        release_at: Mapping[str, datetime],
    ) -> int:  # fmt: skip
        self.pause()
        ours = self.stage.in_hand(owner)
        lost = {
            v.mailbox_key
            for v, _ in taken
            if ours.get(v.person_id) != (v.mailbox_key, v.lease_until)
        }
        kept = [(v, t) for v, t in taken if v.mailbox_key not in lost]
        actual = self.stage.slots()
        done = super().store(taken, rules, now, owner, release_at)
        assert done == len(kept), "whoever was lost takes along the others of their mailbox"
        self._judge(kept, rules, now, actual)
        return done

    def _judge(
        self, kept: Sequence[tuple[Visit, Turn]], rules: Rulebook, now: datetime, actual: list[Mail]
    ) -> None:
        judge = self.stage.judge
        fresh: list[Mail] = []
        for visit, decided in kept:
            record, slots, _ = self.batches[id(visit)]
            judge.sends = [*slots, *fresh]
            known = len(judge.sends)
            judge.turn(rules, record, visit.life, decided.life, decided.changes, now)
            for queued, mail in zip(_kept(decided), judge.sends[known:], strict=True):
                journey = rules.journeys[queued.run.journey]
                step = journey.nodes[queued.sent.step]
                assert isinstance(step, Send)
                message = AtTheGate(queued.run, journey, step, queued.due)
                gate = Gate(rules, record, [*actual, *fresh], message)
                assert gate.full(now, gate.sends) is None, f"R3.3: {mail} breaks a cap at {now}"
                fresh.append(mail)


class JudgedOutbox(DatabaseOutbox):
    """The store of messages, which stops before each call and judges what moves and what is dropped."""

    def __init__(self, stage: InStore, pause: Callable[[], None], lives: JudgedLives) -> None:
        super().__init__(stage.engine)
        self.stage, self.pause, self.lives = stage, pause, lives
        self.rows: dict[str, Outgoing] = {}

    def claim(self, now: datetime, *how: Any) -> Sequence[Outgoing]:
        self.pause()
        rows = super().claim(now, *how)
        self.rows |= {row.send_id: row for row in rows}
        return rows

    def move_slots(
        self, moved: Mapping[str, datetime], owner: str, deciding: str
    ) -> Collection[str]:
        self.pause()
        ours = super().move_slots(moved, owner, deciding)
        slots = self.stage.slots()
        for send_id in ours:
            at = moved[send_id]
            gate = self._gate(self.rows[send_id], [one for one in slots if one.send_id != send_id])
            assert gate is not None
            expected = gate.expected(at)
            assert expected.does == "go", f"{send_id} goes again at {at}: {expected}"
        return ours

    def begin(
        self, send_ids: Collection[str], owner: str, until: datetime,
        finished: Sequence[Finished], now: datetime,
    ) -> Collection[str]:  # fmt: skip
        self.pause()
        self._true(finished)
        return super().begin(send_ids, owner, until, finished, now)

    def finish(self, finished: Sequence[Finished], owner: str, now: datetime) -> None:
        self.pause()
        self._true(finished)
        super().finish(finished, owner, now)

    def _true(self, finished: Sequence[Finished]) -> None:
        """R3.10: whatever does not leave has a reason."""
        for one in finished:
            if one.status in ("dropped", "needs_attention", "refused"):
                assert one.reason is not None

    def _gate(self, row: Outgoing, sends: Sequence[Mail]) -> Gate | None:
        rules = replace(
            self.lives.rules, policy=replace(self.lives.rules.policy, reserve_ahead="no")
        )
        journey = rules.journeys[row.journey]
        place = place_of(row.step, journey)
        step = journey.nodes.get((place.step if place else None) or "")
        if not isinstance(step, Send):
            return None
        record, _, visit = self.lives.seen[row.person_id]
        [run] = self.runs([row.run]).values()
        message = AtTheGate(run, journey, step, row.due)
        return Gate(
            rules, record, sends, message, inside=[one for one in visit.life.runs if one.live]
        )


class Provider:
    """Writes mails, and takes them: most of them. Judges each at the instant at which it leaves."""

    def __init__(self, stage: InStore, outbox: JudgedOutbox) -> None:
        self.stage, self.outbox = stage, outbox
        self.rules = stage.rules

    def write_to_send(  # type: ignore[no-untyped-def]
        self, send_id: str, letter, facts: Facts, now: datetime, sender=None
    ) -> Message:
        self.stage.answers += 1
        if self.stage.answers % 9 == 0:
            raise RenderFailed("it cannot be written", letter.mail)
        shop, to = Address("shop@x.org"), Address(facts.person.mailbox)
        return Message(send_id, shop, to, "Hello", "<p>Hello</p>", "Hello", now)

    def send(self, message: Message, now: datetime) -> Receipt:
        assert message.send_id not in self.stage.left, "R2.10: no message twice"
        row = self.outbox.rows[message.send_id]
        slots = {one.send_id: one for one in self.stage.slots()}
        slot = slots[message.send_id]
        assert now - slot.at <= 2 * CLAIM, "R3.9: what is older passes the whole gate again"
        gate = self.outbox._gate(row, ())
        assert gate is not None
        assert message.to.email == gate.person.mailbox
        forbidden = gate.forbidden(now)
        assert forbidden is None and gate.paused() is None, f"it may not leave: {forbidden}"
        self.stage.answers += 1
        if self.stage.answers % 7 == 0:
            return Receipt("later", detail="busy", retry_at=now + CLAIM / 2, paced=True)
        if self.stage.answers % 11 == 0:
            return Receipt("refused", detail="no such mailbox")
        self.stage.left[message.send_id] = now
        return Receipt("accepted", provider_id="x")

    def settle(self, *_: object) -> None:
        """It knows nothing of lost hand-offs."""

    def close(self) -> None: ...


class InStoreMachine(Machine):
    """The model of the store: what may happen in the town, and who takes a step next."""

    engine: ClassVar[Engine]
    stage: InStore

    def open_stage(self, rules: Rulebook, now: datetime) -> InStore:
        self.hands: dict[str, Hand] = {}
        self.hired = 0
        return InStore(self.engine, rules, now)

    @rule(name=st.sampled_from(("w1", "w2", "w3")), steps=st.integers(1, 4))
    def a_worker_goes_on(self, name: str, steps: int) -> None:
        self._go_on(name, steps, self._work)

    @rule(name=st.sampled_from(("w1", "w2", "s1", "s2")))
    def somebody_comes_to_the_end(self, name: str) -> None:
        self._go_on(name, 40, self._work if name.startswith("w") else self._send)

    @rule(name=st.sampled_from(("s1", "s2")), steps=st.integers(1, 8))
    def a_sender_goes_on(self, name: str, steps: int) -> None:
        self._go_on(name, steps, self._send)

    def teardown(self) -> None:
        for hand in getattr(self, "hands", {}).values():
            hand.finish()

    def _go_on(self, name: str, steps: int, work: Callable[..., object]) -> None:
        hand = self.hands.get(name)
        if hand is None or hand.done:
            job = self.next_job("decide" if name.startswith("w") else "send")
            if job is None:
                return
            self.hired += 1
            owner = f"{name}-{self.hired}"
            hand = self.hands[name] = Hand(lambda pause: work(pause, owner, job))
        for _ in range(steps):
            if not hand.done:
                hand.step()

    def next_job(self, kind: Kind) -> Job | None:
        """What somebody who has nothing in hand begins with: everything, as a daemon does."""
        return Job(kind, 0, SHARDS)

    def _work(self, pause: Callable[[], None], owner: str, job: Job) -> None:
        stage, rules = self.stage, self.rules
        lives = JudgedLives(stage, pause, owner)
        shards = None if job.width == SHARDS else range(job.first, job.first + job.width)
        advance_due(
            lives, rules, stage.now, owner, shards=shards, clock=lambda: stage.now,
            in_force=lambda: self._in_force(rules, pause),
        )  # fmt: skip

    def _send(self, pause: Callable[[], None], owner: str, _job: Job) -> None:
        stage, rules = self.stage, self.rules
        lives = JudgedLives(stage, pause, owner)
        outbox = JudgedOutbox(stage, pause, lives)
        provider = Provider(stage, outbox)
        HandOff(  # type: ignore[arg-type]
            outbox, lives, provider, provider, clock=lambda: stage.now,
            in_force=lambda: self._in_force(rules, pause),
        ).send_due(stage.now, owner)  # fmt: skip

    def _in_force(self, rules: Rulebook, pause: Callable[[], None]) -> bool:
        pause()
        return self.stage.rules is rules


def _kept(decided: Turn) -> list[Queued]:
    return [c for c in decided.changes if isinstance(c, Queued) and not c.shadow]
