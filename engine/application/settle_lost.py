"""Hand-offs that somebody began and nobody finished: what became of them is settled here (R10.1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.application.ports.mailer import Mailer
from engine.application.ports.outbox import Finished, Outbox, Outgoing
from engine.domain.journey import Class
from engine.domain.reasons import Reason

BATCH = 100
_LEASE = timedelta(minutes=2)
_NEVER_FINISHED = "the hand-off was begun and never finished"
_ONCE_MORE = "it may have left; it is tried once more with the same Message-ID"


def settle_lost(outbox: Outbox, mailer: Mailer, now: datetime, owner: str) -> int:
    """Settle hand-offs whose outcome nobody recorded in time; answer how many there were.

    The way out is asked first: a folder knows its own files. Where it cannot tell, marketing and
    service are unknown and not sent again; transactional is tried once more. An event of the provider
    may settle any of them, before or after (`domain.message.answered`).
    """
    done = 0
    while rows := outbox.claim_lost(now, BATCH, owner, _LEASE):
        outbox.finish([_settled(row, mailer, now) for row in rows], owner, now)
        done += len(rows)
    return done


def may_have_left(row: Outgoing) -> bool:
    """Whether an earlier hand-off of this message, begun before this one, has no known outcome."""
    return row.reason == Reason.UNKNOWN


def tried_once_more(row: Outgoing) -> bool:
    """Whether an unknown outcome now leads to the one retry of R10.1."""
    return row.klass is Class.TRANSACTIONAL and not may_have_left(row)


def still_unknown(row: Outgoing, outcome: Finished) -> Finished:
    """What becomes of the one retry: unless the provider took it, nobody knows whether the first one
    left, so its slot stays taken (R3.3) and its record says so."""
    if not may_have_left(row) or outcome.status in ("sent", "unknown"):
        return outcome
    because = (outcome.reason.meaning if outcome.reason else "", outcome.detail)
    detail = " ".join(part for part in because if part)
    if outcome.status == "queued":
        return Finished(row.send_id, "queued", Reason.UNKNOWN, detail, ready_at=outcome.ready_at)
    return Finished(
        row.send_id,
        "unknown",
        Reason.UNKNOWN,
        f"it may have left; the second try did not: {detail}",
        sent_at=row.sent_at,
    )


def _settled(row: Outgoing, mailer: Mailer, now: datetime) -> Finished:
    known = mailer.recall(row.send_id)
    if known is not None and known.outcome == "accepted":
        return Finished(
            row.send_id, "sent", detail=known.detail, provider_id=known.provider_id, sent_at=now
        )
    if known is not None:
        again = Finished(row.send_id, "queued", detail=known.detail, ready_at=now)
        return still_unknown(row, again)
    if tried_once_more(row):
        return Finished(row.send_id, "queued", Reason.UNKNOWN, _ONCE_MORE, ready_at=now)
    detail = row.detail or _NEVER_FINISHED
    return Finished(row.send_id, "unknown", Reason.UNKNOWN, detail, sent_at=row.sent_at)
