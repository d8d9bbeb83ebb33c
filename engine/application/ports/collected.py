"""How far mailboxes are read, kept together with what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Read:
    """A mailbox is read up to number `last`, in its numbering `validity` (RFC 9051 2.3.1.1)."""

    validity: int
    last: int


class Collected(Protocol):
    """Stores mails of a mailbox in the inbox, each once."""

    def read(self, mailbox: str) -> Read | None:
        """How far a mailbox is read, or None if it never was."""
        ...

    def store(
        self,
        mailbox: str,
        before: Read | None,
        after: Read,
        mails: Sequence[bytes],
        now: datetime,
        *,
        by: str | None = None,
    ) -> bool:
        """Store mails, durably, in the transaction that notes how far it is read. False, and nothing,
        if it is not read as far as `before` any more: somebody else has stored them. `by` is what they
        came through, where that is not the mailbox itself."""
        ...

    def forget(self, mailbox: str) -> None:
        """The mailbox is no more."""
        ...
