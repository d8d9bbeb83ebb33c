"""`/u/TOKEN`: a GET shows a page with one button and changes nothing; a POST acts at once (R5.6)."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.application.unsubscribe import Leaving, is_off, topic_left, unsubscribe
from engine.domain.consent import ALL_TOPICS
from engine.web.doors import Doors, named, too_large
from engine.web.forms import TooLarge, read_form
from engine.web.page import page, private_headers

_ONE_CLICK = ("List-Unsubscribe", "One-Click")
_NOTHING_MORE = "We will send you nothing more, except about what you order."


class LeavePage:
    """The page and what it does."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def answer(self, request: Request) -> Response:
        """A POST acts, all else shows."""
        return await (self._act(request) if request.method == "POST" else self._show(request))

    async def _show(self, request: Request) -> Response:
        """The page with its one button. Scanners open every link, so nothing changes here."""
        mail = await self._doors.mail("u", request)
        if mail is None:
            return self._doors.unknown()
        topic = topic_left(mail, everything=False)
        if is_off(mail, topic, self._doors.now()):
            return self._gone(Leaving(topic, changed=False))
        return page(self._doors.look, "Unsubscribe?", _question(topic))

    async def _act(self, request: Request) -> Response:
        """Unsubscribe from the topic, or with `all=1` from all. Answers 200 however often it comes,
        without a redirect or a cookie (RFC 8058 3.1)."""
        try:
            form = await read_form(request)
        except TooLarge:
            return too_large()
        mail = await self._doors.mail("u", request)
        if mail is None:
            return self._doors.unknown()
        one_click = form.get(_ONE_CLICK[0]) == _ONE_CLICK[1]
        leaving = await run_in_threadpool(
            unsubscribe,
            mail,
            self._doors.intake,
            self._doors.now(),
            everything=form.get("all") == "1",
            how="one-click" if one_click else "page",
        )
        if one_click:
            return PlainTextResponse("unsubscribed", 200, private_headers())
        return self._gone(leaving)

    def _gone(self, leaving: Leaving) -> Response:
        body = f"<p>{_what_ends(leaving.topic)}</p>"
        if not leaving.everything:
            body += (
                '\n<form method="post"><input type="hidden" name="all" value="1">'
                '<button type="submit" class="second">Stop all other mails, too</button></form>'
            )
        return page(self._doors.look, "You are unsubscribed", body)


def _question(topic: str) -> str:
    choice = ""
    if topic != ALL_TOPICS:
        choice = (
            '<label><input type="checkbox" name="all" value="1"> '
            "<span>Stop all other mails, too</span></label>"
        )
    return (
        f'<p>{_what_ends(topic)}</p>\n<form method="post">{choice}'
        '<button type="submit">Unsubscribe</button></form>\n'
        '<p class="quiet">It takes effect at once. You need not log in.</p>'
    )


def _what_ends(topic: str) -> str:
    if topic == ALL_TOPICS:
        return _NOTHING_MORE
    return f"We will send you no more mails about <strong>{named(topic)}</strong>."
