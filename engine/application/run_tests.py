"""Journey tests: the production code with a virtual clock, one invented person, in memory.

Only the journey under test runs, and the journeys that it starts. A draft is tested as if it were
live. Every other journey of the project is left out, so that a test says what its own file says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import groupby

from engine.application.compose import NOWHERE, Letter, compose
from engine.application.ports.renderer import NotRendered, Renderer
from engine.application.world import Happening, Walker, walk
from engine.domain import calendar
from engine.domain.arrival import (
    Arrival,
    ConsentArrived,
    EventArrived,
    MessageRead,
    PersonArrived,
)
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import GROUPS, by_hand
from engine.domain.event import Event, Value
from engine.domain.experiment import held_out
from engine.domain.facts import Facts, Rulebook
from engine.domain.journey import Every, Journey, OnDate, StartJourney, Status
from engine.domain.message_mood import MessageMood
from engine.domain.person import Person
from engine.domain.profile import hand_written
from engine.domain.turn import Moved, Queued, TaskOpened, Traced
from engine.domain.values import MICROSECOND
from engine.domain.zones import zone_of
from engine.language.project import Project
from engine.language.test_file import Given, GivenPerson, JourneyTest, JourneyTests, When

_LATE = time(23, 59)
_LONG = timedelta(days=730)
"""How long a test goes on after its last line, so that `emails` can say `exactly these`."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of one test. `differences` are sentences, empty if it passed."""

    __test__ = False

    journey: str
    name: str
    file: str
    line: int
    differences: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def run_tests(
    project: Project, renderer: Renderer, files: Sequence[JourneyTests] | None = None
) -> Iterator[TestResult]:
    """Run the tests of a project, or only those of `files`, one after the other."""
    for tests in project.tests if files is None else files:
        rules = _only(project.rulebook, tests.journey)
        for test in tests.tests:
            play = _Play(project, rules, tests, test, renderer)
            yield TestResult(tests.journey, test.name, test.file, test.line, play.differences())


def _only(rules: Rulebook, name: str) -> Rulebook:
    """The rulebook with the journey under test and those it starts, all of them live."""
    wanted: dict[str, Journey] = {}
    waiting = [name]
    while waiting:
        journey = rules.journeys.get(waiting.pop())
        if journey is None or journey.name in wanted:
            continue
        wanted[journey.name] = replace(journey, status=Status.LIVE)
        waiting += [n.journey for n in journey.nodes.values() if isinstance(n, StartJourney)]
    return replace(rules, journeys=wanted, paused=False, paused_journeys=frozenset())


