"""The demo's work: everybody's past walked on all cores, their mails written into a folder."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.adapters.db.past import Lived
from engine.adapters.gallery import Shown
from engine.application.compose import Letter
from engine.application.letters import Letters, full_name
from engine.application.ports.mailer import Mailer
from engine.application.ports.renderer import NotRendered, SkipMail
from engine.application.simulate import Party, Simulation, outcomes
from engine.application.world import Happening
from engine.domain import calendar
from engine.domain.changes import Change, Moved, Queued
from engine.domain.event import Event
from engine.domain.reasons import Reason
from engine.domain.turn import Turn
from engine.domain.zones import zone_of

_AT_ONCE = 40
_HELD = ("dropped", "ghost")
_WAITS = (Reason.HOLD_WHEN, Reason.OPEN_TICKET, Reason.IN_CARE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of somebody's story: what happened to them, and when (local wall time as text)."""

    when: str
    what: str


@dataclass(slots=True)
class Walked:
    """What became of some people: to store, to show, to count, and their stories by person id. `waited` has
    the messages (person and step) that a mood or an open ticket held for a while, by reason, and
    `by_message` counts those handed to a human because of what they wrote."""

    lived: list[Lived] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    waited: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    handed: int = 0
    by_message: int = 0
    stories: dict[str, list[Line]] = field(default_factory=dict)
    mail_events: list[tuple[str, Event]] = field(default_factory=list)

    def add(self, other: Walked) -> None:
        """Take another part in."""
        self.lived += other.lived
        self.shown += other.shown
        self.sent += other.sent
        self.held += other.held
        self.reached += other.reached
        for reason, messages in other.waited.items():
            self.waited.setdefault(reason, set()).update(messages)
        self.handed += other.handed
        self.by_message += other.by_message
        self.stories |= other.stories
        self.mail_events += other.mail_events


@dataclass(slots=True)
class Walk:
    """A simulation whose mails are written and handed to `mailer`, a folder below `out`."""

    simulation: Simulation
    letters: Letters
    mailer: Mailer
    out: Path

    def all(self, progress: Callable[[int], None]) -> Walked:
        """Walk everybody, on all cores where the system can fork; `progress` counts the people."""
        global _walk
        _walk = self
        parties = len(self.simulation.parties)
        chunks = [range(i, min(i + _AT_ONCE, parties)) for i in range(0, parties, _AT_ONCE)]
        total = Walked()
        for part in _mapped(chunks):
            total.add(part)
            progress(len(total.lived))
        return total

    def some(self, numbers: Sequence[int]) -> Walked:
        """Walk the parties of these numbers."""
        walked = Walked()
        for number in numbers:
            self._party(self.simulation.parties[number], walked)
        return walked

    def _party(self, party: Party, walked: Walked) -> None:
        changes: dict[str, list[Change]] = {}
        delivered: dict[str, dict[str, str]] = {}
        failed: dict[str, dict[str, Reason]] = {}
        for happening in self.simulation.walk(party):
            person = happening.facts.person.id
            changes.setdefault(person, []).extend(happening.changes)
            self._count(happening, walked)
            for change in happening.changes:
                if isinstance(change, Queued) and not change.sent.ghost and not change.shadow:
                    went = self._deliver(change, happening, walked)
                    if isinstance(went, Reason):
                        failed.setdefault(person, {})[change.send_id] = went
                    else:
                        delivered.setdefault(person, {})[change.send_id] = went
        for person, walker in party.walkers.items():
            turn = Turn(walker.life, tuple(changes.get(person, ())), walker.due_at)
            walked.lived.append(
                Lived(person, turn, delivered.get(person, {}), failed.get(person, {}))
            )
            sent = walker.life.facts.history.named("mail.sent")
            never = {f"mail.sent:{send_id}" for send_id in failed.get(person, ())}
            walked.mail_events += [(person, event) for event in sent if event.id not in never]

    def _deliver(self, queued: Queued, happening: Happening, walked: Walked) -> str | Reason:
        """Write one mail: its path, or why it was not written."""
        at, facts = happening.at, happening.facts
        letter = Letter(
            mail=queued.sent.mail,
            journey=self.letters.rules.journeys[queued.run.journey],
            entry=queued.entry,
            answers=queued.run.answers,
            tone=queued.tone,
        )
        try:
            message, rendered = self.letters.write(queued.send_id, letter, facts, at, queued.sender)
        except NotRendered as failure:
            walked.held[failure.outcome.value] += 1
            reason = failure.reason if isinstance(failure, SkipMail) else str(failure)
            walked.shown.append(self._line(happening, queued, "", reason=reason))
            return failure.outcome
        place = self.mailer.send(message, at).provider_id
        path = Path(place).with_suffix(".html")
        walked.sent[queued.run.journey, queued.sent.mail] += 1
        shown = self._line(happening, queued, rendered.subject, str(path.relative_to(self.out)))
        walked.shown.append(shown)
        story = walked.stories.setdefault(facts.person.id, [])
        story.append(Line(shown.when, f"got “{rendered.subject}” ({queued.sent.mail})"))
        return place

    def _count(self, happening: Happening, walked: Walked) -> None:
        person = happening.facts.person
        story = walked.stories.setdefault(person.id, [])
        for one in outcomes(happening):
            if one.outcome in _HELD:
                walked.held[one.reason] += 1
                walked.shown.append(
                    Shown(
                        self._when(happening),
                        full_name(person),
                        one.journey,
                        one.mail,
                        "",
                        reason=_meaning(one.reason),
                    )
                )
            elif one.outcome == "postponed" and one.reason in _WAITS:
                walked.waited.setdefault(one.reason, set()).add(
                    (person.id, f"{one.journey}/{one.step}")
                )
            elif one.outcome == "handed_over":
                walked.handed += 1
                walked.by_message += not one.journey
                story.append(Line(self._when(happening), f"a human is asked to call: {one.reason}"))
        for what in _ends(happening):
            walked.reached[what] += 1
            story.append(Line(self._when(happening), f"reached the goal of {what}"))

    def _line(
        self, happening: Happening, queued: Queued, subject: str, path: str = "", reason: str = ""
    ) -> Shown:
        return Shown(
            self._when(happening),
            full_name(happening.facts.person),
            queued.run.journey,
            queued.sent.mail,
            subject,
            path,
            reason,
        )

    def _when(self, happening: Happening) -> str:
        return wall(happening.at, zone_of(happening.facts.person, self.letters.rules)[0])


def wall(at: datetime, zone: str) -> str:
    """Local wall time to the minute."""
    return f"{calendar.local(at, zone):%Y-%m-%d %H:%M}"


def _ends(happening: Happening) -> Iterator[str]:
    for change in happening.changes:
        if isinstance(change, Moved) and change.run.goal_at == happening.at:
            yield change.run.journey


def _meaning(reason: str) -> str:
    return Reason(reason).meaning if reason in set(Reason) else reason


_walk: Walk | None = None
"""What forked workers find; nothing of it has to be sent to them."""


def _mapped(chunks: Sequence[Sequence[int]]) -> Iterator[Walked]:
    cores = os.cpu_count() or 1
    if cores == 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(_some, chunks)
        return
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        yield from pool.imap_unordered(_some, chunks)


def _some(numbers: Sequence[int]) -> Walked:
    assert _walk is not None
    return _walk.some(numbers)
