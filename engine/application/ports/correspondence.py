"""What is known of the mail that somebody answers, and of whoever answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Answered:
    """A mail of ours that may have been answered. `person_id` is whose it is today."""

    send_id: str
    person_id: str
    mail: str
    journey: str
    step: str
    sent_at: datetime


class Correspondence(Protocol):
    """Looks up mails and people."""

    def mail(self, send_id: str) -> Answered | None:
        """The mail whose send id is this, or begins so; None where there is none, or its person was
        erased."""
        ...

    def writers(self, address: str) -> Sequence[str]:
        """Everybody whose mailbox this is, by id: who was written to last comes first."""
        ...

    def mails_to(self, person_id: str, since: datetime) -> Sequence[Answered]:
        """The mails that went to somebody since an instant, the newest first."""
        ...
