"""Applied versions, and the people in flight that an edit concerns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from engine.domain.facts import Facts, Rulebook
from engine.domain.run import Run


@dataclass(frozen=True, slots=True)
class Version:
    """One `apply`: the text of every file by its path, the hash of every picture by its path.

    `segments_since` and `journeys_since` say since when each definition is live, and `backfills` when a
    journey's was confirmed (R1.1).
    """

    hash: str
    files: Mapping[str, str]
    applied_at: datetime
    by: str = ""
    assets: Mapping[str, str] = field(default_factory=dict)
    segments_since: Mapping[str, datetime] = field(default_factory=dict)
    journeys_since: Mapping[str, datetime] = field(default_factory=dict)
    backfills: Mapping[str, datetime] = field(default_factory=dict)


Follow = Callable[[Run, Facts], Run]


class Deployments(Protocol):
    """One transaction around an `apply`: it is made so by all of it or by nothing."""

    def current(self) -> Version | None:
        """The version in force, or None before the first."""
        ...

    def people_at_steps(self) -> Mapping[str, Mapping[str, int]]:
        """How many people stand on each step, by journey."""
        ...

    def count_members(self, segment: str, rules: Rulebook, now: datetime) -> int:
        """How many people satisfy a segment at `now`."""
        ...

    def put_in_force(self, version: Version, pictures: Mapping[str, bytes]) -> int:
        """Store the version and make everybody due; answers how many people that is."""
        ...

    def followed(
        self, journeys: Collection[str], follow: Follow, now: datetime
    ) -> Iterator[Sequence[tuple[Run, Run]]]:
        """The live runs of these journeys that an edit changes, before and after it, some at a time.
        Nothing is stored."""
        ...

    def save_runs(self, moved: Sequence[tuple[Run, Run]], now: datetime) -> None:
        """Keep runs as they follow the edit, each given before and after it."""
        ...
