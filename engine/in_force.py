"""What is in force: the version that was applied last, or that held at a moment of the past, compiled,
with what people and time decided beside its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from engine.bootstrap import compile_project, with_decisions, with_holidays
from engine.domain.facts import Rulebook
from engine.language.project import Project

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from engine.application.ports.past import TurnThen


@dataclass(frozen=True, slots=True)
class InForce:
    """What was applied last, compiled, with what the database adds: switches, thresholds, approvals."""

    hash: str
    project: Project
    rules: Rulebook
    pictures: Mapping[str, bytes]


class Applied:
    """The applied version of a database, asked for at every tick. It is compiled once a process, however
    many ticks have one of these."""

    _shared: ClassVar[dict[tuple[str, int], InForce]] = {}
    _compiling: ClassVar[Lock] = Lock()

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._compiled: InForce | None = None
        self._last: InForce | None = None

    @property
    def last(self) -> InForce | None:
        """What was in force when it was asked for last, without a look at the database."""
        return self._last

    def at(self, now: datetime) -> InForce | None:
        """What is in force at `now`; None before the first `apply`."""
        from engine.adapters.db import marks, versions
        from engine.adapters.db.connect import reading

        with reading(self._engine) as connection:
            found = versions.in_force(connection)
            if found is None:
                return None
            if self._compiled is None or self._compiled.hash != found.hash:
                self._compiled = self._compile_once(connection, found.hash, now)
            compiled = self._compiled
            rules = replace(
                compiled.rules,
                version=found.hash,
                segments_since=found.segments_since,
                journeys_since=found.journeys_since,
                backfills=found.backfills,
            )
            rules = with_decisions(connection, rules, now)
            rules = replace(rules, restored=marks.restored(connection))
            rules = replace(rules, paused=rules.paused or rules.stands_still)
        if self._last is None or self._last.hash != found.hash or self._last.rules != rules:
            self._last = replace(compiled, rules=rules)
        return self._last

    def still(self, force: InForce) -> bool:
        """Whether nobody has applied, paused or resumed anything since: one cheap statement."""
        from engine.adapters.db import versions
        from engine.adapters.db.connect import reading

        with reading(self._engine) as connection:
            return versions.still_in_force(connection, force.rules)

    def _compile_once(self, connection: Connection, digest: str, now: datetime) -> InForce:
        key = digest, now.year
        with Applied._compiling:
            if key not in Applied._shared:
                compiled = self._compile(connection, now)
                Applied._shared.clear()
                Applied._shared[compiled.hash, now.year] = compiled
                return compiled
            return Applied._shared[key]

    def _compile(self, connection: Connection, now: datetime) -> InForce:
        from engine.adapters.db import versions

        version = versions.current_version(connection)
        assert version is not None
        project = compile_project(version.files)
        rules = with_holidays(project, now.year)
        stored = {name: versions.picture(connection, key) for name, key in version.assets.items()}
        pictures = {name: picture[1] for name, picture in stored.items() if picture}
        return InForce(version.hash, project, rules, pictures)


class Archive:
    """The rules that were in force at any instant, each version compiled once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._compiled: dict[tuple[str, int], Rulebook] = {}

    def used(self, turn: TurnThen) -> Rulebook | None:
        """The rulebook that a turn was taken with."""
        from engine.adapters.db import marks

        rules = self.at(turn.at, turn.version)
        if rules is None:
            return None
        restored = marks.restored(self._connection)
        return replace(
            rules,
            paused="" in turn.paused,
            paused_journeys=turn.paused - {""},
            restored=restored if restored is not None and restored.until <= turn.at else None,
        )

    def at(self, at: datetime, digest: str | None = None) -> Rulebook | None:
        """The rulebook of an instant, with what people and time had decided beside its files; None
        before the first `apply`. Where `digest` names a version, of that one."""
        from engine.adapters.db import versions

        found = versions.in_force(self._connection, at, digest)
        if found is None:
            return None
        rules = replace(
            self._rules(found.hash, at.year),
            version=found.hash,
            segments_since=found.segments_since,
            journeys_since=found.journeys_since,
            backfills=found.backfills,
        )
        return with_decisions(self._connection, rules, at, then=True)

    def _rules(self, digest: str, year: int) -> Rulebook:
        from engine.adapters.db import versions

        if (digest, year) not in self._compiled:
            version = versions.version_by_hash(self._connection, digest)
            assert version is not None
            self._compiled[digest, year] = with_holidays(compile_project(version.files), year)
        return self._compiled[digest, year]
