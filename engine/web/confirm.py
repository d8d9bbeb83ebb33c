"""`/c/TOKEN`: a GET shows a page with one button and changes nothing, for scanners open every link; a
POST confirms the sign-up (R5.4)."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine.adapters.page_words import Words
from engine.application.confirm import Confirmation, confirm, standing_of
from engine.web.doors import Doors, proof_of
from engine.web.forms import read_form
from engine.web.page import page


class ConfirmPage:
    """The page and what it does."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def answer(self, request: Request) -> Response:
        """A POST confirms, all else shows the question."""
        doors = self._doors
        await read_form(request)
        mail = await doors.mail("c", request)
        if mail is None or mail.erased:
            return doors.nobody(request, mail)
        topics = doors.confirms.get(mail.topic, ())
        if not topics:
            return doors.unknown(request)
        now, words = doors.now(), doors.words(request, mail)
        stands = standing_of(mail, topics, doors.law, now)
        question = self._question(stands.waiting, words)
        if request.method != "POST":
            if stands.waiting:
                return page(doors.look, words.text("confirm_title"), question, words=words)
            return self._stands(stands, words)
        proof = proof_of(request, words, question)
        done = await run_in_threadpool(confirm, mail, topics, doors.law, doors.intake, now, proof)
        return self._stands(done, words)

    def _stands(self, done: Confirmation, words: Words) -> Response:
        if done.given:
            title = "confirm_done_title"
            text = words.html("confirm_done", topics=self._listed(done.given, words))
        elif done.left:
            title, text = "left_title", words.html("confirm_left")
        else:
            title, text = "late_title", words.html("confirm_late")
        body = f'<p role="status">{text}</p>'
        return page(self._doors.look, words.text(title), body, words=words)

    def _question(self, topics: tuple[str, ...], words: Words) -> str:
        ask = words.html("confirm_ask", topics=self._listed(topics, words))
        return (
            f'<p>{ask}</p>\n<form method="post"><button type="submit">'
            f"{words.html('confirm_button')}</button></form>\n"
            f'<p class="quiet">{words.html("confirm_note")}</p>'
        )

    def _listed(self, topics: tuple[str, ...], words: Words) -> str:
        named = (f"<strong>{self._doors.topic(topic, words)}</strong>" for topic in topics)
        return words.html("join").join(named)
