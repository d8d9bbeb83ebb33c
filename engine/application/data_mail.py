"""The mail that leads somebody to their own data: they asked for it, so it needs no consent (R5.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.application.letters import full_name
from engine.application.own_mail import button, document, paragraph
from engine.application.ports.data_links import Asker
from engine.application.ports.notices import Notice, Told
from engine.domain.message import Address, Message
from engine.domain.own_data import opens
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
    `words` those for a locale.

    To an address that may not open what is known yet it says that a person answers (`domain.own_data`).
    """

    config: Config
    reader: Callable[[str, datetime], Asker | None]
    link: Callable[[str], str] | None
    words: Callable[[str | None], Spoken]

    def write(self, notice: Notice, now: datetime) -> Message | Told:
        """The mail to the address that the person has today, or why there is none. An address that is
        bad gets nothing, as the gate would have it; a complaint or an opt-out does not bar the way to
        one's own data."""
        asker = self.reader(notice.about, now)
        if asker is None or not asker.facts.person.email:
            return Told(notice.id, "dropped", "who asked for their data has no address any more")
        facts = asker.facts
        if facts.suppressed in _BAD:
            return Told(notice.id, "dropped", "the address of who asked for their data is bad")
        if self.link is None:
            return Told(notice.id, "needs_attention", "links need `company.site` and a key")
        locale = facts.person.attributes.get("locale")
        words = self.words(locale if isinstance(locale, str) else None)
        sender = next(iter(self.config.senders.values()))
        company = self.config.company.name
        subject = words.text("mail_subject", company=company)
        hello, note = words.text("mail_hello"), words.text("mail_note")
        if opens(asker.address_since, notice.queued_at):
            url, said = self.link(notice.id), words.text("mail_text")
        else:
            url, said = "", words.text("mail_person")
        way = button(self.config.company, words.text("mail_button"), url) if url else ""
        body = paragraph(hello) + paragraph(said) + way + paragraph(note)
        return Message(
            send_id=notice.id,
            sender=Address(sender.email, sender.name),
            to=Address(facts.person.email, full_name(facts.person)),
            subject=subject,
            reply_to=Address(sender.reply_to) if sender.reply_to else None,
            html=document(self.config.company, subject, body, words.language, words.direction),
            text="\n\n".join(filter(None, (hello, said, url, note, company))) + "\n",
            date=now,
            headers={"Auto-Submitted": "auto-replied"},
            klass="transactional",
            mail="notice/data",
        )


_BAD = ("hard_bounce", "soft_bounces")
