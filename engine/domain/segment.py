"""Segments and personas: named groups of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from engine.domain.caps import Cap
from engine.domain.condition import Condition
from engine.domain.event import Value


@dataclass(frozen=True, slots=True)
class Segment:
    """Everybody who satisfies `who`, and whoever came in less than `stay_at_least` ago (R1.7).

    `refresh` is how late the daemon may notice a join or a leave. A grid's cells, rows and columns
    are segments of their own; `grid` then names the grid.
    """

    name: str
    who: Condition
    title: str = ""
    owner: str = ""
    stay_at_least: timedelta = timedelta(0)
    refresh: timedelta = timedelta(0)
    grid: str | None = None


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of customer and how to speak to them. The lowest `rank` that fits wins (then the name).

    `voice_when` pairs an emotion word (`upset` …), its level and the voice lines that it changes.
    """

    name: str
    rank: int
    who: Condition
    title: str = ""
    voice: Mapping[str, str] = field(default_factory=dict)
    voice_when: tuple[tuple[Condition, Mapping[str, str]], ...] = ()
    caps: tuple[Cap, ...] = ()
    sample: Mapping[str, Value] = field(default_factory=dict)
