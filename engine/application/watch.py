"""What the operator has to hear of, looked for every minute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from engine.application.alerts import Alerts
from engine.application.status import Attention
from engine.domain.reasons import Reason
from engine.language.spell import spell_duration

LATE = timedelta(minutes=10)
"""A turn or a message that waits for longer than this is late."""
_NEEDY = tuple(reason for reason in Reason if reason.kind == "needs attention")


def watch(
    alerts: Alerts,
    now: datetime,
    *,
    overdue_since: datetime | None,
    attention: Sequence[Attention],
    undelivered: Mapping[str, int],
) -> int:
    """Raise and end the alerts on lag and on whatever needs somebody; answer how many are told.

    `overdue_since` is since when the longest waiting turn or message could have been dealt with;
    `undelivered` counts notices to our own people that did not reach them, by what happened.
    """
    told = int(alerts.set_alert("lag", _lag(overdue_since, now), now))
    told += alerts.set_alert("notices", _undelivered(undelivered), now)
    for reason in _NEEDY:
        found = [one for one in attention if one.reason is reason]
        told += alerts.set_alert(f"attention {reason}", _attention(reason, found), now)
    return told


def _lag(since: datetime | None, now: datetime) -> str | None:
    if since is None or now - since <= LATE:
        return None
    waited = spell_duration(timedelta(seconds=round((now - since).total_seconds())))
    return (
        f"Mail is late: the longest wait is {waited}.\n"
        "`sincerely status` says how many people are overdue. Is `sincerely run` alive on every "
        "machine, and is the database?"
    )


def _undelivered(undelivered: Mapping[str, int]) -> str | None:
    if not undelivered:
        return None
    lines = [f"{count} times: {detail}" for detail, count in sorted(undelivered.items())]
    heads = "A team did not hear of its tasks: `sincerely tasks list` shows them."
    return "\n".join((heads, *lines))


def _attention(reason: Reason, found: Iterable[Attention]) -> str | None:
    lines = [f"{one.messages} of {one.mail} ({one.journey}/{one.step})" for one in found]
    if not lines:
        return None
    return "\n".join((f"Messages need somebody. {reason.meaning}", *lines, "`sincerely status`."))
