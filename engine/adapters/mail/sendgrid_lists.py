"""`application.ports.suppression_lists.SuppressionLists` of SendGrid.

Global lists come in pages of 500, with a time from which on; those of groups come whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from python_http_client.exceptions import HTTPError as Refusal

from engine.adapters.mail.fields import flatten
from engine.adapters.mail.sendgrid_client import HOST, endpoint, errors_in, reset_of
from engine.application.ports.suppression_lists import NotAllowed, NotNow, Page
from engine.domain.listed import List, Listed

PAGE = 500
_LATER = timedelta(minutes=10)
_PATHS: Mapping[List, str] = {
    "bounces": "suppression/bounces",
    "invalid": "suppression/invalid_emails",
    "spam reports": "suppression/spam_reports",
    "unsubscribes": "suppression/unsubscribes",
    "groups": "asm/suppressions",
}


class SendGridLists:
    """Reads with one API key, which needs the right *Suppressions: read*. `timeout` is in seconds."""

    def __init__(self, api_key: str, host: str = HOST, timeout: float = 30.0) -> None:
        self._api_key = api_key
        self._endpoints = {
            on: endpoint(api_key, path, host, timeout) for on, path in _PATHS.items()
        }

    def page(self, on: List, since: datetime | None, offset: int, now: datetime) -> Page:
        """Entries of a list from `offset` on."""
        asked: dict[str, int] = {}
        if on != "groups":
            asked = {"limit": PAGE, "offset": offset}
            if since is not None:
                asked["start_time"] = int(since.timestamp())
        rows = self._rows(on, asked, now)
        entries = [listed for row in rows if (listed := _listed(on, row)) is not None]
        return Page(entries, on != "groups" and len(rows) >= PAGE, len(rows) - len(entries))

    def _rows(self, on: List, asked: Mapping[str, int], now: datetime) -> list[Any]:
        """Raises: NotNow, NotAllowed."""
        try:
            answer = self._endpoints[on].get(query_params=asked)
            rows = json.loads(answer.body)
        except Refusal as refusal:
            raise self._refused(refusal, now) from None
        except (OSError, HTTPException, ValueError) as lost:
            detail = self._harmless(f"SendGrid does not answer: {lost or type(lost).__name__}")
            raise NotNow(detail, now + _LATER) from lost
        if answer.status_code != 200 or not isinstance(rows, list):
            raise NotNow(f"SendGrid answers {answer.status_code} and no list", now + _LATER)
        return rows

    def _refused(self, refusal: Refusal, now: datetime) -> NotNow | NotAllowed:
        detail = self._harmless(f"{refusal.status_code} {errors_in(refusal.body)}")
        if refusal.status_code == 429:
            return NotNow(detail, reset_of(refusal.headers, now))
        if refusal.status_code >= 500:
            return NotNow(detail, now + _LATER)
        return NotAllowed(detail)

    def _harmless(self, text: str) -> str:
        return flatten(text.replace(self._api_key, "…"))[:300]


def _listed(on: List, row: Any) -> Listed | None:
    """One entry; None for what makes no sense."""
    if not isinstance(row, dict):
        return None
    address = str(row.get("email") or "").strip().lower()
    created = row.get("created_at" if on == "groups" else "created")
    if "@" not in address or isinstance(created, bool) or not isinstance(created, int | float):
        return None
    try:
        since = datetime.fromtimestamp(created, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Listed(
        on=on,
        address=address,
        since=since,
        status=str(row.get("status") or ""),
        reason=str(row.get("reason") or "")[:1_000],
        group=str(row.get("group_name") or ""),
    )
