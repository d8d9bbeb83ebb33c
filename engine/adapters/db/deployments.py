"""`application.ports.deployments.Deployments` on a database, within one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, former, lives, stats, turns, versions
from engine.adapters.db.condition_sql import where, zones_in_use
from engine.adapters.db.people import document
from engine.adapters.db.tables import PERSON
from engine.adapters.pictures import asset_hash
from engine.application.ports.deployments import Follow, Version
from engine.domain.condition import InSegment
from engine.domain.facts import Rulebook
from engine.domain.run import Run

_AT_ONCE = 1_000


class DatabaseDeployments:
    """What `plan` and `apply` ask of the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> Version | None:
        """The version in force."""
        return versions.current_version(self._connection)

    def people_at_steps(self) -> Mapping[str, Mapping[str, int]]:
        """How many people stand on each step, by journey."""
        return stats.people_at_steps(self._connection)

    def count_members(self, segment: str, rules: Rulebook, now: datetime) -> int:
        """How many people satisfy a segment at `now`, in one statement."""
        inside = where(
            InSegment(segment), rules, now, lambda: zones_in_use(self._connection, rules)
        )
        counted = select(func.count()).select_from(PERSON).where(~PERSON.c.erased, inside)
        return int(self._connection.execute(counted).scalar_one())

    def put_in_force(self, version: Version, pictures: Mapping[str, bytes]) -> int:
        """Store the version and make everybody due."""
        by_hash = {asset_hash(content): (name, content) for name, content in pictures.items()}
        assets = {name: asset_hash(content) for name, content in pictures.items()}
        return versions.apply_version(self._connection, replace(version, assets=assets), by_hash)

    def followed(
        self, journeys: Collection[str], follow: Follow, now: datetime
    ) -> Iterator[Sequence[tuple[Run, Run]]]:
        """The live runs that an edit changes, before and after, of a thousand at a time."""
        ids = [
            row.id
            for row in self._connection.execute(
                sql(
                    "SELECT id FROM run WHERE ended_at IS NULL AND"
                    f" {batch.among(self._connection, 'journey')} ORDER BY id"
                ),
                {"ids": batch.listed(self._connection, journeys)},
            )
        ]
        for start in range(0, len(ids), _AT_ONCE):
            yield self._followed(ids[start : start + _AT_ONCE], follow, now)

    def _followed(
        self, ids: Collection[str], follow: Follow, now: datetime
    ) -> list[tuple[Run, Run]]:
        found = self._connection.execute(
            sql(f"SELECT * FROM run WHERE {batch.among(self._connection, 'id')}"),
            {"ids": batch.listed(self._connection, ids)},
        )
        rows = [row._asdict() for row in found]
        runs = [codec.run_in(row, document(row["state"])) for row in rows]
        known = lives.load(self._connection, {run.person for run in runs}, now)
        facts = {visit.person_id: visit.life.facts for visit in known}
        after = [(run, follow(run, facts[run.person])) for run in runs]
        return [(run, followed) for run, followed in after if followed != run]

    def save_runs(self, moved: Sequence[tuple[Run, Run]], now: datetime) -> None:
        """Keep runs as they follow the edit, and what they were before it."""
        former.note_runs(self._connection, moved, now)
        turns.save_runs(self._connection, [after for _, after in moved])
