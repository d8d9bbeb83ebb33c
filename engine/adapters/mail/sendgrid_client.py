"""SendGrid's SDK with its three traps closed: alone it would wait for ever, follow a redirect with the key
in hand, and log the key at DEBUG."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from python_http_client.exceptions import handle_error
from sendgrid import SendGridAPIClient

HOST = "https://api.sendgrid.com"
HOSTS = {"global": HOST, "eu": "https://api.eu.sendgrid.com"}
"""By `delivery.region`. A key of the one is none of the other."""
LONGEST_WAIT = timedelta(hours=1)

# At DEBUG it would write the key, the addresses and the whole mail.
logging.getLogger("python_http_client").setLevel(logging.WARNING)


def endpoint(api_key: str, path: str, host: str = HOST, timeout: float = 10.0) -> Any:
    """An address of the API below `/v3/`, with the SDK's methods (`get`, `post`). `timeout` is in seconds."""
    sdk = SendGridAPIClient(api_key, host=host)
    sdk.client.timeout = timeout
    found = sdk.client
    for part in path.split("/"):
        found = found._(part)
    found._make_request = _without_redirects(build_opener(_NoRedirect), timeout)
    return found


def errors_in(body: bytes) -> str:
    """The API's own words for what was wrong."""
    try:
        errors = json.loads(body)["errors"]
        return "; ".join(str(error["message"]) for error in errors)
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace")[:200]


def reset_of(headers: Any, now: datetime) -> datetime:
    """When the rate is free again. A time that makes no sense is not believed for more than an hour."""
    try:
        reset = datetime.fromtimestamp(int(headers.get("X-RateLimit-Reset", "")), UTC)
    except (ValueError, OverflowError, OSError):
        reset = now + timedelta(minutes=1)
    return min(max(reset, now + timedelta(seconds=1)), now + LONGEST_WAIT)


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would take the key to another host, and count as success there."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        return None


def _without_redirects(opener: OpenerDirector, limit: float) -> Any:
    """In place of the SDK's own way to make a request, which it keeps apart for that purpose."""

    def make_request(_opener: Any, request: Request, timeout: float | None = None) -> Any:
        try:
            return opener.open(request, timeout=timeout or limit)
        except HTTPError as answer:
            raise handle_error(answer) from None

    return make_request
