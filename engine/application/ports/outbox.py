"""Messages on their way: what the hand-off needs of the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from engine.domain.event import Event
from engine.domain.journey import Class
from engine.domain.pace import Rate
from engine.domain.reasons import Reason
from engine.domain.run import Run

Status = Literal["queued", "sending", "sent", "refused", "unknown", "dropped", "needs_attention"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way. `due` is when it was due first; `attempt` counts hand-offs begun.
    `mailbox_key` is the mailbox that its slot counts for, None where it has no slot.

    The rest of what its mail may say (answers, variants) stands in the run, under `run`.
    """

    send_id: str
    person_id: str
    run: str
    journey: str
    step: str
    mail: str
    category: str
    klass: Class
    due: datetime
    ready_at: datetime
    expires: datetime | None
    queued_at: datetime
    entry: Event | None
    sender: str | None
    tone: str | None
    status: Status
    reason: str | None
    detail: str
    attempt: int
    provider_id: str
    message_id: str
    sent_at: datetime | None
    mailbox_key: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a claimed message. With `status="queued"` it is tried again from `ready_at` on.

    `sending` says that nobody knows yet: if no event of the provider settles it until `ready_at`, it
    is lost (`claim_lost`).
    """

    send_id: str
    status: Status
    reason: Reason | None = None
    detail: str = ""
    provider_id: str = ""
    message_id: str = ""
    sent_at: datetime | None = None
    ready_at: datetime | None = None

    @property
    def frees_slot(self) -> bool:
        """Whether it certainly never left (R3.3). What was accepted counts, and so does unknown."""
        return self.status in ("dropped", "refused", "needs_attention")


class Outbox(Protocol):
    """Claims messages in the order of R3.7, says that their hand-off begins, keeps what became of it."""

    def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta, engaged_by: Collection[str]
    ) -> Sequence[Outgoing]:
        """Take the first messages in hand, but for what is paused; with `engaged_by` those first, among
        equals, of whom one of these events was heard last. Committed on return."""
        ...

    def runs(self, run_ids: Collection[str]) -> Mapping[str, Run]:
        """The runs that messages belong to, as they are now."""
        ...

    def move_slots(
        self, moved: Mapping[str, datetime], owner: str, deciding: str
    ) -> Collection[str]:
        """Move the slots of messages in hand to the instant at which the gate passed again, and to the
        mailbox that their people have now (R3.9, R3.5); answers which are still ours, and their people
        in the hand of `deciding`. Committed on return."""
        ...

    def begin(
        self,
        send_ids: Collection[str],
        owner: str,
        until: datetime,
        finished: Sequence[Finished],
        now: datetime,
    ) -> Collection[str]:
        """Record what became of the last ones (as `finish` does) and say that the hand-off of the next
        begins; answers which of these are still ours. `until` is when, without an outcome, they are
        lost. One transaction, committed on return (R10.1)."""
        ...

    def finish(self, finished: Sequence[Finished], owner: str, now: datetime) -> None:
        """Record outcomes in one transaction: free the slots of what certainly never left, and log
        `mail.sent` for what was sent. What is no longer in `owner`'s hand is left alone."""
        ...

    def try_again(self, now: datetime, after: timedelta) -> int:
        """Queue again what could not be written (R9.1), if its person was looked at since, another
        version is in force, or `after` has passed; answers how many."""
        ...

    def claim_lost(
        self, now: datetime, limit: int, owner: str, lease: timedelta
    ) -> Sequence[Outgoing]:
        """Take in hand messages whose hand-off nobody finished in time. Committed on return."""
        ...

    def hold_back(
        self, send_ids: Sequence[str], rates: Mapping[str, Rate], now: datetime
    ) -> Mapping[str, datetime]:
        """Which of these have to wait until when, so that no rate is exceeded (`domain.pace`); the
        others have their tokens. Committed on return."""
        ...

    def release(self, owner: str) -> int:
        """Give back what this owner has in hand and has not begun to send."""
        ...
