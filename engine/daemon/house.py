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

from engine.adapters.db import marks, paces, stats, switches
from engine.adapters.db.alerts import DatabaseAlerts, open_alerts
from engine.adapters.db.circuits import DatabaseCircuits
from engine.adapters.db.connect import reading, writing
from engine.adapters.db.due import database_clock
from engine.adapters.db.keeping import DatabaseKeeping
from engine.adapters.db.notices import DatabaseNotices, next_notice, undelivered
from engine.adapters.mail.folder import clear
from engine.adapters.webhook import HttpsWebhook
from engine.adapters.witness import FOLDER as WITNESS_FOLDER
from engine.adapters.witness import Witness
from engine.application.alerts import Alerts
from engine.application.break_circuits import break_circuits
from engine.application.keep_house import keep_house
from engine.application.ports.notices import Kind
from engine.application.restoring import HEARTBEAT_EVERY, lost_since
from engine.application.tell import Writer, tell
from engine.application.watch import watch
from engine.bootstrap import channels_of, mailer_of, notice_writer_of
from engine.daemon.claims import give_back
from engine.daemon.scheduler import Stopping, Tick
from engine.domain.errors import SincerelyError
from engine.in_force import Applied, InForce
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.application.ports.mailer import Mailer

log = logging.getLogger("sincerely.house")

TELL_EVERY = timedelta(seconds=5)
WATCH_EVERY = timedelta(minutes=1)
KEEP_EVERY = timedelta(hours=1)
_HEALED_AFTER = timedelta(minutes=5)
"""A process that has lived for so long has got over what killed the one before."""
_FAILED = "failed "
ASKED = (
    "The database was restored: it knows nothing of what happened since {since:%Y-%m-%d %H:%M}Z."
)
HOW_TO_ANSWER = (
    "Nothing moves until you say how to go on. First import the unsubscribes, complaints and bounces of "
    "that time again. Then `sincerely resume --after-restore skip` passes over marketing and service "
    "mail that may have left already; `--after-restore send` sends it, if you know that it has not."
)
_BREAKER = "breaker "


