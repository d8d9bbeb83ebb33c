"""`/w/TOKEN`: why did I get this? What the person themselves said, and the ways out."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from engine.application.ports.past_mails import PastMail
from engine.domain.consent import deciding
from engine.domain.journey import Class
from engine.domain.jurisdiction import ANY_YES
from engine.web.doors import Doors, named
from engine.web.page import page


class WhyPage:
    """The page; it changes nothing. It tells no mood, score or stage (R6.6)."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def answer(self, request: Request) -> Response:
        """The answer in two sentences."""
        mail = await self._doors.mail("w", request)
        if mail is None:
            return self._doors.unknown()
        ways = (
            f'<p class="quiet"><a href="{self._doors.beside("p", mail)}">Choose what you get</a> · '
            f'<a href="{self._doors.beside("u", mail)}">Unsubscribe</a></p>'
        )
        return page(self._doors.look, "Why did I get this?", f"{_because(mail)}\n{ways}")


def _because(mail: PastMail) -> str:
    if mail.klass is not Class.MARKETING:
        return (
            "<p>This mail belongs to something that you ordered or asked for. "
            "Such mails come without a subscription.</p>"
        )
    about = f"<p>This mail is about <strong>{named(mail.topic)}</strong>.</p>\n"
    _, said = deciding(mail.consents, mail.topic, mail.queued_at, ANY_YES)
    if said is None or said.state == "unsubscribed":
        return about + "<p>We no longer hold a record of how you agreed to it.</p>"
    where = f" ({escape(said.basis)})" if said.basis else ""
    day = f"{said.at:%Y-%m-%d}"
    if said.state == "implied":
        return f"{about}<p>We write to you because you are a customer, since {day}{where}.</p>"
    confirmed = " and confirmed it" if said.confirmed else ""
    return f"{about}<p>You said on {day} that we may{where}{confirmed}.</p>"
