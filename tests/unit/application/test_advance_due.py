"""Batches of due people, one after the other: claimed, loaded, decided and stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from engine.application.advance_due import advance_due
from engine.domain.event import Event
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Policy
from engine.domain.person import Person
from engine.domain.turn import Life, Turn

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
RULES = Rulebook(journeys={}, segments={}, personas=(), policy=Policy(categories={}), mails={})


@dataclass(frozen=True)
class Guest:
    """Somebody who is due, with a mailbox of their own."""

    mailbox_key: str
    arrivals: tuple[Event, ...] = ()

    @property
    def life(self) -> Life:
        """A life in which nothing has happened."""
        return Life(Facts(Person(self.mailbox_key)))


class Shelf:
    """A store of due people in batches; `broken` is one that cannot be written."""

    def __init__(self, batches: Iterable[Sequence[str]], broken: str = "") -> None:
        self.waiting = list(batches)
        self.broken = broken
        self.written: list[str] = []

    def claim(
        self,
        now: datetime,
        limit: int,
        owner: str,
        lease: timedelta,
        shards: Collection[int] | None = None,
    ) -> Sequence[str]:
        """The next batch."""
        return self.waiting.pop(0) if self.waiting else ()

    def load(
        self,
        person_ids: Collection[str],
        now: datetime,
        remember: timedelta,
        events: Collection[str] | None = None,
    ) -> Sequence[Guest]:
        """Their lives."""
        return [Guest(person_id) for person_id in person_ids]

    def store(
        self,
        taken: Sequence[tuple[Guest, Turn]],
        rules: Rulebook,
        now: datetime,
        owner: str,
        release_at: Mapping[str, datetime],
    ) -> int:
        """Write a batch down, unless it is the broken one."""
        people = [guest.mailbox_key for guest, _ in taken]
        if self.broken in people:
            raise OSError("the disk is full")
        self.written += people
        return len(people)

    def hold(
        self, person_ids: Collection[str], now: datetime, owner: str, lease: timedelta
    ) -> Collection[str]:
        """Everybody."""
        return person_ids

    def release(self, owner: str) -> int:
        """Nobody is in hand."""
        return 0


def test_everybody_who_is_due_takes_their_turn_batch_by_batch() -> None:
    """R10.2: what one worker decides is stored in the order in which it was claimed."""
    shelf = Shelf([("ada", "bob"), ("cleo",), ("dan", "eve")])
    assert advance_due(shelf, RULES, NOW, "worker") == 5
    assert shelf.written == ["ada", "bob", "cleo", "dan", "eve"]


def test_a_batch_that_cannot_be_stored_is_told_and_stops_only_itself() -> None:
    """R10.4."""
    shelf = Shelf([("ada",), ("bob",), ("cleo",)], broken="bob")
    with pytest.raises(OSError, match="disk is full"):
        advance_due(shelf, RULES, NOW, "worker")
    assert shelf.written == ["ada", "cleo"]


def test_who_stops_claims_nobody_more_and_stores_what_is_in_hand() -> None:
    """R10.1: everybody who was claimed is stored, the others stay due."""
    shelf = Shelf([("ada",), ("bob",), ("cleo",), ("dan",)])
    assert 1 <= advance_due(shelf, RULES, NOW, "worker", lambda: len(shelf.waiting) < 3) < 4
    assert [*shelf.written, *(one for batch in shelf.waiting for one in batch)] == [
        "ada",
        "bob",
        "cleo",
        "dan",
    ]
