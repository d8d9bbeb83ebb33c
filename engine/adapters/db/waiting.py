"""What there is to do and nobody has in hand: what the clock shares out among workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy import text as sql

from engine.adapters.db.connect import reading
from engine.adapters.db.outbox import MENDABLE
from engine.adapters.db.stored import SHARDS, micros

_AT_MOST = 1_000 * SHARDS
"""Who waits behind so many is seen when they are done."""


class DatabaseWaiting:
    """`application.ports.queue.Waiting`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def people(self, now: datetime) -> Sequence[int]:
        """How many people are due, by shard; those in somebody's hand left out."""
        statement = """
            SELECT shard, count(*) FROM (
                SELECT shard FROM due WHERE due_at <= :now
                    AND (lease_until IS NULL OR lease_until <= :now)
                ORDER BY due_at LIMIT :most) AS waiting
            GROUP BY shard"""
        counts = [0] * SHARDS
        with reading(self._engine) as connection:
            bound = {"now": micros(now), "most": _AT_MOST}
            for shard, count in connection.execute(sql(statement), bound):
                counts[shard] = count
        return counts

    def anybody(self, now: datetime) -> bool:
        """Whether somebody is due, in anybody's hand or none: the cheapest question there is."""
        statement = "SELECT EXISTS (SELECT 1 FROM due WHERE due_at <= :now)"
        with reading(self._engine) as connection:
            return bool(connection.execute(sql(statement), {"now": micros(now)}).scalar())

    def anything(self, now: datetime) -> bool:
        """Whether a message is ready, was begun and not finished in time, or might be written now that
        could not be."""
        statement = f"""
            SELECT EXISTS (SELECT 1 FROM outbox WHERE status = 'queued' AND ready_at <= :now)
                OR EXISTS (SELECT 1 FROM outbox WHERE status = 'sending' AND lease_until <= :now)
                OR EXISTS (SELECT 1 FROM outbox WHERE status = 'needs_attention'
                    AND reason IN {MENDABLE})"""
        with reading(self._engine) as connection:
            return bool(connection.execute(sql(statement), {"now": micros(now)}).scalar())

    def messages(self, now: datetime) -> int:
        """How many messages are ready and in nobody's hand, and how many hand-offs nobody finished."""
        statement = """
            SELECT count(*) FROM (
                SELECT 1 FROM outbox WHERE status IN ('queued', 'sending') AND ready_at <= :now
                    AND (lease_until IS NULL OR lease_until <= :now)
                LIMIT :most) AS waiting"""
        with reading(self._engine) as connection:
            bound = {"now": micros(now), "most": _AT_MOST}
            return int(connection.execute(sql(statement), bound).scalar_one())
