"""`/c/TOKEN`: a GET shows a page with one button and changes nothing, for scanners open every link; a
POST confirms the sign-up (R5.4)."""

from __future__ import annotations

from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine.application.confirm import Confirmation, confirm, standing_of
from engine.domain.consent import Evidence
from engine.web.doors import Doors, named, too_large
from engine.web.forms import TooLarge, read_form
from engine.web.page import page

_LONGEST = 500


class ConfirmPage:
    """The page and what it does."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def answer(self, request: Request) -> Response:
        """A POST confirms, all else shows the question."""
        doors = self._doors
        try:
            await read_form(request)
        except TooLarge:
            return too_large()
        mail = await doors.mail("c", request)
        topics = doors.confirms.get(mail.topic, ()) if mail is not None else ()
        if mail is None or not topics:
            return doors.unknown()
        now = doors.now()
        stands = standing_of(mail, topics, doors.law, now)
        if request.method != "POST":
            if stands.waiting:
                return page(doors.look, "Is it you?", _question(stands.waiting))
            return self._stands(stands)
        proof = _proof(request, stands.waiting)
        done = await run_in_threadpool(confirm, mail, topics, doors.law, doors.intake, now, proof)
        return self._stands(done)

    def _stands(self, done: Confirmation) -> Response:
        if done.given:
            return page(self._doors.look, "Thank you", _given(done.given))
        if done.left:
            text = "<p>You have unsubscribed since, and that counts. Nothing was changed.</p>"
            return page(self._doors.look, "You are unsubscribed", text)
        text = "<p>Please sign up once more, and we send you a new link.</p>"
        return page(self._doors.look, "This link has run out", text)


def _question(topics: tuple[str, ...]) -> str:
    return (
        f"<p>Please confirm that we may write to you about {_listed(topics)}.</p>\n"
        '<form method="post"><button type="submit">Yes, write to me</button></form>\n'
        '<p class="quiet">If it was not you who signed up, close this page, and you hear no more.</p>'
    )


def _given(topics: tuple[str, ...]) -> str:
    return f"<p>You hear from us about {_listed(topics)}. You can leave in every mail.</p>"


def _listed(topics: tuple[str, ...]) -> str:
    return " and ".join(f"<strong>{named(topic)}</strong>" for topic in topics)


def _proof(request: Request, asked: tuple[str, ...]) -> Evidence:
    """How the link was followed, and a hash of the words that were shown (R5.1)."""
    return Evidence(
        ip=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", "")[:_LONGEST],
        language="en",
        wording_hash=f"sha256:{sha256(_question(asked).encode()).hexdigest()}",
    )
