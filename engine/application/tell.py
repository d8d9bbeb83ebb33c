"""Our own people hear of it: a team of its task, the operator of an alert (R2.7, R3.4).

Such notices ask no consent and count in no cap. They leave by the same mailer as all mail, marked as
being sent before the first byte leaves (R10.1). One whose outcome is unknown is tried once more with
the same Message-ID: a team that hears twice is better off than a customer whom nobody calls.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.application.ports.mailer import Mailer
from engine.application.ports.notices import Kind, Notice, NoticeStore, Told, Webhook
from engine.domain.message import Message, Receipt

log = logging.getLogger("sincerely.tell")

_BATCH = 20
_LEASE = timedelta(minutes=15)
_LATER = timedelta(minutes=5)
_TRIES = 2
"""How often a notice may be handed off whose outcome stays unknown."""


@dataclass(frozen=True, slots=True)
class Post:
    """A notice for a webhook."""

    url: str
    said: Mapping[str, str]


Writer = Callable[[Notice, datetime], Message | Post | Told]
"""Writes a notice at the moment it leaves, or says what becomes of it instead."""


def tell(
    store: NoticeStore,
    write: Writer,
    mailer: Mailer,
    webhook: Webhook,
    now: datetime,
    owner: str,
    *,
    kinds: tuple[Kind, ...] = ("task", "alert", "data"),
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Hand off every notice that is ready; answer how many were settled."""
    done = store.settle_unknown(now)
    while not stopping():
        notices = store.claim(now, _BATCH, owner, _LEASE, kinds)
        if not notices:
            break
        for notice in notices:
            told = _one(store, write(notice, now), notice, mailer, webhook, now, owner)
            if told is not None:
                store.finish(told, owner, now)
                done += told.status != "queued"
    return done


def _one(
    store: NoticeStore,
    written: Message | Post | Told,
    notice: Notice,
    mailer: Mailer,
    webhook: Webhook,
    now: datetime,
    owner: str,
) -> Told | None:
    if isinstance(written, Told):
        return written
    if not store.mark_sending(notice.id, owner, now + _LEASE):
        return None
    if isinstance(written, Post):
        receipt = webhook.post(written.url, written.said, now)
    else:
        receipt = mailer.send(written, now)
    told = _told(notice, receipt, now)
    if told.status != "sent":
        log.warning("notice", extra={"action": "tell", "status": told.status, "kind": notice.kind})
    return told


def _told(notice: Notice, receipt: Receipt, now: datetime) -> Told:
    if receipt.outcome == "accepted":
        return Told(notice.id, "sent", receipt.detail)
    if receipt.outcome == "refused" and not receipt.stops_lane:
        return Told(notice.id, "refused", receipt.detail)
    if receipt.outcome == "unknown" and notice.attempt + 1 >= _TRIES:
        return Told(notice.id, "unknown", receipt.detail)
    return Told(notice.id, "queued", receipt.detail, receipt.retry_at or now + _LATER)
