"""Mail is collected from a mailbox: stored first, then marked or moved, so that a server that dies in
the middle loses nothing and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from engine.application.ports.collected import Collected, Read

_AT_ONCE = 10
"""Mails that are in memory at once; each is at most two MiB."""


class OpenMailbox(Protocol):
    """One folder of a mailbox; mails have growing numbers in a numbering that `validity` names."""

    @property
    def validity(self) -> int:
        """Which numbering holds."""
        ...

    def after(self, last: int) -> list[int]:
        """The mails behind a number, in order."""
        ...

    def unread(self, last: int) -> list[int]:
        """The mails up to a number that nobody has marked as read."""
        ...

    def up_to(self, last: int) -> list[int]:
        """All mails up to a number."""
        ...

    def fetch(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The mails of these numbers, without marking them; one that is gone is missing."""
        ...

    def mark_as_read(self, uids: Sequence[int]) -> None:
        """Mark mails as read."""
        ...

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails to another folder."""
        ...


def collect(
    mailbox: OpenMailbox,
    name: str,
    collected: Collected,
    now: datetime,
    *,
    move_to: str | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Store what is new in a mailbox; answers how many mails that were.

    How far it is read is kept beside what was read, not in flags that other programs change. Where it
    is read for the first time, or its numbering is a new one (RFC 9051 2.3.1.1), what somebody has
    marked as read already is left alone, unless mails are moved away.
    """
    before = collected.read(name)
    known = before is not None and before.validity == mailbox.validity
    last = before.last if before is not None and known else 0
    _put_away(mailbox, last, move_to)
    found = mailbox.after(last)
    newest = found[-1] if found else last
    if not known and move_to is None:
        found = mailbox.unread(newest)
    stored = 0
    for start in range(0, len(found), _AT_ONCE):
        if stopping():
            return stored
        uids = found[start : start + _AT_ONCE]
        mails = mailbox.fetch(uids)
        after = Read(mailbox.validity, uids[-1])
        if not collected.store(name, before, after, [mails[u] for u in uids if u in mails], now):
            return stored
        before = after
        stored += len(mails)
        _put_away(mailbox, after.last, move_to)
    if before != Read(mailbox.validity, newest):
        collected.store(name, before, Read(mailbox.validity, newest), [], now)
    return stored


def _put_away(mailbox: OpenMailbox, last: int, move_to: str | None) -> None:
    """Mark or move whatever is stored; what an earlier call had no time for as well."""
    if move_to is not None:
        mailbox.move(mailbox.up_to(last), move_to)
    else:
        mailbox.mark_as_read(mailbox.unread(last))
