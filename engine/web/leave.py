"""`/u/TOKEN`: a GET shows a page with one button and changes nothing; a POST acts at once (R5.6)."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.adapters.page_words import Words
from engine.application.ports.past_mails import PastMail
from engine.application.unsubscribe import Leaving, is_off, topic_left, unsubscribe
from engine.domain.consent import ALL_TOPICS
from engine.web.doors import Doors, posting
from engine.web.forms import read_form
from engine.web.page import page, private_headers

_ONE_CLICK = ("List-Unsubscribe", "One-Click")


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
        if mail is None or mail.erased:
            return self._doors.nobody(request, mail)
        words = self._doors.words(request, mail)
        topic = topic_left(mail, everything=False)
        if is_off(mail, topic, self._doors.now()):
            return self._gone(mail, Leaving(topic, changed=False), words)
        body = self._question(mail, topic, words)
        return page(self._doors.look, words.text("leave_title"), body, words=words)

    async def _act(self, request: Request) -> Response:
        """Unsubscribe from the topic, or with `all=1` from all. Answers 200 however often it comes,
        without a redirect or a cookie (RFC 8058 3.1)."""
        form = await read_form(request)
        mail = await self._doors.mail("u", request)
        if mail is None:
            return self._doors.unknown(request)
        one_click = form.get(_ONE_CLICK[0]) == _ONE_CLICK[1]
        done = PlainTextResponse("unsubscribed", 200, private_headers())
        if mail.erased:
            return done if one_click else self._doors.nobody(request, mail)
        leaving = await run_in_threadpool(
            unsubscribe,
            mail,
            self._doors.intake,
            self._doors.now(),
            everything=form.get("all") == "1",
            how="one-click" if one_click else "page",
        )
        return done if one_click else self._gone(mail, leaving, self._doors.words(request, mail))

    def _question(self, mail: PastMail, topic: str, words: Words) -> str:
        choice = ""
        if topic != ALL_TOPICS:
            choice = (
                '<label class="pick"><input type="checkbox" name="all" value="1"> '
                f"<span>{words.html('leave_others')}</span></label>"
            )
        rather = self._doors.beside("p", mail)
        return (
            f'<p>{self._what_ends(topic, words)}</p>\n<form method="post">{choice}'
            f'<button type="submit">{words.html("leave_button")}</button></form>\n'
            f'<p class="quiet">{words.html("leave_note")} '
            f'<a href="{rather}">{words.html("leave_rather")}</a></p>'
        )

    def _gone(self, mail: PastMail, leaving: Leaving, words: Words) -> Response:
        body = f'<p role="status">{self._what_ends(leaving.topic, words)}</p>\n'
        if not leaving.everything:
            body += posting(words.html("leave_others"), {"all": "1"}, quiet=True)
        body += (
            f'<nav><a href="{self._doors.beside("p", mail)}">{words.html("way_choose")}</a></nav>'
        )
        return page(self._doors.look, words.text("left_title"), body, words=words)

    def _what_ends(self, topic: str, words: Words) -> str:
        if topic == ALL_TOPICS:
            return words.html("leave_all")
        named = f"<strong>{self._doors.topic(topic, words)}</strong>"
        return words.html("leave_topic", topic=named)
