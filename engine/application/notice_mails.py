"""What a notice says: the briefing of a task to its team, an alert to the operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote

from engine.application.briefing import Briefing, Section, briefing_of
from engine.application.letters import Letters
from engine.application.own_mail import button, document, heading, link, paragraph
from engine.application.ports.notices import Notice, Told
from engine.application.ports.tasks import Task, Tasks
from engine.application.tasks import SHOWN
from engine.application.tell import Post
from engine.domain.calendar import local
from engine.domain.facts import Facts
from engine.domain.message import Address, Message
from engine.domain.run import Run
from engine.language.config_types import Company

_HEADERS = {"Auto-Submitted": "auto-generated"}
"""RFC 3834: no machine answers this."""

_WORTH_TELLING = timedelta(days=1)

Subject = Callable[[Task, datetime], tuple[Facts | None, Run | None]]
"""Whom a task is about, as they are now, and the run that asked for it."""


@dataclass(frozen=True, slots=True)
class NoticeWriter:
    """Writes the notices of one version of a project.

    `closing` gives the address of the page on which a task is closed, None where there is no page;
    `data` writes the mail to somebody's own data
    (`data_mail`), and `webhook` is the operator's, if there is one.
    """

    letters: Letters
    tasks: Tasks
    subject: Subject
    closing: Callable[[str], str | None]
    data: Callable[[Notice, datetime], Message | Told]
    operator: str | None = None
    webhook: str | None = None

    def write(self, notice: Notice, now: datetime) -> Message | Post | Told:
        """The mail or post of a notice, or why there is none (any more)."""
        if notice.kind == "task":
            return self._task(notice, now)
        if notice.kind == "data":
            return self.data(notice, now)
        return self._alert(notice, now)

    def _task(self, notice: Notice, now: datetime) -> Message | Told:
        task = self.tasks.find(notice.about)
        if task is None or task.closed_at is not None:
            return Told(notice.id, "dropped", "the task was closed before its team heard of it")
        team = self.letters.rules.teams.get(task.opened.team)
        if team is None:
            return Told(
                notice.id, "needs_attention", f"there is no team {task.opened.team} any more"
            )
        facts, run = self.subject(task, now)
        briefing = briefing_of(task, facts, run, self.letters, now)
        return self._mail(
            notice, Address(team.email), briefing, now,
            sender_of=task.opened.briefing or "", ending=self._how_to_close(task),
        )  # fmt: skip

    def _how_to_close(self, task: Task) -> tuple[str, str]:
        """The words, and the address they lead to, if any."""
        page = self.closing(task.opened.id)
        if page is not None:
            return "Close this task", page
        return f"Close it with: sincerely tasks done {task.opened.id[:SHOWN]}", ""

    def _alert(self, notice: Notice, now: datetime) -> Message | Post | Told:
        company = self.letters.project.config.company.name
        said = notice.said
        if now - notice.queued_at > _WORTH_TELLING:
            return Told(notice.id, "dropped", "nobody could be reached for a day")
        if notice.channel == "webhook":
            if self.webhook is None:
                return Told(notice.id, "dropped", "the config names no webhook any more")
            text = f"{company}: {said['text']}" if company else said["text"]
            return Post(self.webhook, {"engine": "sincerely", **said, "text": text})
        if self.operator is None:
            return Told(notice.id, "dropped", "the config names no operator's address any more")
        over = said["state"] == "over"
        subject = f"[{company or 'Sincerely'}] {'Over: ' if over else ''}{said['title']}"
        zone = self.letters.rules.company_zone
        began = local(datetime.fromisoformat(said["since"]), zone)
        since = Section("Since", (f"{began:%Y-%m-%d %H:%M} ({zone})",))
        briefing = Briefing(
            subject,
            (Section("It is over" if over else "What", tuple(said["text"].splitlines())), since),
        )
        return self._mail(notice, Address(self.operator), briefing, now)

    def _mail(
        self,
        notice: Notice,
        to: Address,
        briefing: Briefing,
        now: datetime,
        *,
        sender_of: str = "",
        ending: tuple[str, str] = ("", ""),
    ) -> Message:
        by = self.letters.sender_of(sender_of, None)
        return Message(
            send_id=notice.id,
            sender=Address(by.email, by.name),
            to=to,
            subject=briefing.subject,
            html=_html(self.letters.project.config.company, briefing, ending),
            text=_text(briefing, ending),
            date=now,
            headers=_HEADERS,
            klass="service",
            mail=f"notice/{notice.kind}",
        )


def _text(briefing: Briefing, ending: tuple[str, str]) -> str:
    parts = ["\n".join((section.title.upper(), *section.lines)) for section in briefing.sections]
    if ending[0]:
        parts.append(": ".join(filter(None, ending)))
    return "\n\n".join(parts) + "\n"


def _html(company: Company, briefing: Briefing, ending: tuple[str, str]) -> str:
    body = "".join(
        heading(section.title) + "".join(map(_line, section.lines)) for section in briefing.sections
    )
    words, address = ending
    if address:
        body += button(company, words, address)
    elif words:
        body += paragraph(words)
    return document(company, briefing.subject, body)


def _line(line: str) -> str:
    """A line; an address to write to is a link with its name only."""
    if line.startswith("mailto:"):
        return link(unquote(line.removeprefix("mailto:").partition("?")[0]), line)
    return paragraph(line, close=True)
