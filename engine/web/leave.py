"""`/u/TOKEN`: a GET shows a page with one button and changes nothing; a POST acts at once (R5.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.adapters.links import Links
from engine.application.ports.intake import Intake
from engine.application.ports.past_mails import PastMail, PastMails
from engine.application.unsubscribe import Leaving, is_off, topic_left, unsubscribe
from engine.domain.consent import ALL_TOPICS
from engine.web.forms import TooLarge, read_form
from engine.web.page import Look, page, private_headers

_ONE_CLICK = ("List-Unsubscribe", "One-Click")


@dataclass(frozen=True, slots=True)
class LeavePages:
    """The page and what it does. `now` is the clock: aware, UTC."""

    look: Look
    links: Links
    past_mails: PastMails
    intake: Intake
    now: Callable[[], datetime]

    async def answer(self, request: Request) -> Response:
        """A POST acts, all else shows."""
        return await (self.act(request) if request.method == "POST" else self.show(request))

    async def show(self, request: Request) -> Response:
        """The page with its one button. Scanners open every link, so nothing changes here."""
        mail = await self._mail(request)
        if mail is None:
            return self._unknown()
        topic = topic_left(mail, everything=False)
        if is_off(mail, topic, self.now()):
            return self._gone(Leaving(topic, changed=False))
        return page(self.look, "Unsubscribe?", _question(topic))

    async def act(self, request: Request) -> Response:
        """Unsubscribe from the topic, or with `all=1` from all. Answers 200 however often it comes,
        without a redirect or a cookie (RFC 8058 3.1)."""
        try:
            form = await read_form(request)
        except TooLarge:
            return PlainTextResponse("too large", 413, private_headers())
        mail = await self._mail(request)
        if mail is None:
            return self._unknown()
        one_click = form.get(_ONE_CLICK[0]) == _ONE_CLICK[1]
        leaving = await run_in_threadpool(
            unsubscribe,
            mail,
            self.intake,
            self.now(),
            everything=form.get("all") == "1",
            how="one-click" if one_click else "page",
        )
        if one_click:
            return PlainTextResponse("unsubscribed", 200, private_headers())
        return self._gone(leaving)

    async def _mail(self, request: Request) -> PastMail | None:
        token_id = self.links.read("u", request.path_params["token"])
        if token_id is None:
            return None
        return await run_in_threadpool(self.past_mails.find, token_id)

    def _gone(self, leaving: Leaving) -> Response:
        if leaving.everything:
            what = "We will send you nothing more, except about what you order."
        else:
            what = f"We will send you no more mails about <strong>{_named(leaving.topic)}</strong>."
        stop_all = (
            "" if leaving.everything else _button("Stop all other mails, too", everything=True)
        )
        return page(self.look, "You are unsubscribed", f"<p>{what}</p>\n{stop_all}")

    def _unknown(self) -> Response:
        text = (
            "<p>Perhaps a part of the address got lost. Please use the link in the mail again.</p>"
        )
        return page(self.look, "This link does not work", text, 404)


def _question(topic: str) -> str:
    if topic == ALL_TOPICS:
        what = "We will send you nothing more, except about what you order."
        choice = ""
    else:
        what = f"We will send you no more mails about <strong>{_named(topic)}</strong>."
        choice = (
            '<label><input type="checkbox" name="all" value="1"> '
            "<span>Stop all other mails, too</span></label>"
        )
    note = '<p class="quiet">It takes effect at once. You need not log in.</p>'
    return f"<p>{what}</p>\n{_button('Unsubscribe', choice)}\n{note}"


def _button(label: str, choice: str = "", *, everything: bool = False) -> str:
    hidden = '<input type="hidden" name="all" value="1">' if everything else ""
    kind = ' class="second"' if everything else ""
    button = f'<button type="submit"{kind}>{label}</button>'
    return f'<form method="post">{choice}{hidden}{button}</form>'


def _named(topic: str) -> str:
    return escape(topic.replace("-", " ").replace("_", " "))
