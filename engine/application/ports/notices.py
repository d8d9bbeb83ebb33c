"""Notices to our own people on their way: what telling them needs of the store (R2.7, R3.4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from engine.domain.message import Receipt

Kind = Literal["task", "alert", "data"]
Channel = Literal["mail", "webhook"]
Status = Literal["queued", "sent", "dropped", "refused", "unknown", "needs_attention"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice in hand. `about` is a task's id or an alert's name, `said` what an alert says."""

    id: str
    kind: Kind
    about: str
    channel: Channel
    said: Mapping[str, str]
    queued_at: datetime
    attempt: int


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a notice. With `queued` it is tried again from `ready_at` on."""

    id: str
    status: Status
    detail: str = ""
    ready_at: datetime | None = None


class NoticeStore(Protocol):
    """Claims notices, says that their hand-off begins, keeps what became of them (R10.1)."""

    def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta, kinds: Collection[Kind]
    ) -> Sequence[Notice]:
        """Take the first ones in hand. Committed on return."""
        ...

    def mark_sending(self, notice_id: str, owner: str, until: datetime) -> bool:
        """Say that its hand-off begins; answers whether it is still ours. Committed on return."""
        ...

    def finish(self, told: Told, owner: str, now: datetime) -> None:
        """Keep what became of it and end the claim."""
        ...

    def settle_unknown(self, now: datetime) -> int:
        """A hand-off that nobody finished in time is tried once more, then `unknown`."""
        ...


class Webhook(Protocol):
    """Posts a few words to an address that the operator named."""

    def post(self, url: str, said: Mapping[str, str], now: datetime) -> Receipt:
        """Post them as JSON. What the other side says is an outcome, never an exception."""
        ...
