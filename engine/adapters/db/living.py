"""The living loop's ports on a database: people in hand, and messages on their way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, due, lives, outbox, paces, slots, turns
from engine.adapters.db.answers import sent_events
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.events import note
from engine.adapters.db.lives import Visit
from engine.adapters.db.people import document
from engine.application.ports.outbox import Finished, Outgoing
from engine.domain.facts import Rulebook
from engine.domain.pace import Rate
from engine.domain.run import Run
from engine.domain.turn import Turn


class DatabaseLives:
    """`application.ports.lives.Lives`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(
        self,
        now: datetime,
        limit: int,
        owner: str,
        lease: timedelta,
        shards: Collection[int] | None = None,
    ) -> Sequence[str]:
        """Take due people in hand, mailboxes whole; committed on return."""
        claimed = due.claim(self._engine, now, limit, owner, lease, shards)
        return [one.person_id for one in claimed]

    def hold(
        self, person_ids: Collection[str], now: datetime, owner: str, lease: timedelta
    ) -> Collection[str]:
        """Take certain people in hand; committed on return."""
        claimed = due.claim_these(self._engine, person_ids, now, owner, lease)
        return {one.person_id for one in claimed}

    def load(
        self,
        person_ids: Collection[str],
        now: datetime,
        remember: timedelta,
        events: Collection[str] | None = None,
    ) -> Sequence[Visit]:
        """Their lives, in order of mailbox, then person."""
        with reading(self._engine) as connection:
            return lives.load(connection, person_ids, now, remember, events)

    def store(
        self,
        taken: Sequence[tuple[Visit, Turn]],
        rules: Rulebook,
        now: datetime,
        owner: str,
        release_at: Mapping[str, datetime],
    ) -> int:
        """Write a batch of turns or nothing of it."""
        while True:
            try:
                with writing(self._engine) as connection:
                    kept = turns.store(connection, taken, rules, now, owner, release_at)
                    torn = _torn(taken, kept)
                    if torn:
                        raise _Torn
                return len(kept)
            except _Torn:
                others = [visit.person_id for visit, _ in taken if visit.mailbox_key in torn]
                due.release(self._engine, owner, others)
                taken = [one for one in taken if one[0].mailbox_key not in torn]

    def release(self, owner: str) -> int:
        """Give back everybody this owner has in hand."""
        return due.release(self._engine, owner)


class _Torn(Exception):
    """Somebody was lost out of a mailbox whose others have seen their slots."""


def _torn(taken: Sequence[tuple[Visit, Turn]], kept: Collection[str]) -> frozenset[str]:
    """The mailboxes of which only some are still ours. Who is left there was decided by slots that
    nobody took after all, so all of the mailbox is decided anew."""
    ours = {visit.mailbox_key for visit, _ in taken if visit.person_id in kept}
    return frozenset(v.mailbox_key for v, _ in taken if v.person_id not in kept) & ours


class DatabaseOutbox:
    """`application.ports.outbox.Outbox`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta, engaged_by: Collection[str]
    ) -> Sequence[Outgoing]:
        """Take the first messages in hand; committed on return."""
        return outbox.claim_outbox(self._engine, now, limit, owner, lease, engaged_by=engaged_by)

    def runs(self, run_ids: Collection[str]) -> Mapping[str, Run]:
        """The runs of messages, ended ones too."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(f"SELECT * FROM run WHERE {batch.among(connection, 'id')}"),
                {"ids": batch.listed(connection, run_ids)},
            )
            rows = [row._asdict() for row in found]
        return {row["id"]: codec.run_in(row, document(row["state"])) for row in rows}

    def move_slots(
        self, moved: Mapping[str, datetime], owner: str, deciding: str
    ) -> Collection[str]:
        """Move the slots of messages in hand; committed on return."""
        if not moved:
            return ()
        with writing(self._engine) as connection:
            return slots.move(connection, moved, owner, deciding)

    def begin(
        self,
        send_ids: Collection[str],
        owner: str,
        until: datetime,
        finished: Sequence[Finished],
        now: datetime,
    ) -> Collection[str]:
        """Outcomes of the last ones, and the mark of the next; committed on return."""
        with writing(self._engine) as connection:
            _finish(connection, finished, owner, now)
            return outbox.mark_sending(connection, send_ids, owner, until)

    def finish(self, finished: Sequence[Finished], owner: str, now: datetime) -> None:
        """Outcomes, slots and `mail.sent` in one transaction."""
        if finished:
            with writing(self._engine) as connection:
                _finish(connection, finished, owner, now)

    def hold_back(
        self, send_ids: Sequence[str], rates: Mapping[str, Rate], now: datetime
    ) -> Mapping[str, datetime]:
        """Whom the rates of all processes together let wait; committed on return."""
        if not rates:
            with reading(self._engine) as connection:
                if not paces.stops(connection, now):
                    return {}
        with writing(self._engine) as connection:
            return paces.hold_back(connection, send_ids, rates, now)

    def try_again(self, now: datetime, after: timedelta) -> int:
        """Queue again what could not be written, once there is a reason to hope."""
        with writing(self._engine) as connection:
            return outbox.try_again(connection, now, after)

    def claim_lost(
        self, now: datetime, limit: int, owner: str, lease: timedelta
    ) -> Sequence[Outgoing]:
        """Take hand-offs in hand that nobody finished; committed on return."""
        return outbox.claim_lost(self._engine, now, limit, owner, lease)

    def release(self, owner: str) -> int:
        """Give back what this owner has in hand and has not begun to send."""
        return outbox.release_outbox(self._engine, owner)


def _finish(
    connection: Connection, finished: Sequence[Finished], owner: str, now: datetime
) -> None:
    if not finished:
        return
    due.lock_readers(connection, [one.send_id for one in finished])
    ours = outbox.finish(connection, finished, owner)
    freed = {one.send_id for one in finished if one.frees_slot}
    slots.give_back(connection, [one.send_id for one in ours if one.send_id in freed], now)
    note(connection, sent_events([one for one in ours if one.status == "sent"], now), now)
