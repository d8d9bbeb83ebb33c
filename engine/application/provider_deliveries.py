"""Deliveries of a provider's webhook, out of the inbox: each telling acts, and what cannot be understood is
kept (`application.take_in`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.application.account_watch import AccountWatch
from engine.application.ports.inbox import Delivery, Part
from engine.application.ports.intake import Intake
from engine.application.ports.sent_mails import SentMails
from engine.application.take_told import take_told
from engine.domain.told import Told, Trouble


@dataclass(frozen=True, slots=True)
class Read:
    """What a delivery tells. `unread` are those of its parts that could not be understood."""

    told: Sequence[Told] = ()
    troubles: Sequence[Trouble] = ()
    unread: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class ProviderDeliveries:
    """Takes in what provider `by` sends. `read` makes sense of octets received at an instant, and raises
    ValueError for what makes none."""

    by: str
    read: Callable[[bytes, datetime], Read]
    mails: SentMails
    intake: Intake
    account: AccountWatch

    def process(self, deliveries: Sequence[Delivery]) -> Mapping[int, Sequence[Part]]:
        """Take deliveries in, in the order in which they came; answers what has to be kept, by delivery.

        What was told acts as received when the delivery came, however long it waited here.
        """
        kept: dict[int, Sequence[Part]] = {}
        for delivery in deliveries:
            try:
                read = self.read(delivery.body, delivery.received_at)
            except ValueError as problem:
                kept[delivery.id] = (Part(f"this is no JSON: {problem}", delivery.body),)
                continue
            take_told(self.mails, self.intake, read.told, delivery.received_at, self.by)
            self.account.hear(read.troubles, read.told, delivery.received_at)
            if read.unread:
                kept[delivery.id] = read.unread
        return kept
