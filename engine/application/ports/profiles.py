"""Whole profiles: what the rights of a person (GDPR 15 to 20) and a merge need of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.domain.emotion import EmotionConfig
from engine.domain.facts import Rulebook


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: how many rows of each kind were deleted or made nobody's, all mails there
    were (by send id), how many of them were stopped and how many were just leaving, and other profiles
    with the same address, which stay."""

    person_id: str
    at: datetime
    removed: Mapping[str, int]
    mails: Sequence[str]
    stopped: int
    leaving: int
    sharing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: the journeys of which a second run ended, how many events came along, and the
    topics that one profile had left and the other had not. `already` says that it had been done before;
    the rest is empty then."""

    keep: str
    other: str
    already: bool = False
    ended: Sequence[str] = ()
    events: int = 0
    left: Sequence[str] = ()


class Profiles(Protocol):
    """Each call is one transaction."""

    def find(self, id_or_address: str) -> str | None:
        """The id of today of somebody, by an id (also one of before a merge) or an address."""
        ...

    def erased_at(self, id_or_address: str) -> datetime | None:
        """When somebody of this id or address was erased; None if never."""
        ...

    def erase(self, person_id: str, name: str, now: datetime) -> Erased | None:
        """Erase; None if there is nobody of that id."""
        ...

    def erase_message(
        self, person_id: str, message: str, config: EmotionConfig, now: datetime
    ) -> Mapping[str, int] | None:
        """Erase one message; how many rows went, by table, or None if the person wrote no such message."""
        ...

    def export(self, person_id: str, now: datetime) -> dict[str, Any]:
        """Everything held of a person, as JSON would have it."""
        ...

    def was_merged(self, other: str, keep: str) -> bool:
        """Whether the id `other` leads to `keep` since a merge."""
        ...

    def merge(self, keep: str, other: str, rules: Rulebook, now: datetime) -> Merged | None:
        """Make two profiles one, both ids of today and not the same; None if one of them is gone."""
        ...


class RenderedMails(Protocol):
    """Copies of mails that we keep ourselves."""

    def forget(self, send_ids: Sequence[str]) -> int:
        """Delete what is there of these mails; answers how many."""
        ...
