"""Keeping house in the database: what is old and not needed goes, in small batches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, select
from sqlalchemy import text as sql

from engine.adapters.db import batch, erasure, identities, inbox, marks, moods, scores
from engine.adapters.db.connect import on_postgresql, reading, writing
from engine.adapters.db.consent_sql import consent_word
from engine.adapters.db.stored import micros
from engine.adapters.db.tables import CONSENT, FORMER, PERSON, SCORE, TRACE
from engine.domain.consent import PROFILING
from engine.domain.emotion import EmotionConfig
from engine.domain.jurisdiction import ANY_YES

BATCH = 1_000
"""So many rows at most go in one transaction: nobody waits long for the lock."""

_IN_USE = (
    "EXISTS (SELECT 1 FROM run r WHERE r.person_id = {0}.person_id AND r.kept"
    " AND r.entered_at <= {0}.at)"
)
"""A run that is alive, or may still reach its goal, counts everything since its entry."""

_UNCONFIRMED = (
    "SELECT p.id FROM person p WHERE p.id LIKE 'form-%' AND NOT p.erased"
    " AND EXISTS (SELECT 1 FROM consent c WHERE c.person_id = p.id)"
    " AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.person_id = p.id"
    " AND (c.state <> 'pending' OR c.at >= :before))"
    " AND NOT EXISTS (SELECT 1 FROM event e WHERE e.person_id = p.id"
    " AND e.source NOT IN ('form', 'engine', 'provider'))"
)


class DatabaseKeeping:
    """`application.ports.keeping.Keeping`. Each call removes one batch and answers how many rows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, now: datetime, last_before: datetime) -> bool:
        """Take today's round, if the last one began before that; one of several processes does."""
        with writing(self._engine) as connection:
            return marks.take(connection, marks.KEPT, now, last_before)

    def finish(self, now: datetime, removed: dict[str, int]) -> None:
        """Say what the round removed."""
        with writing(self._engine) as connection:
            marks.mark(connection, marks.KEPT, now, {"removed": removed})

    def event_names(self) -> list[str]:
        """The names of all events there are."""
        with reading(self._engine) as connection:
            found = connection.execute(
                sql(
                    """
                    WITH RECURSIVE known(name) AS (
                        SELECT min(name) FROM event
                        UNION ALL
                        SELECT (SELECT min(name) FROM event e WHERE e.name > known.name)
                        FROM known WHERE known.name IS NOT NULL
                    )
                    SELECT name FROM known WHERE name IS NOT NULL
                    """
                )
            )
            return list(found.scalars())

    def remove_events(self, name: str, before: datetime) -> int:
        """Events of one name that were dated before, have acted, and that no run counts any more."""
        with writing(self._engine, durable=False) as connection:
            return connection.execute(
                sql(
                    "DELETE FROM event WHERE seq IN (SELECT e.seq FROM event e"
                    " WHERE e.name = :name AND e.at < :before AND NOT e.pending"
                    f" AND NOT {_IN_USE.format('e')} ORDER BY e.at LIMIT :limit)"
                ),
                {"name": name, "before": micros(before), "limit": BATCH},
            ).rowcount

    def remove_words(self, name: str, word: str, before: datetime) -> int:
        """One property of events of one name that were dated before."""
        with writing(self._engine, durable=False) as connection:
            less, there = _without(connection, word)
            return connection.execute(
                sql(
                    f"UPDATE event SET properties = {less} WHERE seq IN ("
                    " SELECT seq FROM event WHERE name = :name AND at < :before AND NOT pending"
                    f" AND {there} ORDER BY at LIMIT :limit)"
                ),
                {"name": name, "before": micros(before), "limit": BATCH},
            ).rowcount

    def remove_copied_words(
        self, event: str, word: str, journeys: Collection[str], before: datetime
    ) -> int:
        """The same property, where runs that have ended and messages that are settled hold a copy of
        such an event."""
        done = 0
        with writing(self._engine, durable=False) as connection:
            for table, key, column, settled in (
                ("run", "id", "state", "NOT kept AND ended_at < :before"),
                (
                    "outbox",
                    "send_id",
                    "entry",
                    "status NOT IN ('queued', 'sending', 'needs_attention') AND queued_at < :before",
                ),
            ):
                less, there = _without_inside(connection, column, event, word)
                these = batch.among(connection, "journey")
                done += connection.execute(
                    sql(
                        f"UPDATE {table} SET {column} = {less} WHERE {key} IN (SELECT {key}"
                        f" FROM {table} WHERE {these} AND {settled} AND {there} LIMIT :limit)"
                    ),
                    {
                        "ids": batch.listed(connection, journeys),
                        "before": micros(before),
                        "limit": BATCH,
                    },
                ).rowcount
        return done

    def remove_unconfirmed(self, before: datetime, now: datetime) -> int:
        """One batch of people whom a form made and of whom nothing came since but sign-ups from before.
        Nothing stays that would keep their address out: they never asked for that."""
        bound = {"before": micros(before), "limit": BATCH}
        with reading(self._engine) as connection:
            people = connection.execute(sql(f"{_UNCONFIRMED} LIMIT :limit"), bound).scalars().all()
        for person_id in people:
            with writing(self._engine) as connection:
                identities.stand_still(connection, alone=True)
                one = {**bound, "who": person_id}
                if connection.execute(sql(f"{_UNCONFIRMED} AND p.id = :who"), one).first():
                    name = f"erased-{token_hex(8)}"
                    erasure.erase(connection, person_id, name, now, keep_out=False)
        return len(people)

    def remove_tracked(self, before: datetime) -> int:
        """One batch of mails from before: their links lead nowhere then."""
        with writing(self._engine, durable=False) as connection:
            return connection.execute(
                sql(
                    "DELETE FROM tracked WHERE send_id IN (SELECT send_id FROM tracked"
                    " WHERE at < :before ORDER BY at LIMIT :limit)"
                ),
                {"before": micros(before), "limit": BATCH},
            ).rowcount

    def remove_told(self, before: datetime) -> int:
        """One batch of tellings from before, and of touches."""
        bound = {"before": micros(before), "limit": BATCH}
        with writing(self._engine, durable=False) as connection:
            return sum(
                connection.execute(
                    sql(
                        f"DELETE FROM {table} WHERE key IN (SELECT key FROM {table}"
                        f" WHERE {at} < :before ORDER BY {at} LIMIT :limit)"
                    ),
                    bound,
                ).rowcount
                for table, at in (("told", "at"), ("touch", "received_at"))
            )

    def remove_traces(
        self, before: datetime, experiments: Collection[tuple[str, str]], stop: Callable[[], bool]
    ) -> int:
        """Lines of the trace from before, but of runs that still live and of assignments to experiments
        in force. All of them, in batches, until `stop`."""
        steps = [f"{journey}/{step}" for journey, step in experiments]

        def page(connection: Connection, after: int) -> Sequence[Row[Any]]:
            chosen = batch.among(connection, "t.journey || '/' || t.step")
            return connection.execute(
                sql(
                    "SELECT t.seq, t.at < :before AS is_old,"
                    f" NOT ({_IN_USE.format('t')} OR (t.what = 'chose' AND {chosen})) AS is_free"
                    " FROM trace t WHERE t.seq > :after ORDER BY t.seq LIMIT :limit"
                ),
                {
                    "before": micros(before),
                    "after": after,
                    "limit": BATCH,
                    "ids": batch.listed(connection, steps),
                },
            ).all()

        return self._remove_pages(TRACE, page, stop)

    def remove_evidence(self, before: datetime) -> int:
        """Which words spoke for a mood, of one batch of messages that are dated before."""
        with writing(self._engine, durable=False) as connection:
            return scores.remove_evidence(connection, before, BATCH)

    def remove_scores(self, before: datetime, config: EmotionConfig, now: datetime) -> int:
        """The scores and moods of messages from before, of one batch of people; their profiles are worked
        out anew from what stays."""
        with writing(self._engine, durable=False) as connection:
            people = scores.old(connection, before, BATCH)
            removed = scores.remove_old(connection, people, before) if people else 0
            moods.work_out(connection, people, config, now)
            return removed

    def remove_without_consent(self, now: datetime) -> int:
        """What was read of one batch of people whose consent to it has run out; answers how many."""
        profiled = consent_word(PROFILING, (), ANY_YES, micros(now))
        ended = (
            select(PERSON.c.id)
            .where(
                PERSON.c.id.in_(select(SCORE.c.person_id)),
                PERSON.c.id.in_(
                    select(CONSENT.c.person_id).where(
                        CONSENT.c.topic == PROFILING, CONSENT.c.expires_at <= micros(now)
                    )
                ),
                profiled != "given",
            )
            .limit(BATCH)
        )
        with writing(self._engine) as connection:
            people = connection.execute(ended).scalars().all()
            moods.clear(connection, people, now)
            return len(people)

    def remove_kept(self, before: datetime) -> int:
        """One batch of what came before and could not be understood."""
        with writing(self._engine, durable=False) as connection:
            return inbox.remove_old(connection, before, BATCH)

    def remove_former(self, before: datetime, stop: Callable[[], bool]) -> int:
        """What was before changes that were made before: no older moment can be replayed then."""

        def page(connection: Connection, after: int) -> Sequence[Row[Any]]:
            return connection.execute(
                sql(
                    "SELECT seq, at < :before AS is_old, true AS is_free FROM former"
                    " WHERE seq > :after ORDER BY seq LIMIT :limit"
                ),
                {"before": micros(before), "after": after, "limit": BATCH},
            ).all()

        done = self._remove_pages(FORMER, page, stop)
        if done:
            with writing(self._engine) as connection:
                marks.mark(connection, marks.FORMER_SINCE, before)
        return done

    def _remove_pages(self, table: Table, page: Page, stop: Callable[[], bool]) -> int:
        """Remove what is old and free, page by page in the order of writing; the first page on which
        nothing is old is the last."""
        done = after = 0
        while not stop():
            with reading(self._engine) as connection:
                rows = page(connection, after)
            if not any(row.is_old for row in rows):
                break
            after = rows[-1].seq
            going = [(row.seq,) for row in rows if row.is_old and row.is_free]
            with writing(self._engine, durable=False) as connection:
                done += batch.delete(connection, table, ("seq",), going)
        return done


