"""Alerts to the operator: told once, told again each day while they last, and told when they are over.

A cause has a name of its own (`lag`, `attention unknown`, `failed advance`, `breaker win-back`), so
that the same trouble found every minute is one alert. What is said holds nothing of a person: it may
go to a chat.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from engine.application.ports.alerts import AlertStore
from engine.application.ports.notices import Channel

AGAIN = timedelta(days=1)


class Alerts:
    """Raises and ends alerts for one operator; without `channels` they are kept for `status` only."""

    def __init__(self, store: AlertStore, channels: tuple[Channel, ...] = ()) -> None:
        self._store = store
        self._channels = channels

    def raise_alert(self, name: str, text: str, now: datetime) -> bool:
        """Say that something is wrong, as often as it is found; answer whether the operator is told.

        `text` is one or several lines: the first names the trouble, the others what to do.
        """
        return self._store.open(name, text, now, self._channels, AGAIN)

    def all_clear(self, name: str, now: datetime) -> bool:
        """Say that it is over; answer whether it was open."""
        return self._store.close(name, now, self._channels)

    def set_alert(self, name: str, text: str | None, now: datetime) -> bool:
        """Raise an alert where there is a text, else end it; answer whether the operator is told."""
        if text is None:
            return self.all_clear(name, now)
        return self.raise_alert(name, text, now)


def said_of(title: str, text: str, state: str, since: datetime) -> Mapping[str, str]:
    """What an alert says, as it is kept: nothing of a person."""
    when = f"{since:%Y-%m-%dT%H:%M:%SZ}"
    return {"title": title, "text": text, "state": state, "since": when}
