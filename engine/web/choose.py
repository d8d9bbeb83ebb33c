"""`/p/TOKEN`: what a person hears about. A GET shows it and changes nothing; a POST keeps the choice."""

from __future__ import annotations

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine.application.preferences import choose, chosen_now
from engine.web.doors import Doors, named, too_large
from engine.web.forms import TooLarge, read_form
from engine.web.page import page

_PREFIX = "topic."
_KEEP = "keep"
"""Stands in every form of ours: a body without it chose nothing, not even nothing."""


class ChoosePage:
    """The page and what it does."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def answer(self, request: Request) -> Response:
        """A POST keeps the choice, all else shows the present one."""
        try:
            form = await read_form(request) if request.method == "POST" else {}
        except TooLarge:
            return too_large()
        doors = self._doors
        mail = await doors.mail("p", request)
        if mail is None:
            return doors.unknown()
        if _KEEP not in form:
            now = chosen_now(mail, doors.topics, doors.now())
            status = 200 if request.method != "POST" else 400
            return page(doors.look, "What may we write to you about?", _boxes(now), status)
        chosen = {name.removeprefix(_PREFIX) for name in form if name.startswith(_PREFIX)}
        kept = await run_in_threadpool(
            choose, mail, doors.topics, chosen, doors.intake, doors.now()
        )
        return page(doors.look, "Thank you", _kept(kept))


def _boxes(topics: list[tuple[str, bool]]) -> str:
    boxes = "\n".join(
        f'<label><input type="checkbox" name="{_PREFIX}{escape(topic)}" value="1"'
        f"{' checked' if on else ''}> <span>{named(topic)}</span></label>"
        for topic, on in topics
    )
    return (
        f'<form method="post"><input type="hidden" name="{_KEEP}" value="1">\n'
        f'<fieldset aria-labelledby="title">\n{boxes}\n</fieldset>\n'
        '<button type="submit">Keep it like this</button></form>\n'
        '<p class="quiet">Mails about what you order come in any case.</p>'
    )


def _kept(kept: tuple[str, ...]) -> str:
    if not kept:
        return "<p>We will write to you only about what you order.</p>"
    topics = "".join(f"<li>{named(topic)}</li>" for topic in kept)
    return f"<p>From now on you hear from us about:</p>\n<ul>{topics}</ul>"
