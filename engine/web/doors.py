"""What all pages behind a token share: whose mail it is, and the page for a token that is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.adapters.links import Links, Purpose
from engine.application.ports.intake import Intake
from engine.application.ports.past_mails import PastMail, PastMails
from engine.domain.jurisdiction import Law
from engine.web.page import Look, page, private_headers


@dataclass(frozen=True, slots=True)
class Doors:
    """The ports of the pages. `topics` are the marketing categories that people may choose from,
    `confirms` by category the topics that its mails ask to confirm, `law` says for how long they may; `site`
    is where they live;
    `now` is the clock: aware, UTC."""

    look: Look
    links: Links
    past_mails: PastMails
    intake: Intake
    now: Callable[[], datetime]
    topics: tuple[str, ...] = ()
    confirms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    law: Law = Law()
    site: str = ""

    async def mail(self, purpose: Purpose, request: Request) -> PastMail | None:
        """The mail whose link was opened, or None for a token that is not ours."""
        token_id = self.links.read(purpose, request.path_params["token"])
        if token_id is None:
            return None
        return await run_in_threadpool(self.past_mails.find, token_id)

    def beside(self, purpose: Purpose, mail: PastMail) -> str:
        """The address of another page of the same mail, seen from this one."""
        return f"../{purpose}/{self.links.token(purpose, mail.send_id)}"

    def unknown(self) -> Response:
        """The same 404 for everything that is no link of ours."""
        text = (
            "<p>Perhaps a part of the address got lost. Please use the link in the mail again.</p>"
        )
        return page(self.look, "This link does not work", text, 404)


def too_large() -> Response:
    """The answer to a body that no form has."""
    return PlainTextResponse("too large", 413, private_headers())


def named(topic: str) -> str:
    """A topic as people read it, escaped."""
    return escape(topic.replace("-", " ").replace("_", " "))
