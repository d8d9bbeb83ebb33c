"""One person's past as it was: what a replay needs of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.event import Event
from engine.domain.turn import Life


@dataclass(frozen=True, slots=True)
class LifeThen:
    """A person as they were. `arrivals` had come in and not acted yet; in the eyes of a turn, they acted
    in it. `lost` says in words what can no longer be told of then; empty where all of it can."""

    life: Life
    arrivals: tuple[Event, ...]
    mailbox_key: str
    lost: str = ""


@dataclass(frozen=True, slots=True)
class TurnThen:
    """A turn of the past: when it was taken, and its place among all that is kept.

    `version` is the hash of the rules that it was taken with, and `paused` what was paused meanwhile:
    journeys, and the whole engine as an empty name.
    """

    seq: int
    at: datetime
    version: str = ""
    paused: frozenset[str] = frozenset()


class Past(Protocol):
    """The past of one person who is known today."""

    @property
    def known_since(self) -> datetime | None:
        """When the engine first heard of them; None where that was before such things were kept."""
        ...

    def life(self, at: datetime) -> LifeThen | None:
        """The person at an instant, after everything recorded up to it; None where there was nobody."""
        ...

    def turns(self, since: datetime, until: datetime) -> Sequence[TurnThen]:
        """Their turns in `[since, until]`, oldest first."""
        ...

    def seen_by(self, turn: TurnThen) -> LifeThen | None:
        """The person as a turn saw them; None where that is not kept."""
        ...
