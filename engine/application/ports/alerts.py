"""Alerts that are open: what telling the operator needs of the store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from engine.application.ports.notices import Channel


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that the operator has to know, since when."""

    name: str
    text: str
    since: datetime


class AlertStore(Protocol):
    """Opens and closes alerts, and queues what is to be told of them in the same transaction."""

    def open(
        self, name: str, text: str, now: datetime, channels: Collection[Channel], again: timedelta
    ) -> bool:
        """Open an alert, or go on with it; answer whether it is told: when it is new, or was told
        `again` ago."""
        ...

    def close(self, name: str, now: datetime, channels: Collection[Channel]) -> bool:
        """End an alert and say so; answer whether it was open."""
        ...