Page = Callable[[Connection, int], "Sequence[Row[Any]]"]


def _without(connection: Connection, word: str) -> tuple[str, str]:
    """SQL for the properties without one of them, and for whether it is there."""
    if on_postgresql(connection):
        return f"properties - '{word}'", f"jsonb_exists(properties, '{word}')"
    there = f"json_type(properties, '$.{word}') IS NOT NULL"
    return f"json_remove(properties, '$.{word}')", there


def _without_inside(connection: Connection, column: str, event: str, word: str) -> tuple[str, str]:
    """The same for an event inside a document: in `state` under `entry` and `answers`, or whole."""
    inside = ("entry",) if column == "state" else ()
    if on_postgresql(connection):
        path = ",".join((*inside, "properties", word))
        named = ",".join((*inside, "name"))
        there = f"{column} #>> '{{{named}}}' = '{event}' AND {column} #> '{{{path}}}' IS NOT NULL"
        return f"{column} #- '{{{path}}}'", there
    path = ".".join(("$", *inside, "properties", word))
    named = ".".join(("$", *inside, "name"))
    there = (
        f"json_extract({column}, '{named}') = '{event}'"
        f" AND json_type({column}, '{path}') IS NOT NULL"
    )
    return f"json_remove({column}, '{path}')", there
