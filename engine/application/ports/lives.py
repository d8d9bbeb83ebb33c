"""People in hand: what the living loop needs of the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from engine.domain.event import Event
from engine.domain.facts import Rulebook
from engine.domain.turn import Life, Turn


class Visit(Protocol):
    """One person as loaded for a turn, with the events that are to act in it."""

    @property
    def life(self) -> Life:
        """All that is kept of the person between two turns."""
        ...

    @property
    def arrivals(self) -> tuple[Event, ...]:
        """The events that have not acted yet, oldest first."""
        ...

    @property
    def mailbox_key(self) -> str:
        """People with the same key share a mailbox, and so their caps (R3.5)."""
        ...


V = TypeVar("V", bound=Visit)


class Lives(Protocol[V]):
    """Claims people, shows their lives, keeps what their turns decided."""

    def claim(
        self,
        now: datetime,
        limit: int,
        owner: str,
        lease: timedelta,
        shards: Collection[int] | None = None,
    ) -> Sequence[str]:
        """Take about `limit` of the longest due people in hand, mailboxes whole; of these shards only,
        where they are given."""
        ...

    def hold(
        self, person_ids: Collection[str], now: datetime, owner: str, lease: timedelta
    ) -> Collection[str]:
        """Take certain people in hand, due or not; answers those whose mailbox nobody else has."""
        ...

    def load(
        self,
        person_ids: Collection[str],
        now: datetime,
        remember: timedelta,
        events: Collection[str] | None = None,
    ) -> Sequence[V]:
        """Their lives, in order of mailbox, then person, with the slots taken since `now - remember`
        (`domain.counting.remembered`). Of the past only events of these names, where they are given
        (`domain.index.events_read`); what has not acted yet is there whatever its name."""
        ...

    def store(
        self,
        taken: Sequence[tuple[V, Turn]],
        rules: Rulebook,
        now: datetime,
        owner: str,
        release_at: Mapping[str, datetime],
    ) -> int:
        """Keep all of it in one transaction and end the claims; answer how many were still ours."""
        ...

    def release(self, owner: str) -> int:
        """Give back everybody this owner has in hand."""
        ...
