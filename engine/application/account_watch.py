"""Our account at a provider: the operator hears when it is suspended, and when that is over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from engine.application.alerts import Alerts
from engine.domain.told import Told, Trouble

_OVER = re.compile(r"unsuspend|reactivat|reinstat|unban|restored|resolved", re.IGNORECASE)


class AccountWatch:
    """Tells of the account at provider `by`. `open_alerts` says which alerts are open, since when."""

    def __init__(
        self, by: str, alerts: Alerts, open_alerts: Callable[[], Mapping[str, datetime]]
    ) -> None:
        self._name = f"account {by}"
        self._by = by
        self._alerts = alerts
        self._open_alerts = open_alerts

    def hear(self, troubles: Iterable[Trouble], told: Sequence[Told], now: datetime) -> None:
        """Raise the alert for what the provider says of the account. It is over when the provider says
        so, or takes a mail after that."""
        for trouble in sorted(troubles, key=lambda one: one.at):
            if _OVER.search(trouble.text):
                self._alerts.all_clear(self._name, now)
            else:
                self._alerts.raise_alert(self._name, self._text(trouble), now)
        taken = max((one.at for one in told if one.what == "accepted"), default=None)
        if taken is None:
            return
        since = self._open_alerts().get(self._name)
        if since is not None and taken > since:
            self._alerts.all_clear(self._name, now)

    def _text(self, trouble: Trouble) -> str:
        return (
            f"{self._by} changed the state of our account: {trouble.text or 'it does not say to what'}.\n"
            "Mail may no longer leave. Log in there; what they ask for stands in their mails to you."
        )
