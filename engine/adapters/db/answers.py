"""What is known of messages that left: `mail.sent` in their person's history, by our own records or by
what a provider tells of a hand-off whose outcome nobody knew (R10.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from engine.adapters.db import outbox
from engine.application.ports.outbox import Outgoing
from engine.domain.arrival import Arrival, EventArrived
from engine.domain.message import answered, mail_event


def settle_by_events(
    connection: Connection, arrivals: Iterable[Arrival], now: datetime
) -> list[EventArrived]:
    """Messages whose outcome was unknown, and of which a provider tells, were accepted: they are sent.

    Answers their `mail.sent`, to be taken in with the arrivals in the same transaction. Comes before
    `ingest`: whoever writes both locks messages first, then people.
    """
    told = (one for one in arrivals if isinstance(one, EventArrived))
    accepted = {
        (one.person_id, send_id): min(one.event.at, now)
        for one in told
        if (send_id := answered(one.event)) is not None
    }
    return sent_events(outbox.settle_accepted(connection, accepted), now) if accepted else []


def sent_events(messages: Sequence[Outgoing], now: datetime) -> list[EventArrived]:
    """`mail.sent` of messages, each at the instant at which it left."""
    return [
        EventArrived(
            message.person_id,
            mail_event(
                "mail.sent",
                message.send_id,
                message.sent_at or now,
                mail=message.mail,
                category=message.category,
                journey=message.journey,
                step=message.step,
            ),
        )
        for message in messages
    ]
