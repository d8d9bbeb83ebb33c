"""Work for several processes: what there is to do, jobs made of it, and the queue they wait in.

A job is a hint that somebody should look, never the work itself: what is due stands in the tables, and
whoever looks claims it there. A job that is lost, or done twice, changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Kind = Literal["decide", "send"]
KINDS: tuple[Kind, ...] = ("decide", "send")


@dataclass(frozen=True, slots=True)
class Job:
    """Look once: at the people of `width` shards from the shard `first` on; or, for `send`, at the
    messages, where `first` counts how many are asked to look at the same time."""

    kind: Kind
    first: int = 0
    width: int = 1

    @property
    def name(self) -> str:
        """Two jobs of one name would do the same."""
        return f"{self.kind} {self.first}+{self.width}"


class Waiting(Protocol):
    """What there is to do and nobody has in hand."""

    def people(self, now: datetime) -> Sequence[int]:
        """How many people are due, by shard."""
        ...

    def messages(self, now: datetime) -> int:
        """How many messages are ready to be handed off; a large number may be cut short."""
        ...


class Queue(Protocol):
    """Where jobs wait for a worker."""

    def defer(self, jobs: Sequence[Job]) -> int:
        """Ask for jobs, but not for one whose like waits already; answers how many are new."""
        ...
