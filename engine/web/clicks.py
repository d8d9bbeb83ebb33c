"""`/t/TOKEN` and `/o/TOKEN`: a tracked link, and the picture that tells of an open.

Where a link leads is kept with the mail; the address holds a token and nothing else, so there is no open
redirect. What is noted is noted of people who agree to it at this moment, and is judged before it counts:
machines follow links and fetch pictures, too (R8.3).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.adapters.links import Links
from engine.adapters.page_words import words_for
from engine.application.ports.past_mails import PastMails
from engine.application.ports.sent_mails import NewTouch, SentMails
from engine.application.ports.tracked import Tracked
from engine.application.tracking import CLICKS, OPENS
from engine.domain.consent import standing
from engine.domain.jurisdiction import ANY_YES
from engine.domain.mail_links import host_of
from engine.domain.scanners import Touch
from engine.web.page import Look, page, private_headers

_PICTURE = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_LONGEST_AGENT = 300
_ONCE_IN = 10
"""Seconds in which the same link or picture counts once."""


@dataclass(frozen=True, slots=True)
class ClickDoor:
    """Both addresses. `now` is the clock: aware, UTC; `site` is where the business is, `locales` are its
    languages."""

    look: Look
    site: str
    links: Links
    past_mails: PastMails
    tracked: Tracked
    sent_mails: SentMails
    now: Callable[[], datetime]
    locales: Sequence[str] = ()

    def routes(self) -> list[Route]:
        """Their addresses."""
        return [
            Route("/t/{token}", self.click, methods=["GET"]),
            Route("/o/{token}", self.open, methods=["GET"]),
        ]

    async def click(self, request: Request) -> Response:
        """On to where the link leads, whether anything is noted or not."""
        number = self.links.read_link(request.path_params["token"])
        mail = await run_in_threadpool(self.tracked.find, number[0]) if number else None
        if number is None or mail is None or number[1] >= len(mail.targets):
            return self._dead(request)
        target = mail.targets[number[1]]
        if host_of(target) is None or not target.isascii():
            return self._dead(request)
        what = f"click:{mail.send_id}:{number[1]}"
        await self._note(request, mail.send_id, "clicked", what, target)
        return Response(None, 302, {**private_headers(), "Location": target})

    async def open(self, request: Request) -> Response:
        """The picture, whoever asks."""
        token_id = self.links.read("o", request.path_params["token"])
        mail = await run_in_threadpool(self.past_mails.find, token_id) if token_id else None
        if mail is not None:
            await self._note(request, mail.send_id, "opened", f"open:{mail.send_id}", "")
        headers = {**private_headers(), "Cross-Origin-Resource-Policy": "cross-origin"}
        return Response(_PICTURE, 200 if mail else 404, headers, media_type="image/gif")

    async def _note(
        self,
        request: Request,
        send_id: str,
        what: Literal["clicked", "opened"],
        key: str,
        link: str,
    ) -> None:
        """Keep it for judgement, where the person agrees to it today. A HEAD and a browser that fetches
        ahead are nobody."""
        ahead = (request.headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
        if request.method != "GET" or any("prefetch" in said for said in ahead):
            return
        await run_in_threadpool(
            self._keep, send_id, what, key, link, request.headers.get("user-agent", "")
        )

    def _keep(
        self, send_id: str, what: Literal["clicked", "opened"], key: str, link: str, agent: str
    ) -> None:
        mail = self.sent_mails.by_send_id([send_id]).get(send_id)
        now = self.now()
        purpose = CLICKS if what == "clicked" else OPENS
        if mail is None or mail.erased:
            return
        if standing(mail.consents, purpose, now, ANY_YES) != "given":
            return
        touch = Touch(now, link, agent[:_LONGEST_AGENT], machine=not agent)
        at = int(now.timestamp()) // _ONCE_IN
        self.sent_mails.add_touches([NewTouch(f"{key}:{at}", mail, what, touch)], now)

    def _dead(self, request: Request) -> Response:
        """The page for a link that leads nowhere any more."""
        words = words_for(accepts=request.headers.get("accept-language", ""), company=self.locales)
        text = f"<p>{words.html('dead')}</p>"
        if self.site and self.look.company:
            way = words.html("dead_way", company=escape(self.look.company))
            text += f'\n<p><a href="{escape(self.site)}/">{way}</a></p>'
        return page(self.look, words.text("unknown_title"), text, 404, words=words)