class _Play:
    """One test, played once."""

    def __init__(
        self,
        project: Project,
        rules: Rulebook,
        tests: JourneyTests,
        test: JourneyTest,
        renderer: Renderer,
    ) -> None:
        self.project = project
        self.rules = rules
        self.journey = rules.journeys.get(tests.journey)
        self.test = test
        self.renderer = renderer
        self.given = _merged(tests.given_person, test.given)
        self.starts = test.given.starts or tests.starts
        self.person = self._invent()
        self.zone = zone_of(self.person, rules)[0]

    def differences(self) -> tuple[str, ...]:
        """Everything that came out otherwise than expected, as sentences."""
        if self.journey is None:
            return (f"there is no journey `{self.test.file}` could test",)
        story = list(self._happenings())
        found = [
            *self._emails(story),
            *self._never(story),
            *self._tasks(story),
            *self._end(story),
        ]
        return (*found, *self._moods_not_kept()) if found else ()

    # what happens

    def _invent(self) -> Person:
        """The person, with an address that is in no hold-out, unless the test names one."""
        persona = next((p for p in self.rules.personas if p.name == self.given.like), None)
        attributes = {**(persona.sample if persona else {}), **self.given.attributes}
        person_id = str(attributes.pop("id", "test-person"))
        email = attributes.pop("email", None)
        mailbox = str(email) if email else self._outside_hold_out(person_id)
        return Person(person_id, mailbox, mailbox.lower(), attributes)

    def _outside_hold_out(self, person_id: str) -> str:
        names = (f"{person_id}{number or ''}@example.com" for number in range(10_000))
        journeys = self.rules.journeys.values()
        return next(
            name for name in names if not any(held_out(self.rules, j, name) for j in journeys)
        )

    def _instant(self, day: int, at: time) -> datetime:
        wall = datetime.combine(self.starts.date() + timedelta(days=day), at)
        return calendar.instant(wall, self.zone)

    def _happenings(self) -> Iterator[Happening]:
        lines = sorted(self.test.when, key=lambda line: (line.day, line.time))
        start = calendar.instant(self.starts, self.zone)
        times = [start, *(self._instant(line.day, line.time) for line in lines)]
        begin = min(times) - timedelta(seconds=1)
        walkers: dict[str, Walker] = {}
        tasks: list[str] = []

        def until(moment: datetime, arrivals: Sequence[Arrival]) -> Iterator[Happening]:
            for happening in walk(self.rules, walkers, arrivals, moment):
                tasks.extend(c.id for c in happening.changes if isinstance(c, TaskOpened))
                yield happening

        yield from until(begin, list(self._beginning(begin)))
        for (day, at), together in groupby(lines, key=lambda line: (line.day, line.time)):
            now = self._instant(day, at)
            yield from until(now - MICROSECOND, ())
            arrivals = [a for line in together for a in self._arrivals(line, now, tasks)]
            yield from until(now, arrivals)
        last = max([*times, *self._expected_times()])
        yield from until(last + self._tail(), ())

    def _beginning(self, at: datetime) -> Iterator[Arrival]:
        person = self.person
        yield PersonArrived(person.id, person.email, person.mailbox, person.attributes, at)
        yield from self._consents(self.given.consent, at)

    def _consents(self, consents: Mapping[str, str], at: datetime) -> Iterator[Arrival]:
        for topic, word in consents.items():
            if word == "given":
                entry = ConsentEntry(topic, "express", at, confirmed=True, own_act=True)
            elif word == "pending":
                entry = ConsentEntry(topic, "pending", at, own_act=True)
            elif word == "unsubscribed":
                entry = ConsentEntry(topic, "unsubscribed", at, own_act=True)
            else:
                continue
            yield ConsentArrived(self.person.id, entry)

    def _arrivals(self, line: When, now: datetime, tasks: Sequence[str]) -> Iterator[Arrival]:
        who = self.person.id
        place = f"{self.test.file}:{line.line}"
        if line.kind == "event":
            yield EventArrived(who, Event(place, line.name, now, line.payload, source="test"))
        elif line.kind == "message":
            config = self.rules.emotion
            moods = {
                GROUPS.get(emotion, (emotion,))[0]: by_hand(str(level), config)
                for emotion, level in line.payload.items()
                if emotion not in ("urgent", "sensitive")
            }
            mood = hand_written(place, now, moods)
            if line.payload.get("sensitive"):
                mood = MessageMood(place, now, mood.source, sensitive=True)
            elif line.payload.get("urgent"):
                mood = replace(mood, urgency=1.0)
            yield MessageRead(who, mood, config)
            properties: dict[str, Value] = {"source": "reply", "text": line.name}
            yield EventArrived(who, Event(place, "feedback.received", now, properties, "test"))
        elif line.kind == "person":
            yield PersonArrived(who, None, None, line.payload, now)
            yield from self._consents(line.consent, now)
        elif tasks:
            yield EventArrived(who, Event(place, "task.done", now, {"task": tasks[-1]}, "test"))

    def _expected_times(self) -> list[datetime]:
        expect = self.test.expect
        days = [(mail.day, mail.time) for mail in expect.emails or ()]
        days += [(task.day, task.time or _LATE) for task in expect.handed_to or () if task.day]
        if expect.ends is not None and expect.ends.day is not None:
            days.append((expect.ends.day, expect.ends.time or _LATE))
        return [self._instant(day, at) for day, at in days]

    def _tail(self) -> timedelta:
        """How long to go on: long, but not so long that the next round of a schedule comes."""
        assert self.journey is not None
        trigger = self.journey.enter.trigger
        if isinstance(trigger, Every):
            return timedelta(hours=20) if trigger.weekday is None else timedelta(days=6)
        if isinstance(trigger, OnDate) and trigger.yearly:
            return timedelta(days=363)
        return _LONG

    # what was expected

    def _emails(self, story: Sequence[Happening]) -> Iterator[str]:
        if self.test.expect.emails is None:
            return
        sent = [
            (happening, change)
            for happening in story
            for change in happening.changes
            if isinstance(change, Queued) and not change.sent.ghost and not change.shadow
        ]
        expected = list(self.test.expect.emails)
        for place in range(max(len(sent), len(expected))):
            wanted = expected[place] if place < len(expected) else None
            came = sent[place] if place < len(sent) else None
            if wanted is None and came is not None:
                yield f"nobody expected `{came[1].sent.mail}` on {self._day(came[0].at)}"
            elif wanted is not None and came is None:
                when = _wall(wanted.day, wanted.time)
                why = self._why(story, wanted.email)
                yield f"`{wanted.email}` never left; it was expected on {when}{why}"
            elif wanted is not None and came is not None:
                yield from self._email(
                    wanted.email,
                    self._instant(wanted.day, wanted.time),
                    wanted.subject_has,
                    came[1],
                    came[0],
                )

    def _email(
        self, email: str, at: datetime, words: str | None, queued: Queued, happening: Happening
    ) -> Iterator[str]:
        mail, when = queued.sent.mail, happening.at
        if mail != email:
            yield f"expected `{email}` on {self._day(at)}, but `{mail}` left on {self._day(when)}"
        elif when.replace(second=0, microsecond=0) != at:
            yield f"`{email}` left on {self._day(when)}; it was expected on {self._day(at)}"
        elif words is not None:
            yield from self._subject(words, queued, happening.facts, when)

    def _subject(self, words: str, queued: Queued, facts: Facts, at: datetime) -> Iterator[str]:
        letter = Letter(
            mail=queued.sent.mail,
            journey=self.rules.journeys[queued.run.journey],
            entry=queued.entry,
            answers=queued.run.answers,
            tone=queued.tone,
            links=NOWHERE,
            samples=True,
        )
        voice = self.project.config.company.voice
        try:
            subject = self.renderer.render(
                letter.mail, compose(letter, facts, self.rules, voice, at)
            ).subject
        except NotRendered as error:
            yield f"`{letter.mail}` could not be written: {error}"
            return
        if words not in subject:
            yield f"the subject of `{letter.mail}` is “{subject}”; it should have “{words}” in it"

    def _moods_not_kept(self) -> Iterator[str]:
        """A mood written by hand is kept only with consent, like any other (R5.10)."""
        agreed = [self.given.consent, *(line.consent for line in self.test.when)]
        if any(consents.get("profiling_emotion") == "given" for consents in agreed):
            return
        for line in self.test.when:
            if line.kind == "message" and line.payload:
                yield (
                    f"the mood of day {line.day} {line.time:%H:%M} was not kept, for the person never "
                    "agreed to it: add `profiling_emotion: given` to `consent`"
                )

    def _never(self, story: Sequence[Happening]) -> Iterator[str]:
        for happening in story:
            for change in happening.changes:
                if isinstance(change, Queued) and change.sent.mail in self.test.expect.never:
                    yield f"`{change.sent.mail}` must never leave; it did on {self._day(happening.at)}"

    def _tasks(self, story: Sequence[Happening]) -> Iterator[str]:
        expected = self.test.expect.handed_to
        if expected is None:
            return
        opened = [c for h in story for c in h.changes if isinstance(c, TaskOpened)]
        for place, wanted in enumerate(expected):
            if place >= len(opened):
                yield f"nothing was handed to `{wanted.team}`"
                continue
            task = opened[place]
            at = None if wanted.day is None else self._instant(wanted.day, wanted.time or time())
            if task.team != wanted.team:
                yield f"handed to `{task.team}`; `{wanted.team}` was expected"
            elif at is not None and wanted.time is not None and _minute(task.at) != at:
                yield f"handed to `{task.team}` on {self._day(task.at)}; expected {self._day(at)}"
        for task in opened[len(expected) :]:
            yield f"nobody expected a task for `{task.team}` on {self._day(task.at)}"

    def _end(self, story: Sequence[Happening]) -> Iterator[str]:
        wanted = self.test.expect.ends
        if wanted is None:
            return
        ended = [
            c.run
            for h in story
            for c in h.changes
            if isinstance(c, Moved) and c.run.ended_at and c.run.journey == self.test_journey
        ]
        if not ended or ended[-1].ended_at is None:
            yield "the journey did not end"
            return
        run, at = ended[-1], ended[-1].ended_at
        because = "end" if run.because == "finished" else str(run.because)
        if wanted.because is not None and because != wanted.because:
            yield f"the journey ended because of `{because}`; `{wanted.because}` was expected"
        if wanted.day is not None and wanted.time is not None:
            expected = self._instant(wanted.day, wanted.time)
            if _minute(at) != expected:
                yield f"the journey ended on {self._day(at)}; {self._day(expected)} was expected"

    @property
    def test_journey(self) -> str:
        """The name of the journey under test."""
        return self.journey.name if self.journey else ""

    def _why(self, story: Sequence[Happening], mail: str) -> str:
        """What the trace says of a mail that did not leave."""
        lines = [
            (h.at, c.reason)
            for h in story
            for c in h.changes
            if isinstance(c, Traced) and c.reason is not None and c.detail.get("mail") == mail
        ]
        if not lines:
            return ""
        at, reason = lines[-1]
        return f". On {self._day(at)}: {reason.meaning} ({reason.value})" if reason else ""

    def _day(self, at: datetime) -> str:
        wall = calendar.local(at, self.zone)
        return _wall((wall.date() - self.starts.date()).days, wall.time())


def _wall(day: int, at: time) -> str:
    return f"day {day} {at:%H:%M}"


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _merged(person: GivenPerson, given: Given) -> GivenPerson:
    change = given.person
    if change is None:
        return person
    return GivenPerson(
        like=change.like or person.like,
        attributes={**person.attributes, **change.attributes},
        consent={**person.consent, **change.consent},
    )
