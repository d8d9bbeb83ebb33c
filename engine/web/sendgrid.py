"""`POST /webhooks/sendgrid/events`: what SendGrid tells of our mails. Stored as it came, answered, and
processed later (`application.take_in`)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from engine.adapters.mail.sendgrid_signature import SIGNATURE, TIMESTAMP, Signatures
from engine.application.ports.inbox import Inbox
from engine.web.bodies import read_body
from engine.web.page import private_headers

log = logging.getLogger("sincerely.web")

LARGEST = 4 * 1024 * 1024
"""SendGrid sends about 768 KB at most."""
ODD_AFTER = timedelta(minutes=5)
"""What was signed longer ago is worth a line in the log: a replay, or SendGrid tries once more."""
KIND = "sendgrid.events"


@dataclass(frozen=True, slots=True)
class EventsDoor:
    """The address that SendGrid posts to. Whatever is not signed by one of the keys gets a 403 and no
    word more. Signed a `refuse_after` ago or longer, it is refused too, where that is set: it is not
    documented whether SendGrid signs anew when it tries again, for up to 24 hours, and a repetition
    changes nothing anyway."""

    inbox: Inbox
    signatures: Signatures
    now: Callable[[], datetime]
    refuse_after: timedelta | None = None

    def route(self) -> Route:
        """Its address."""
        return Route("/webhooks/sendgrid/events", self.answer, methods=["POST"])

    async def answer(self, request: Request) -> Response:
        """200 once the octets are stored durably."""
        signature, timestamp = request.headers.get(SIGNATURE), request.headers.get(TIMESTAMP)
        if not signature or not timestamp:
            return _forbidden()
        content, now = await read_body(request, LARGEST), self.now()
        if not self.signatures.verify(signature, timestamp, content):
            return _forbidden()
        if self._too_old(timestamp, now):
            return _forbidden()
        kind = request.headers.get("content-type", "")[:200]
        await run_in_threadpool(self.inbox.put, KIND, content, now, content_type=kind)
        return PlainTextResponse("stored", 200, private_headers())

    def _too_old(self, timestamp: str, now: datetime) -> bool:
        """Whether it was signed too long ago, or in a time that is none. What is odd is logged."""
        try:
            age = abs(now.timestamp() - int(timestamp))
        except ValueError:
            age = float("inf")
        if age > ODD_AFTER.total_seconds():
            log.warning("signed long ago", extra={"action": "sendgrid events", "seconds": age})
        return self.refuse_after is not None and age > self.refuse_after.total_seconds()


def _forbidden() -> Response:
    return PlainTextResponse("forbidden", 403, private_headers())
