"""`simulate --out`: the mails of a simulation in a folder, with an index to look through."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from engine.adapters.gallery import Shown, write_gallery
from engine.adapters.mail.folder import FolderMailer
from engine.adapters.mail.ways_out import NoWaysOut
from engine.adapters.picture_links import beside
from engine.application.compose import Letter
from engine.application.letters import Letters, full_name
from engine.application.ports.renderer import NotRendered
from engine.application.simulate import Outcome, outcomes
from engine.application.world import Happening
from engine.bootstrap import Workshop, templates_of
from engine.domain import calendar
from engine.domain.changes import Queued
from engine.domain.errors import UsageError
from engine.domain.reasons import Reason
from engine.domain.zones import zone_of

_MARK = ".sincerely-simulation"


def write_mails(
    workshop: Workshop, happenings: Iterable[Happening], out: Path, journey: str | None
) -> list[Outcome]:
    """Write every mail that would leave below `out`, and `out/index.html`; what could not be written
    is dropped with its reason. With `journey` only that journey's mails are written.

    Links in these mails lead nowhere.

    Raises:
        UsageError: if `out` holds something else.
    """
    _prepare(out)
    folder = _Folder(workshop, out.resolve())
    found = [
        folder.take(outcome, happening)
        for happening in happenings
        for outcome in outcomes(happening)
        if journey in (None, outcome.journey)
    ]
    folder.shown.sort(key=lambda line: line.when)
    counts = Counter(outcome.outcome for outcome in found)
    write_gallery(
        out,
        f"{workshop.project.config.company.name}, simulated",
        [(what.replace("_", " "), f"{times:,}") for what, times in counts.most_common()],
        folder.shown,
    )
    return found


def _prepare(out: Path) -> None:
    if out.exists():
        if any(out.iterdir()) and not (out / _MARK).exists():
            raise UsageError(
                f"{out} holds something that is no simulation; nothing was written",
                help="name another folder with `--out DIR`",
            )
        shutil.rmtree(out)
    out.mkdir(parents=True)
    (out / _MARK).touch()


class _Folder:
    """Where the mails go, and the list of them."""

    def __init__(self, workshop: Workshop, out: Path) -> None:
        project, pictures = workshop.project, workshop.pictures
        self.out = out
        self.shown: list[Shown] = []
        self._letters = Letters(
            project, project.rulebook, templates_of(project, pictures), NoWaysOut()
        )
        site = project.config.company.site or ""
        self._mailer = FolderMailer(out, with_pictures=beside(pictures, site, out))

    def take(self, outcome: Outcome, happening: Happening) -> Outcome:
        """List an outcome; write its mail where one would leave."""
        subject, path = "", ""
        if outcome.outcome == "sent":
            queued = next(
                change
                for change in happening.changes
                if isinstance(change, Queued)
                and (change.run.journey, change.sent.step) == (outcome.journey, outcome.step)
            )
            try:
                subject, path = self._write(queued, happening)
            except NotRendered as failure:
                outcome = replace(outcome, outcome="dropped", reason=failure.outcome.value)
        if outcome.mail and outcome.outcome != "postponed":
            self.shown.append(
                Shown(
                    self._when(happening),
                    full_name(happening.facts.person) or outcome.person,
                    outcome.journey,
                    outcome.mail,
                    subject,
                    path,
                    "" if path else _meaning(outcome.reason),
                )
            )
        return outcome

    def _write(self, queued: Queued, happening: Happening) -> tuple[str, str]:
        letter = Letter(
            mail=queued.sent.mail,
            journey=self._letters.rules.journeys[queued.run.journey],
            entry=queued.entry,
            answers=queued.run.answers,
            tone=queued.tone,
        )
        message, _ = self._letters.write(
            queued.send_id, letter, happening.facts, happening.at, queued.sender
        )
        place = Path(self._mailer.send(message, happening.at).provider_id).with_suffix(".html")
        return message.subject, str(place.relative_to(self.out))

    def _when(self, happening: Happening) -> str:
        zone = zone_of(happening.facts.person, self._letters.rules)[0]
        return f"{calendar.local(happening.at, zone):%Y-%m-%d %H:%M}"


def _meaning(reason: str) -> str:
    return Reason(reason).meaning if reason in set(Reason) else reason
