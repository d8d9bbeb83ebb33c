"""The ticks about what providers tell: opens and clicks are judged, and once a day their lists of addresses
that they do not deliver to are taken over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.adapters.db import marks
from engine.adapters.db.alerts import DatabaseAlerts
from engine.adapters.db.connect import writing
from engine.adapters.db.suppression_lists import DatabaseSuppressing
from engine.adapters.db.touches import DatabaseTouches
from engine.application.alerts import Alerts
from engine.application.import_suppressions import import_suppressions
from engine.application.judge_touches import judge_touches
from engine.application.ports.suppression_lists import NotAllowed, NotNow, SuppressionLists
from engine.bootstrap import channels_of, intake_of, suppression_lists_of
from engine.daemon.scheduler import Stopping, Tick
from engine.in_force import Applied
from engine.language.project import Project
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger("sincerely.providers")

JUDGE_EVERY = timedelta(seconds=10)
LISTS_EVERY = timedelta(minutes=10)
_ROUND = timedelta(hours=20)
"""A little less than a day, so that a tick that comes late does not make it every other day."""
_GIVEN_UP = timedelta(hours=1)
"""Who began and was not heard of since has died; another one goes on."""
_BEGUN = "began to import suppression lists"
_ALERT = "suppression lists"

Lists = Callable[[Project, Settings], SuppressionLists | None]


class Providers:
    """What one process does about the providers of one database; any number of processes may.

    `lists` makes what reads the lists, None where there is none to read.
    """

    def __init__(
        self, engine: Engine, settings: Settings, lists: Lists = suppression_lists_of
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._lists = lists
        self._touches = DatabaseTouches(engine)
        self._intake = intake_of(engine)
        self._applied = Applied(engine)

    def ticks(self) -> tuple[Tick, ...]:
        """The ticks."""
        return (
            Tick("judge", JUDGE_EVERY, self._judge),
            Tick("lists", LISTS_EVERY, self._import),
        )

    def _judge(self, now: datetime, stopping: Stopping) -> int:
        return judge_touches(self._touches, self._intake, now, stopping)

    def _import(self, now: datetime, stopping: Stopping) -> int:
        """Once a day, in one process; in a virtual present never, for the lists are of today."""
        force = self._applied.at(now)
        if force is None or self._settings.at is not None:
            return 0
        lists = self._lists(force.project, self._settings)
        if lists is None or not self._begin(now):
            return 0
        alerts = Alerts(DatabaseAlerts(self._engine), channels_of(force.project))
        store = DatabaseSuppressing(self._engine)
        topics = force.project.config.policy.marketing
        try:
            done = import_suppressions(
                lists, store, self._intake, topics, now, "sendgrid", stopping=stopping
            )
        except NotNow as later:
            log.warning("lists not read", extra={"action": "lists", "because": later.detail})
            self._again(later.retry_at)
            return 0
        except NotAllowed as refused:
            text = (
                f"SendGrid does not show us its suppression lists: {refused}.\n"
                "Give the API key of `secrets.sendgrid` the right to read Suppressions."
            )
            alerts.raise_alert(_ALERT, text, now)
            self._again(now + _ROUND)
            return 0
        alerts.all_clear(_ALERT, now)
        self._again(now + _ROUND if done.whole else now)
        return done.suppressed + done.left

    def _begin(self, now: datetime) -> bool:
        with writing(self._engine) as connection:
            ours = marks.take(connection, _BEGUN, now, now - _ROUND)
            if ours:
                marks.mark(connection, _BEGUN, now + _GIVEN_UP - _ROUND)
            return ours

    def _again(self, at: datetime) -> None:
        """Begin once more at an instant."""
        with writing(self._engine) as connection:
            marks.mark(connection, _BEGUN, at - _ROUND)
