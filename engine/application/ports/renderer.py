"""From a mail's template and one person's facts to the mail as that person gets it (R9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from engine.domain.event import Event
from engine.domain.journey import Class
from engine.domain.message import Rendered
from engine.domain.person import Person
from engine.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class RenderContext:
    """Everything that a mail may say, and nothing else.

    `now` is an aware UTC instant and `zone` a valid IANA name, in which dates are shown. `event` is
    the one that started the run, `steps` the events that answered its `wait_for` steps, by step id.
    `voice` is the persona's with `voice_when` applied, or the company's where no persona fits; a
    `{first_name}` in it is still to be filled in. `links` holds `unsubscribe`, `preferences` and
    `why`. `locale` overrides the person's own. With `samples`, a missing value is the sample of
    its need: for previews only.
    """

    person: Person
    now: datetime
    zone: str = "UTC"
    event: Event | None = None
    steps: Mapping[str, Event] = field(default_factory=dict)
    journey: str = ""
    journey_title: str = ""
    persona: str = ""
    persona_title: str = ""
    voice: Mapping[str, str] = field(default_factory=dict)
    tone: str | None = None
    klass: Class = Class.MARKETING
    links: Mapping[str, str] = field(default_factory=dict)
    locale: str | None = None
    samples: bool = False


class NotRendered(Exception):
    """This one mail cannot be written for this one person; others are not concerned (R10.4)."""

    outcome: ClassVar[Reason]


class SkipMail(NotRendered):
    """The mail itself says that it is not for this person (R9.2). `reason` is in its own words."""

    outcome = Reason.SKIPPED_BY_MAIL

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MissingValue(NotRendered):
    """A value without a fallback is missing (R9.1). `path` is as a template spells it:
    `customer.birthday`, `event.total`, or the bare name of a need."""

    outcome = Reason.MISSING_VALUE

    def __init__(self, path: str) -> None:
        super().__init__(f"`{path}` is missing, and the mail has no word to say instead")
        self.path = path


class RenderFailed(NotRendered):
    """The template is wrong, or tries what no mail may do. `file` is its path below `templates/`,
    `line` is 1-based in that file and 0 where no line can be named."""

    outcome = Reason.RENDER_FAILED

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(place + message)
        self.message = message
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a rendered mail (R9.4). An error must not leave the house; a warning never
    holds a mail. `help` is one next action."""

    severity: Literal["error", "warning"]
    message: str
    help: str


class Renderer(Protocol):
    """Writes mails, and looks at what it wrote."""

    def render(self, mail: str, values: RenderContext) -> Rendered:
        """The mail `A/B` in the person's language.

        Raises:
            SkipMail: the mail is not for this person.
            MissingValue: a needed value is missing without a fallback.
            RenderFailed: the template is wrong; also when there is no such mail.
        """
        ...

    def inspect(self, mail: Rendered, klass: Class, links: Mapping[str, str]) -> list[Finding]:
        """Everything wrong with a rendered mail, errors first; `links` are those it was rendered
        with."""
        ...
