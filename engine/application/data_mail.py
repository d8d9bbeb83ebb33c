"""The mail that leads somebody to their own data: they asked for it, so it needs no consent (R5.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Protocol

from engine.application.letters import full_name
from engine.application.ports.notices import Notice, Told
from engine.domain.facts import Facts
from engine.domain.message import Address, Message
from engine.language.config_file import Config


class Spoken(Protocol):
    """The words of one reader's language."""

    @property
    def language(self) -> str:
        """The language of the sentences: ISO 639."""

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""

    def text(self, key: str, **values: object) -> str:
        """A sentence by its key."""


@dataclass(frozen=True, slots=True)
class DataMail:
    """Writes it. `reader` gives who asked on the page of a mail, `link` the address of a notice's page,
    `words` those for a locale."""

    config: Config
    reader: Callable[[str, datetime], Facts | None]
    link: Callable[[str], str] | None
    words: Callable[[str | None], Spoken]

    def write(self, notice: Notice, now: datetime) -> Message | Told:
        """The mail to the address that the person has today, or why there is none. An address that is
        bad gets nothing, as the gate would have it; a complaint or an opt-out does not bar the way to
        one's own data."""
        facts = self.reader(notice.about, now)
        if facts is None or not facts.person.email:
            return Told(notice.id, "dropped", "who asked for their data has no address any more")
        if facts.suppressed in _BAD:
            return Told(notice.id, "dropped", "the address of who asked for their data is bad")
        if self.link is None:
            return Told(notice.id, "needs_attention", "links need `company.site` and a key")
        locale = facts.person.attributes.get("locale")
        words = self.words(locale if isinstance(locale, str) else None)
        sender = next(iter(self.config.senders.values()))
        company = self.config.company.name
        subject = words.text("mail_subject", company=company)
        url = self.link(notice.id)
        hello, said, button, note = (
            words.text(key) for key in ("mail_hello", "mail_text", "mail_button", "mail_note")
        )
        return Message(
            send_id=notice.id,
            sender=Address(sender.email, sender.name),
            to=Address(facts.person.email, full_name(facts.person)),
            subject=subject,
            html=_html(words, subject, hello, said, button, url, note, company),
            text="\n\n".join((hello, said, url, note, company)) + "\n",
            date=now,
            headers={"Auto-Submitted": "auto-replied"},
            klass="transactional",
            mail="notice/data",
        )


_BAD = ("hard_bounce", "soft_bounces")


def _html(words: Spoken, subject: str, *parts: str) -> str:
    hello, said, button, url, note, company = map(escape, parts)
    return (
        f'<!doctype html>\n<html lang="{words.language}" dir="{words.direction}"><head>'
        f'<meta charset="utf-8"><title>{escape(subject)}</title></head>\n'
        '<body style="font:17px/1.6 sans-serif;max-width:34em;margin:2em auto;padding:0 1em">\n'
        f"<p>{hello}</p>\n<p>{said}</p>\n"
        f'<p style="margin:2em 0"><a href="{url}">{button}</a></p>\n'
        f"<p>{note}</p>\n<p>{company}</p>\n</body></html>\n"
    )
