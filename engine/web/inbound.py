"""`POST /webhooks/sendgrid/inbound`: mail that came to SendGrid for us. Stored as it came, answered, and
processed later (`application.take_in`)."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from engine.adapters.mail.inbound_parse import KIND
from engine.adapters.mail.sendgrid_signature import SIGNATURE, TIMESTAMP, Signatures
from engine.application.ports.inbox import Inbox
from engine.web.bodies import read_body
from engine.web.page import private_headers

LARGEST = 40 * 1024 * 1024
"""SendGrid takes mails of 30 MB, which grow by a third where they are written in base64."""


@dataclass(frozen=True, slots=True)
class InboundDoor:
    """The address that SendGrid posts mails to. It signs them where a security policy is attached
    (`signatures`); else the address has to hold a secret (`?secret=…`). What has neither gets a 403 and no
    word more; where the config knows neither, everything does. An old signature is as good as a new one: a
    mail that comes once more is known by its Message-ID."""

    inbox: Inbox
    signatures: Signatures
    secret: str
    now: Callable[[], datetime]

    def route(self) -> Route:
        """Its address."""
        return Route("/webhooks/sendgrid/inbound", self.answer, methods=["POST"])

    async def answer(self, request: Request) -> Response:
        """200 once the octets are stored durably."""
        signature, timestamp = request.headers.get(SIGNATURE), request.headers.get(TIMESTAMP)
        known = self._is_secret(request.query_params.get("secret", ""))
        if not known and not (signature and timestamp):
            return _forbidden()
        content = await read_body(request, LARGEST)
        if not known:
            signed = (signature or "", timestamp or "", content)
            if not await run_in_threadpool(self.signatures.verify, *signed):
                return _forbidden()
        kind = request.headers.get("content-type", "")[:400]
        await run_in_threadpool(self.inbox.put, KIND, content, self.now(), content_type=kind)
        return PlainTextResponse("stored", 200, private_headers())

    def _is_secret(self, said: str) -> bool:
        return bool(self.secret) and hmac.compare_digest(said.encode(), self.secret.encode())


def _forbidden() -> Response:
    return PlainTextResponse("forbidden", 403, private_headers())
