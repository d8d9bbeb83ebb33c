"""The ticks that keep house: our own people are told, and the operator of trouble.

They have a mailer of their own, for each tick runs in a thread of its own.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from engine.adapters.db import stats
from engine.adapters.db.alerts import DatabaseAlerts, open_alerts
from engine.adapters.db.connect import reading
from engine.adapters.db.notices import DatabaseNotices, next_notice, undelivered
from engine.adapters.webhook import HttpsWebhook
from engine.application.alerts import Alerts
from engine.application.ports.notices import Channel, Kind
from engine.application.tell import Writer, tell
from engine.application.watch import watch
from engine.bootstrap import Applied, InForce, mailer_of, notice_writer_of
from engine.daemon.claims import give_back
from engine.daemon.scheduler import Stopping, Tick
from engine.domain.errors import SincerelyError
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.application.ports.mailer import Mailer

log = logging.getLogger("sincerely.house")

TELL_EVERY = timedelta(seconds=5)
WATCH_EVERY = timedelta(minutes=1)
_HEALED_AFTER = timedelta(minutes=5)
"""A process that has lived for so long has got over what killed the one before."""
_FAILED = "failed "


class House:
    """Housekeeping of one process on one database."""

    def __init__(self, engine: Engine, settings: Settings, name: str) -> None:
        self._engine = engine
        self._settings = settings
        self._owner = f"{name}-house-{os.getpid()}-{token_hex(4)}"
        self._applied_to_tell = Applied(engine)
        self._applied_to_watch = Applied(engine)
        self._notices = DatabaseNotices(engine)
        self._telling: tuple[InForce, Writer, Mailer] | None = None
        self._webhook = HttpsWebhook()
        self._since: datetime | None = None

    def ticks(self) -> tuple[Tick, ...]:
        """The ticks, in the order in which `run --once` takes them."""
        return (
            Tick("tell", TELL_EVERY, self._tell),
            Tick("watch", WATCH_EVERY, self._watch),
        )

    def next_due(self) -> datetime | None:
        """The next instant at which somebody is told something."""
        with reading(self._engine) as connection:
            return next_notice(connection)

    def close(self) -> None:
        """Give back what is in hand and let go of the provider."""
        if self._telling is not None:
            self._telling[2].close()
        give_back(partial(self._notices.release, self._owner))

    def failed(self, tick: str, error: BaseException, now: datetime) -> None:
        """A tick failed and the process ends: the next one tells the operator, if the database can
        still be written to."""
        force = self._applied_to_watch.last
        text = (
            f"`{tick}` failed with {type(error).__name__}, and the process ended.\n"
            "Its log says where. Whatever starts `sincerely run` should start it again."
        )
        try:
            self._alerts(force).raise_alert(_FAILED + tick, text, now)
        except (SQLAlchemyError, SincerelyError) as also:
            log.error("alert not kept", extra={"action": tick, "error": type(also).__name__})

    def _alerts(self, force: InForce | None) -> Alerts:
        channels: list[Channel] = []
        if force is not None and force.project.config.operator.email:
            channels.append("mail")
        if force is not None and force.project.config.operator.webhook:
            channels.append("webhook")
        return Alerts(DatabaseAlerts(self._engine), tuple(channels))

    def _tell(self, now: datetime, stopping: Stopping) -> int:
        force = self._applied_to_tell.at(now)
        if force is None:
            return 0
        if self._telling is None or self._telling[0] is not force:
            if self._telling is not None:
                self._telling[2].close()
            mailer = mailer_of(force.project, self._settings, force.pictures)
            write = notice_writer_of(force, self._engine, self._settings)
            self._telling = force, write, mailer
        _, write, mailer = self._telling
        kinds: tuple[Kind, ...] = ("alert",) if force.rules.paused else ("task", "alert")
        hand_over = partial(tell, self._notices, write, mailer, self._webhook, now, self._owner)
        return hand_over(kinds=kinds, stopping=stopping)

    def _watch(self, now: datetime, stopping: Stopping) -> int:
        force = self._applied_to_watch.at(now)
        if force is None:
            return 0
        alerts = self._alerts(force)
        with reading(self._engine) as connection:
            overdue = stats.overdue_since(
                connection, now, paused=force.rules.paused, skip=force.rules.paused_journeys
            )
            attention, lost = stats.attention(connection), undelivered(connection)
            broken = [alert.name for alert in open_alerts(connection)]
        told = watch(alerts, now, overdue_since=overdue, attention=attention, undelivered=lost)
        self._since = self._since or now
        if now - self._since > _HEALED_AFTER:
            over = [name for name in broken if name.startswith(_FAILED)]
            told += sum(alerts.all_clear(name, now) for name in over)
        return told
