"""Posting an alert to the operator's own address: https only, no redirect, and not for long."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from engine.domain.message import Receipt

_SECONDS = 10
_LATER = timedelta(minutes=5)


class HttpsWebhook:
    """`application.ports.notices.Webhook`. `context` says whom to trust; None means the system's."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context

    def post(self, url: str, said: Mapping[str, str], now: datetime) -> Receipt:
        """Post the words as one JSON object. Only 2xx is success; a redirect is not followed, for it
        would carry the words to somebody whom nobody named."""
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            return Receipt("refused", detail="a webhook needs an https address")
        body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            connection = HTTPSConnection(
                parts.hostname, parts.port, timeout=_SECONDS, context=self._context
            )
            try:
                connection.request("POST", path, body, {"Content-Type": "application/json"})
                status = connection.getresponse().status
            finally:
                connection.close()
        except (OSError, HTTPException, ValueError) as failed:
            detail = f"the webhook does not answer: {type(failed).__name__}"
            return Receipt("later", detail=detail, retry_at=now + _LATER)
        if 200 <= status < 300:
            return Receipt("accepted")
        if status == 429 or status >= 500:
            detail = f"the webhook answered {status}"
            return Receipt("later", detail=detail, retry_at=now + _LATER)
        return Receipt("refused", detail=f"the webhook answered {status}")
