"""Experiments in life on a database: who takes part stands in the runs and in the trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from engine.adapters.db import batch, codec, lives
from engine.adapters.db.connect import on_postgresql, reading, writing
from engine.adapters.db.people import document
from engine.adapters.db.stored import instant, micros
from engine.domain.experiment import Arm, Reading, Trial
from engine.domain.facts import Facts
from engine.domain.run import Run

_AT_ONCE = 1_000

_ASSIGNED = (
    " FROM run r JOIN person p ON p.id = r.person_id AND NOT p.erased"
    " JOIN trace t ON t.person_id = r.person_id AND t.run = r.id"
    " WHERE r.journey = :journey AND t.step = :step AND t.what = 'chose' AND t.at >= :since"
)


class DatabaseExperiments:
    """`application.ports.experiments.Experiments`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def trial(self, journey: str, step: str, edition: str) -> Trial:
        """The trial of an edition. People take part who were assigned since the version was applied
        that it was first seen in: those of an older edition do not."""
        key = {"journey": journey, "step": step, "edition": edition}
        with reading(self._engine) as connection:
            found = _find(connection, key)
        if found is None:
            with writing(self._engine) as connection:
                connection.execute(sql(_BEGIN), key)
                found = _find(connection, key)
            assert found is not None, "a trial belongs to a version in force"
        if found.first_at is not None:
            return found
        with reading(self._engine) as connection:
            first: int | None = connection.execute(
                sql("SELECT min(t.at)" + _ASSIGNED),
                {"journey": journey, "step": step, "since": micros(found.since)},
            ).scalar()
        if first is not None:
            with writing(self._engine) as connection:
                connection.execute(
                    sql(f"UPDATE trial SET first_at = :first WHERE {_IS} AND first_at IS NULL"),
                    {**key, "first": first},
                )
        return replace(found, first_at=instant(first))

    def assigned(self, trial: Trial, now: datetime) -> Iterator[tuple[Run, Facts]]:
        """Everybody who takes part, each once, in the run that assigned them first; with the events
        that have come in but have not acted yet."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                sql("SELECT r.person_id, r.id" + _ASSIGNED + " ORDER BY t.at, t.seq"),
                {"journey": trial.journey, "step": trial.step, "since": micros(trial.since)},
            )
            first: dict[str, str] = {}
            for person_id, run_id in rows:
                first.setdefault(person_id, run_id)
        ids = sorted(first)
        for start in range(0, len(ids), _AT_ONCE):
            people = ids[start : start + _AT_ONCE]
            with reading(self._engine) as connection:
                runs = _runs(connection, [first[person] for person in people])
                visits = lives.load(connection, people, now, timedelta(0))
            for visit in visits:
                run = runs.get(first[visit.person_id])
                if run is not None and trial.step in run.variants:
                    facts = visit.life.facts
                    history = facts.history
                    for event in visit.arrivals:
                        history = history.add(event)
                    yield run, replace(facts, history=history)

    def decide(self, trial: Trial, reading: Reading, arms: Sequence[Arm], now: datetime) -> bool:
        """Keep what was read, if nobody has decided before; committed on return."""
        with writing(self._engine) as connection:
            document_of = "CAST(:arms AS jsonb)" if on_postgresql(connection) else ":arms"
            kept = connection.execute(
                sql(
                    "UPDATE trial SET decided_at = :now, says = :says, winner = :winner, p = :p,"
                    f" arms = {document_of} WHERE {_IS} AND decided_at IS NULL"
                ),
                {
                    "journey": trial.journey,
                    "step": trial.step,
                    "edition": trial.edition,
                    "now": micros(now),
                    "says": reading.says,
                    "winner": reading.winner,
                    "p": reading.p,
                    "arms": codec.dump([asdict(arm) for arm in arms]),
                },
            )
            return kept.rowcount > 0


def trials(connection: Connection, decided_until: datetime | None = None) -> list[Trial]:
    """All trials there ever were, by journey and step, the oldest edition first; or those that had been
    decided at an instant."""
    found = connection.execute(
        sql(
            "SELECT * FROM trial WHERE CAST(:until AS bigint) IS NULL OR decided_at <= :until"
            " ORDER BY journey, step, since, edition"
        ),
        {"until": micros(decided_until)},
    ).all()
    return [_trial(row._asdict()) for row in found]


_IS = "journey = :journey AND step = :step AND edition = :edition"
_BEGIN = (
    "INSERT INTO trial (journey, step, edition, since, arms)"
    " SELECT :journey, :step, :edition, applied_at, '[]' FROM version"
    " ORDER BY seq DESC LIMIT 1 ON CONFLICT (journey, step, edition) DO NOTHING"
)


def _find(connection: Connection, key: Mapping[str, str]) -> Trial | None:
    found = connection.execute(sql(f"SELECT * FROM trial WHERE {_IS}"), key).first()
    return None if found is None else _trial(found._asdict())


def _trial(row: Mapping[str, Any]) -> Trial:
    says = row["says"]
    return Trial(
        journey=row["journey"],
        step=row["step"],
        edition=row["edition"],
        since=instant(row["since"]),
        first_at=instant(row["first_at"]),
        decided_at=instant(row["decided_at"]),
        reading=None if says is None else Reading(says, row["winner"], row["p"]),
        arms=tuple(Arm(**arm) for arm in document(row["arms"])),
    )


def _runs(connection: Connection, run_ids: Sequence[str]) -> dict[str, Run]:
    found = connection.execute(
        sql(f"SELECT * FROM run WHERE {batch.among(connection, 'id')}"),
        {"ids": batch.listed(connection, run_ids)},
    )
    rows = [row._asdict() for row in found]
    return {row["id"]: codec.run_in(row, document(row["state"])) for row in rows}
