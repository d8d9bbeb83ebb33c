"""From a message that passed the gate to the mail that leaves: composed, rendered, addressed.

Hand-off, simulation with `--out`, the demo and `preview --as eml` write their mails here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.application.compose import Letter, compose
from engine.application.mail_links import MailLink, with_links
from engine.application.ports.renderer import Renderer, RenderFailed
from engine.application.ports.tracked import Tracked, TrackedMail
from engine.application.ports.ways_out import WaysOut
from engine.application.tracking import tracked, what_tells
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Class
from engine.domain.mail_links import tagged
from engine.domain.message import Address, Message, Rendered
from engine.domain.person import Person
from engine.language.config_file import Sender
from engine.language.project import Project


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes the mails of one version of a project. Without `tracked` none tells of its reader."""

    project: Project
    rules: Rulebook
    renderer: Renderer
    ways_out: WaysOut
    tracked: Tracked | None = None
    _looked_at: set[tuple[str, str]] = field(default_factory=set)

    def write_to_send(
        self, send_id: str, letter: Letter, facts: Facts, now: datetime, sender: str | None = None
    ) -> Message:
        """As `write`, for a mail that leaves: with links by way of us where the person agrees to that
        (`keep_targets` keeps where they lead). The first of each mail in each language is looked at
        (R9.4). That data cannot change its shape is the renderer's promise.

        Raises:
            NotRendered: as `write`; RenderFailed also for a mail that must not leave.
        """
        message, rendered = self.write(send_id, letter, facts, now, sender)
        message, rendered = self._with_tracking(message, rendered, letter, facts, now)
        seen = letter.mail, str(letter.locale or facts.person.attributes.get("locale", ""))
        if seen not in self._looked_at:
            links = self.ways_out.links(send_id)
            for found in self.renderer.inspect(rendered, Class(message.klass), links):
                if found.severity == "error":
                    raise RenderFailed(f"{found.message}; {found.help}", letter.mail)
            self._looked_at.add(seen)
        return message

    def write(
        self, send_id: str, letter: Letter, facts: Facts, now: datetime, sender: str | None = None
    ) -> tuple[Message, Rendered]:
        """The mail to the person of `facts`, dated `now`, with the ways out of this `send_id`.

        `sender` is what the step says; else the mail's own, else the first of the config.

        Raises:
            NotRendered: SkipMail, MissingValue or RenderFailed, as the port says.
        """
        letter = replace(letter, links=self.ways_out.links(send_id))
        voice = self.project.config.company.voice
        rendered = self.renderer.render(letter.mail, compose(letter, facts, self.rules, voice, now))
        rendered = self._with_tags(rendered, letter)
        journey = letter.journey
        category = self.rules.policy.categories.get(journey.category) if journey else None
        klass = category.klass if category else Class.SERVICE
        by = self.sender_of(letter.mail, sender)
        answers = self.ways_out.answers(send_id) or by.reply_to
        message = Message(
            send_id=send_id,
            sender=Address(by.email, by.name),
            to=Address(facts.person.email or facts.person.mailbox, full_name(facts.person)),
            subject=rendered.subject,
            html=rendered.html,
            text=rendered.text,
            date=now,
            reply_to=Address(answers) if answers else None,
            headers=self.ways_out.headers(
                send_id,
                klass=klass,
                topic=category.name if category else "",
                journey=journey.name if journey else "",
                mail=letter.mail,
                sender=by.email,
            ),
            categories=(journey.name,) if journey else (),
            klass=klass.value,
            mail=letter.mail,
        )
        return message, rendered

    def _with_tags(self, rendered: Rendered, letter: Letter) -> Rendered:
        """The mail with the tags that the config asks for on links to the business's own pages."""
        rules, journey = self.project.config.links, letter.journey
        if rules.utm is None:
            return rendered
        about = {
            "mail": letter.mail,
            "journey": journey.name if journey else "",
            "category": journey.category if journey else "",
        }
        ways_out = set(letter.links.values())

        def change(link: MailLink) -> str:
            return link.url if link.url in ways_out else tagged(link.url, rules, about)

        return with_links(rendered, change)

    def _with_tracking(
        self, message: Message, rendered: Rendered, letter: Letter, facts: Facts, now: datetime
    ) -> tuple[Message, Rendered]:
        """The mail as it tells what its reader agrees to tell."""
        if self.tracked is None:
            return message, rendered
        rules = self.project.config.links
        files = self.project.templates.get(letter.mail, {}).values()
        asks = any(file.track for file in files)
        tells = what_tells(rules, facts, self.rules, now, mail_asks=asks)
        if not tells:
            return message, rendered
        before = self.tracked.find(message.send_id)
        rendered, targets = tracked(
            rendered,
            message.send_id,
            tells,
            rules,
            self.ways_out,
            before.targets if before is not None else (),
        )
        message = replace(message, html=rendered.html, text=rendered.text, targets=targets)
        return message, rendered

    def keep_targets(self, messages: Iterable[tuple[str, Message]], now: datetime) -> None:
        """Keep where the links of these mails lead, each with its person: to be called before they leave."""
        mails = [
            TrackedMail(message.send_id, person_id, message.targets)
            for person_id, message in messages
            if message.targets
        ]
        if mails and self.tracked is not None:
            self.tracked.keep(mails, now)

    def sender_of(self, mail: str, said: str | None) -> Sender:
        """Who the mail comes from: the step's word, the mail's, or the first sender of the config."""
        senders = self.project.config.senders
        header = self.rules.mails.get(mail)
        for name in (said, header.sender if header else None):
            if name is not None and name in senders:
                return senders[name]
        return next(iter(senders.values()))


def full_name(person: Person) -> str:
    """The name beside the address, on one line: first and last name, as far as they are known."""
    names = (person.attributes.get(key) for key in ("first_name", "last_name"))
    return " ".join(" ".join(str(name) for name in names if name).split())
