"""What all pages behind a token share: whose mail it is, in which words, and the page for a token that is
none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from html import escape
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine.adapters.links import Links, Purpose
from engine.adapters.page_words import Words, words_for
from engine.application.ports.data_links import DataLinks
from engine.application.ports.intake import Intake
from engine.application.ports.past_mails import PastMail, PastMails
from engine.domain.consent import Evidence
from engine.domain.jurisdiction import Law, Terms
from engine.language.page_words import Named, Pages, spoken
from engine.web.page import Look, page

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class OwnData:
    """What a person may do with their data: `export` gives all of it, `erase` forgets them."""

    links: DataLinks
    export: Callable[[str, datetime], Mapping[str, Any]]
    erase: Callable[[str, datetime], None]


@dataclass(frozen=True, slots=True)
class Doors:
    """The ports of the pages. `topics` are the marketing categories that people may choose from,
    `doubly` those of them that take nothing but a double opt-in, `confirms` by category the topics that
    its mails ask to confirm, `law` which consent is enough, and for how long; `site` is where they live;
    `pages` is what may be chosen beside and what things are called, `locales` and `zone` are the
    business's; `tracks` are the purposes for which mails are tracked; `now` is the clock: aware, UTC."""

    look: Look
    links: Links
    past_mails: PastMails
    intake: Intake
    now: Callable[[], datetime]
    topics: tuple[str, ...] = ()
    doubly: frozenset[str] = frozenset()
    confirms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    law: Law = Law()
    site: str = ""
    pages: Pages = Pages()
    locales: Sequence[str] = ("en",)
    zone: str = "UTC"
    data: OwnData | None = None
    tracks: tuple[str, ...] = ()

    async def mail(self, purpose: Purpose, request: Request) -> PastMail | None:
        """The mail whose link was opened, or None for a token that is not ours."""
        token_id = self.links.read(purpose, request.path_params["token"])
        if token_id is None:
            return None
        return await run_in_threadpool(self.past_mails.find, token_id)

    def beside(self, purpose: Purpose, mail: PastMail) -> str:
        """The address of another page of the same mail, seen from this one."""
        return f"../{purpose}/{self.links.token(purpose, mail.send_id)}"

    def words(self, request: Request, mail: PastMail | None = None) -> Words:
        """The words of whoever reads the page: their language, their browser's, the business's."""
        accepts = request.headers.get("accept-language", "")
        return words_for(mail.locale if mail else None, accepts=accepts, company=self.locales)

    def topic(self, topic: str, words: Words) -> str:
        """A topic as people read it, escaped."""
        return called(self.pages.topics.get(topic), topic, words)

    def offered(self, mail: PastMail) -> dict[str, Terms]:
        """What the person may choose from, each topic with what is enough for it where they live."""
        there = self.law.of(mail.country)
        return {one: there.double if one in self.doubly else there.terms for one in self.topics}

    def day(self, moment: datetime, words: Words, mail: PastMail) -> str:
        """The day of an instant, written out, where the person lives."""
        return escape(words.date(moment, mail.zone or self.zone))

    def nobody(self, request: Request, mail: PastMail | None) -> Response:
        """The page of a link without a person: of one who was forgotten it says that (R5.9)."""
        if mail is None:
            return self.unknown(request)
        words = self.words(request)
        text = f"<p>{words.html('erased')}</p>"
        return page(self.look, words.text("erased_title"), text, 410, words=words)

    def unknown(self, request: Request) -> Response:
        """The same 404 for everything that is no link of ours."""
        words = self.words(request)
        text = f"<p>{words.html('unknown')}</p>"
        return page(self.look, words.text("unknown_title"), text, 404, words=words)


def called(named: Named | None, name: str, words: Words) -> str:
    """What a thing of the files is called on a page, escaped."""
    said = spoken(named, words.locale) if named else None
    return escape(said or name.replace("-", " ").replace("_", " "))


def proof_of(request: Request, words: Words, shown: str) -> Evidence:
    """How a page was answered, and a hash of the words that were shown (R5.1)."""
    return Evidence(
        ip=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", "")[:_LONGEST],
        language=words.language,
        wording_hash=f"sha256:{sha256(shown.encode()).hexdigest()}",
        actor="the person",
    )


def posting(button: str, fields: Mapping[str, str], *, quiet: bool = False) -> str:
    """A form of one button with what it says; `button` is HTML."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    kind = ' class="second"' if quiet else ""
    return f'<form method="post">{hidden}<button type="submit"{kind}>{button}</button></form>'


def ways(doors: Doors, mail: PastMail, words: Words, *purposes: Purpose) -> str:
    """Links to other pages of the same mail."""
    names = {"p": "way_choose", "u": "way_leave", "w": "way_why"}
    links = "".join(
        f'<a href="{doors.beside(purpose, mail)}">{words.html(names[purpose])}</a>'
        for purpose in purposes
    )
    return f"<nav>{links}</nav>"