class House:
    """Housekeeping of one process on one database."""

    def __init__(self, engine: Engine, settings: Settings, name: str) -> None:
        self._engine = engine
        self._settings = settings
        self._owner = f"{name}-house-{os.getpid()}-{token_hex(4)}"
        self._applied_to_tell = Applied(engine)
        self._applied_to_watch = Applied(engine)
        self._applied_to_keep = Applied(engine)
        self._notices = DatabaseNotices(engine)
        self._telling: tuple[InForce, Writer, Mailer] | None = None
        self._webhook = HttpsWebhook()
        self._circuits = DatabaseCircuits(engine)
        self._since: datetime | None = None
        self._noted: datetime | None = None
        self._seen: datetime | None = None
        self._witness = Witness(settings.project, settings.database_url())

    def ticks(self) -> tuple[Tick, ...]:
        """The ticks, in the order in which `run --once` takes them."""
        return (
            Tick("tell", TELL_EVERY, self._tell),
            Tick("watch", WATCH_EVERY, self._watch),
            Tick("heartbeat", HEARTBEAT_EVERY, self._heartbeat),
            Tick("keep", KEEP_EVERY, self._keep),
        )

    def look_for_a_restore(self, now: datetime) -> bool:
        """Before anything moves, and at each heartbeat: was the database restored from a backup? Then
        everything stands still until somebody has answered, and the operator hears of it. Answers
        whether that is so."""
        with reading(self._engine) as connection:
            copied = marks.marked_at(connection, marks.COPIED)
            heartbeat = marks.marked_at(connection, marks.HEARTBEAT)
            before = marks.restored(connection)
        if self._settings.at is not None:  # a virtual present says nothing of what was lost
            heartbeat = None
        since = lost_since(copied, heartbeat, self._witness.read() or self._seen, now)
        if since is not None:
            with writing(self._engine) as connection:
                marks.ask(connection, since, now)
            text = f"{ASKED.format(since=since)}\n{HOW_TO_ANSWER}"
            self._alerts(self._applied_to_watch.at(now)).raise_alert(marks.RESTORED, text, now)
        return since is not None or (before is not None and before.answer == "asked")

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
        because = error.message if isinstance(error, SincerelyError) else type(error).__name__
        text = (
            f"`{tick}` failed, and the process ended: {because}\n"
            "Its log says where. Whatever starts `sincerely run` should start it again."
        )
        try:
            self._alerts(force).raise_alert(_FAILED + tick, text, now)
        except (SQLAlchemyError, SincerelyError) as also:
            log.error("alert not kept", extra={"action": tick, "error": type(also).__name__})

    def _alerts(self, force: InForce | None) -> Alerts:
        return Alerts(
            DatabaseAlerts(self._engine), channels_of(force.project if force is not None else None)
        )

    def _tell(self, now: datetime, stopping: Stopping) -> int:
        force = self._applied_to_tell.at(now)
        if force is None:
            return 0
        if self._telling is None or self._telling[0] is not force:
            if self._telling is not None:
                self._telling[2].close()
            mailer = mailer_of(force.project, self._settings, force.pictures)
            write = notice_writer_of(
                force.project, force.rules, force.pictures, self._engine, self._settings
            )
            self._telling = force, write, mailer
        _, write, mailer = self._telling
        everything: tuple[Kind, ...] = ("task", "alert", "data")
        kinds: tuple[Kind, ...] = ("alert",) if force.rules.paused else everything
        hand_over = partial(tell, self._notices, write, mailer, self._webhook, now, self._owner)
        return hand_over(kinds=kinds, stopping=stopping)

    def _keep(self, now: datetime, stopping: Stopping) -> int:
        force = self._applied_to_keep.at(now)
        if force is None or force.rules.stands_still:
            return 0
        delivery = force.project.config.delivery

        def clear_mails(before: datetime) -> int:
            out = self._settings.project / delivery.to
            return clear(out, before) if delivery.by == "folder" else 0

        keeping = DatabaseKeeping(self._engine)
        removed = keep_house(keeping, clear_mails, force.project.config, force.rules, now, stopping)
        for kind, count in removed.items():
            log.info("kept house", extra={"action": "keep", "kind": kind, "removed": count})
        return sum(removed.values())

    def _heartbeat(self, now: datetime, stopping: Stopping) -> int:
        """Note the time, in the database and beside it, by the database's own clock, for those of
        machines may differ. It counts as nothing done."""
        if self._settings.at is None and (
            self._noted is None or now - self._noted >= HEARTBEAT_EVERY
        ):
            self.look_for_a_restore(now)
            with writing(self._engine, durable=False) as connection:
                marks.mark(connection, marks.HEARTBEAT, database_clock(connection) or now)
            with reading(self._engine) as connection:
                self._seen = marks.marked_at(connection, marks.HEARTBEAT)
            if self._seen is None or not self._witness.write(self._seen):
                log.warning("no witness", extra={"action": "heartbeat", "folder": WITNESS_FOLDER})
            self._noted = now
        return 0

    def _watch(self, now: datetime, stopping: Stopping) -> int:
        force = self._applied_to_watch.at(now)
        if force is None:
            return 0
        alerts = self._alerts(force)
        self._since = self._since or now
        with reading(self._engine) as connection:
            overdue = None
            if not force.rules.stands_still:
                overdue = stats.overdue_since(
                    connection, now, paused=force.rules.paused, skip=force.rules.paused_journeys
                )
            attention, lost = stats.attention(connection), undelivered(connection)
            broken = [alert.name for alert in open_alerts(connection)]
        if overdue is not None:  # what fell due while nothing ran is late from the start on
            overdue = max(overdue, self._since)
        told = watch(alerts, now, overdue_since=overdue, attention=attention, undelivered=lost)
        if not force.rules.stands_still:
            told += alerts.all_clear(marks.RESTORED, now)
        told += self._break(force, alerts, now)
        if now - self._since > _HEALED_AFTER:
            over = [name for name in broken if name.startswith(_FAILED)]
            told += sum(alerts.all_clear(name, now) for name in over)
        return told

    def _break(self, force: InForce, alerts: Alerts, now: datetime) -> int:
        """Stop what has to stop, and tell the operator of what stands still and of what goes on."""
        breakers = force.project.config.delivery.breakers
        told = 0
        for tripped in break_circuits(self._circuits, breakers, now):
            told += alerts.raise_alert(_BREAKER + tripped.name, tripped.text, now)
        with reading(self._engine) as connection:
            paused = switches.paused(connection)[1]
            still = {*paused, *paces.stops(connection, now)}
            opened = [one.name for one in open_alerts(connection) if one.name.startswith(_BREAKER)]
        over = [name for name in opened if name.removeprefix(_BREAKER) not in still]
        return told + sum(alerts.all_clear(name, now) for name in over)
