"""The tick that collects mail from the mailboxes of the config."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.adapters.db.alerts import DatabaseAlerts, open_alerts
from engine.adapters.db.collected import DatabaseCollected
from engine.adapters.db.connect import reading
from engine.adapters.mail.imap import ImapServer, MailboxError, open_mailbox
from engine.application.alerts import Alerts
from engine.application.collect_mail import collect
from engine.bootstrap import channels_of
from engine.daemon.scheduler import Stopping, Tick
from engine.domain.errors import SetupError
from engine.in_force import Applied, InForce
from engine.language.config_types import Mailbox
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger("sincerely.collect")

COLLECT_EVERY = timedelta(minutes=1)
_LONGEST_REST = timedelta(minutes=15)
_TELL_AFTER = 3
_ALERT = "mailbox "
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(slots=True)
class _Trouble:
    failures: int = 0
    told: bool = False
    rests_until: datetime | None = None


class Collecting:
    """Collects the mail of one project. Several processes may do so at once."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._collected = DatabaseCollected(engine)
        self._applied = Applied(engine)
        self._troubles: dict[str, _Trouble] = {}
        self._tidied: InForce | None = None

    def tick(self) -> Tick:
        """The tick of the daemon."""
        return Tick("collect", COLLECT_EVERY, self.work)

    def work(self, now: datetime, stopping: Stopping) -> int:
        """Store what is new in every mailbox; answers how many mails that were. A mailbox that cannot be
        read is tried again later, at most a quarter of an hour; the operator hears of it."""
        force = self._applied.at(now)
        if force is None or self._settings.at is not None:  # a virtual present gets no real mail
            return 0
        self._tidy(force, now)
        return sum(
            self._one(mailbox, force, now, stopping) for mailbox in force.project.config.inbox
        )

    def _tidy(self, force: InForce, now: datetime) -> None:
        """A mailbox that the config names no more troubles nobody, and what an earlier process told of is
        over with the first success of this one."""
        if force is self._tidied:
            return
        named = {_ALERT + _name(mailbox) for mailbox in force.project.config.inbox}
        with reading(self._engine) as connection:
            told = [one.name for one in open_alerts(connection) if one.name.startswith(_ALERT)]
        for name in told:
            if name in named:
                self._troubles.setdefault(name.removeprefix(_ALERT), _Trouble(told=True))
            else:
                self._alerts(force).all_clear(name, now)
        self._tidied = force

    def _one(self, mailbox: Mailbox, force: InForce, now: datetime, stopping: Stopping) -> int:
        name = _name(mailbox)
        trouble = self._troubles.setdefault(name, _Trouble())
        if stopping() or (trouble.rests_until is not None and now < trouble.rests_until):
            return 0
        try:
            with open_mailbox(self._server(mailbox)) as opened:
                done = collect(
                    opened, name, self._collected, now, move_to=mailbox.move_to, stopping=stopping
                )
        except (MailboxError, SetupError) as error:
            self._failed(name, trouble, str(error), force, now)
            return 0
        if trouble.failures or trouble.told:
            self._troubles[name] = _Trouble()
            self._alerts(force).all_clear(_ALERT + name, now)
        return done

    def _server(self, mailbox: Mailbox) -> ImapServer:
        if mailbox.security == "none" and mailbox.imap not in _HERE:
            raise SetupError(
                f"the password of {mailbox.user} would go to {mailbox.imap} in the clear",
                help="write `security: tls` or `security: starttls` under `inbox`",
                code="D203",
            )
        return ImapServer(
            host=mailbox.imap,
            user=mailbox.user,
            password=self._settings.resolve("inbox.password", mailbox.password),
            port=mailbox.port,
            security=mailbox.security,
            folder=mailbox.folder,
        )

    def _failed(
        self, name: str, trouble: _Trouble, why: str, force: InForce, now: datetime
    ) -> None:
        trouble.failures += 1
        trouble.rests_until = now + min(COLLECT_EVERY * 2**trouble.failures, _LONGEST_REST)
        if trouble.failures == 1:
            log.error("mailbox waits", extra={"action": "collect", "because": why})
        if trouble.failures == _TELL_AFTER:
            text = (
                f"The mailbox {name} cannot be read: {why}\n"
                "Bounces, complaints and replies wait there. It is tried again by itself."
            )
            self._alerts(force).raise_alert(_ALERT + name, text, now)

    def _alerts(self, force: InForce) -> Alerts:
        return Alerts(DatabaseAlerts(self._engine), channels_of(force.project))


def _name(mailbox: Mailbox) -> str:
    return f"{mailbox.user}@{mailbox.imap}:{mailbox.port}/{mailbox.folder}"
