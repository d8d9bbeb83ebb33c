"""`/w/TOKEN`: why did I get this? What the person themselves said, what is known of them, and the ways
out. A link is forwarded with its mail, so the page names kinds of things and never what they are."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from engine.adapters.page_words import Words
from engine.application.ports.past_mails import PastMail
from engine.application.preferences import agreed_now
from engine.domain.consent import PROFILING, deciding
from engine.domain.forms import BASIS
from engine.domain.journey import Class
from engine.domain.jurisdiction import ANY_YES, GROUNDS
from engine.web.doors import Doors, called, ways
from engine.web.page import page

_NAMES = frozenset({"first_name", "last_name", "name"})
_OURS = frozenset({"preferences page", "merged", *GROUNDS})
"""What we call the ways by ourselves: it would tell the reader nothing."""
_PLACES = frozenset({"country", "time_zone"})


class WhyPage:
    """The page; it changes nothing. It tells no mood, score or stage (R6.6)."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def answer(self, request: Request) -> Response:
        """The answer in a few sentences."""
        doors = self._doors
        mail = await doors.mail("w", request)
        if mail is None or mail.erased:
            return doors.nobody(request, mail)
        words = doors.words(request, mail)
        known = "\n".join(f"<li>{line}</li>" for line in self._known(mail, words))
        body = (
            "\n".join(f"<p>{line}</p>" for line in self._because(mail, words))
            + f"\n<section><h2>{words.html('know_title')}</h2>\n<ul>\n{known}\n</ul>\n"
            f'<p class="quiet">{words.html("know_all")}</p></section>\n'
            + ways(doors, mail, words, "p", "u")
        )
        return page(doors.look, words.text("why_title"), body, words=words)

    def _because(self, mail: PastMail, words: Words) -> Iterator[str]:
        doors = self._doors
        if mail.klass is not Class.MARKETING:
            yield words.html("why_needed")
            return
        topic = f"<strong>{doors.topic(mail.topic, words)}</strong>"
        yield words.html("why_topic", topic=topic, date=doors.day(mail.queued_at, words, mail))
        if mail.began is not None:
            began = doors.day(mail.began, words, mail)
            named = doors.pages.journeys.get(mail.journey)
            if named:
                journey = called(named, mail.journey, words)
                yield words.html("why_named", journey=journey, date=began)
            else:
                yield words.html("why_series", date=began)
        yield from self._agreed(mail, words)

    def _agreed(self, mail: PastMail, words: Words) -> Iterator[str]:
        ledger = (*mail.consents, *mail.mailbox_consents)
        _, said = deciding(ledger, mail.topic, mail.queued_at, ANY_YES)
        if said is None or said.state == "unsubscribed":
            yield words.html("why_unknown")
            return
        day = self._doors.day(said.at, words, mail)
        if said.state == "implied":
            yield words.html("why_customer", date=day)
            return
        yield words.html("why_confirmed" if said.confirmed else "why_agreed", date=day)
        if said.basis == BASIS:
            yield words.html("why_form")
        elif said.basis and said.basis not in _OURS:
            yield words.html("why_how", how=escape(said.basis))

    def _known(self, mail: PastMail, words: Words) -> Iterator[str]:
        """The kinds of things that are known, as the person would call them."""
        names = set(mail.attributes)
        yield words.html("know_email")
        if names & _NAMES:
            yield words.html("know_name")
        if "locale" in names:
            yield words.html("know_language")
        if names & _PLACES:
            yield words.html("know_place")
        if "birthday" in names:
            yield words.html("know_birthday")
        if mail.ordered_since is not None:
            yield words.html("know_orders", date=self._doors.day(mail.ordered_since, words, mail))
        yield words.html("know_mails")
        if agreed_now(mail, PROFILING, self._doors.now()):
            yield words.html("know_moods")
        others = names - _NAMES - _PLACES - {"locale", "birthday"}
        if others:
            yield words.html("know_other", number=len(others))
