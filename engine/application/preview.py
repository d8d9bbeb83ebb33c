"""A draft as one customer would get it, and what the gate would decide (R7.1).

Written by the same letters as the mail that leaves, and asked at the same gate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from engine.application.care import doubts_of
from engine.application.compose import Letter
from engine.application.letters import Letters
from engine.application.ports.renderer import Finding as Concern
from engine.application.ports.renderer import MissingValue, SkipMail
from engine.application.wordings import ways_of
from engine.domain.answer import persona_of
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import GROUPS
from engine.domain.errors import UsageError
from engine.domain.event import Event, Value
from engine.domain.facts import Facts, Rulebook
from engine.domain.ids import run_id, send_id
from engine.domain.index import holding
from engine.domain.journey import Class, Journey, Send, Status, WhenEvent
from engine.domain.message import Message, Rendered
from engine.domain.mood import mood_of
from engine.domain.person import Person
from engine.domain.policy import Candidate, Verdict, policy
from engine.domain.run import Run
from engine.domain.segment import Persona
from engine.domain.zones import zone_of
from engine.language.care import read
from engine.language.care.doubt import Doubt
from engine.language.project import Project


@dataclass(frozen=True, slots=True)
class Target:
    """The mail to look at, and the step that sends it, where one does."""

    mail: str
    journey: Journey | None = None
    step: Send | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What was written, and all there is to say of it.

    `would` says what becomes of the mail in life although it could be shown here (a missing value, a
    `skip_mail`); empty where it would leave as shown. `verdict` is None for a mail that no journey
    sends. `doubts` are those of the care checks. `told_apart` is for a tone that is a group (`upset`):
    which of its emotions read the same words, where not all of them do.
    """

    target: Target
    message: Message
    rendered: Rendered
    facts: Facts
    at: datetime
    zone: str
    persona: str
    tone: str
    verdict: Verdict | None
    concerns: Sequence[Concern]
    would: str = ""
    doubts: Sequence[Doubt] = ()
    told_apart: Sequence[Sequence[str]] = ()


def target_of(rules: Rulebook, name: str) -> Target:
    """The target by its name: a mail (`onboarding/welcome`) or a step (`onboarding:welcome`).

    Raises:
        UsageError: if there is neither, with the nearest name.
    """
    steps = {
        f"{journey.name}:{node.id}": Target(node.mail, journey, node)
        for journey in rules.journeys.values()
        for node in journey.nodes.values()
        if isinstance(node, Send)
    }
    if name in steps:
        return steps[name]
    if name in rules.mails:
        sends = [target for target in steps.values() if target.mail == name]
        return sends[0] if sends else Target(name)
    near = get_close_matches(name, [*rules.mails, *steps], n=1)
    raise UsageError(
        f"there is no mail and no step `{name}`",
        help=f"did you mean `{near[0]}`?" if near else "a mail is named like `onboarding/welcome`",
    )


def persona_facts(persona: Persona | None, target: Target, rules: Rulebook, now: datetime) -> Facts:
    """A persona's sample person, who agreed to this kind of mail; without a persona, somebody of
    whom nothing is known."""
    attributes: Mapping[str, Value] = persona.sample if persona else {}
    name = str(attributes.get("first_name", "somebody")).lower()
    address = f"{name}@example.com" if name.isascii() and name.isalnum() else "somebody@example.com"
    topic = target.journey.category if target.journey else ""
    consents = (ConsentEntry(topic, "express", now, confirmed=True, own_act=True),)
    person = Person("sample", address, address, attributes, created_at=now)
    return Facts(person=person, consents=consents)


def preview(
    letters: Letters,
    target: Target,
    facts: Facts,
    now: datetime,
    *,
    runs: Sequence[Run] = (),
    persona: str | None = None,
    entry: Mapping[str, Value] | None = None,
    tone: str | None = None,
    locale: str | None = None,
    invented: bool = False,
) -> Preview:
    """Write the mail for the person of `facts` as of `now`, and ask the gate.

    `entry` are the properties of the event that started the run; without it, the person's own run, or
    their last event of that kind. For an `invented` person the samples of the mail's front matter
    fill every gap; for a real one they only do so where the mail could not be written otherwise.

    Raises:
        SkipMail, RenderFailed: as the renderer says.
    """
    run = _run(target, facts, runs, now, entry)
    letter = Letter(
        mail=target.mail,
        journey=target.journey,
        entry=run.entry if run else None,
        answers=run.answers if run else {},
        tone=tone or (target.step.tone if target.step else None),
        locale=locale,
        persona=persona,
        samples=invented,
    )
    send = send_id(run.id, target.step.id) if run and target.step else send_id("preview", "mail")
    sender = target.step.sender if target.step else None
    would = ""
    try:
        message, rendered = letters.write(send, letter, facts, now, sender)
    except MissingValue as missing:
        would = f"it would wait and need attention: {missing}"
        letter = replace(letter, samples=True)
        message, rendered = letters.write(send, letter, facts, now, sender)
    except SkipMail as skipped:
        would = f"it would not be sent: {skipped.reason}"
        letter = replace(letter, samples=True)
        message, rendered = letters.write(send, letter, facts, now, sender)
    fits = persona_of(facts, letters.rules, now)
    klass = Class(message.klass)
    header = letters.rules.mails.get(target.mail)
    spoken = (header.tone if header else None) or letter.tone or mood_of(facts, letters.rules, now)
    return Preview(
        target=target,
        message=message,
        rendered=rendered,
        facts=facts,
        at=now,
        zone=zone_of(facts.person, letters.rules)[0],
        persona=persona or (fits.name if fits else ""),
        tone=spoken or "",
        verdict=_ask(target, run, facts, runs, letters.rules, now),
        concerns=letters.renderer.inspect(rendered, klass, letters.ways_out.links(send)),
        would=would,
        doubts=doubts_of(target.mail, rendered, klass, spoken, letters.project, read),
        told_apart=_told_apart(target.mail, spoken or "", letters.project),
    )


def _told_apart(mail: str, tone: str, project: Project) -> list[list[str]]:
    """The emotions of a group of tones, by the words that they read; empty where all read the same."""
    emotions = GROUPS.get(tone, ())
    file = next(iter(project.templates[mail].values()))
    groups = [
        [emotion for emotion in emotions if emotion in group]
        for group in ways_of(file, project).tones
    ]
    kinds = [group for group in groups if group]
    return kinds if len(kinds) > 1 else []


def _run(
    target: Target,
    facts: Facts,
    runs: Sequence[Run],
    now: datetime,
    entry: Mapping[str, Value] | None,
) -> Run | None:
    """The run that the mail belongs to: the person's own, or one as if it came to the step now."""
    journey, step = target.journey, target.step
    if journey is None or step is None:
        return None
    own = [run for run in runs if run.journey == journey.name]
    event = _entry(journey, facts, now, entry)
    if own and entry is None:
        return replace(own[-1], step=step.id, ended_at=None, because=None, goal_at=None)
    return Run(
        id=run_id(journey.name, facts.person.id, "preview"),
        journey=journey.name,
        person=facts.person.id,
        entry_key="preview",
        entered_at=now,
        version=journey.version,
        step=step.id,
        since=now,
        entry=event,
    )


def _entry(
    journey: Journey, facts: Facts, now: datetime, entry: Mapping[str, Value] | None
) -> Event | None:
    trigger = journey.enter.trigger
    name = trigger.event if isinstance(trigger, WhenEvent) else "preview"
    if entry is not None:
        return Event("preview", name, now, entry, source="preview")
    happened = [event for event in facts.history.named(name) if event.at <= now]
    return happened[-1] if happened else None


def _ask(
    target: Target,
    run: Run | None,
    facts: Facts,
    runs: Sequence[Run],
    rules: Rulebook,
    now: datetime,
) -> Verdict | None:
    """What the gate would decide if the run came to the step now; a draft is asked as if it were live."""
    journey, step = target.journey, target.step
    if journey is None or step is None or run is None:
        return None
    category = rules.policy.categories.get(journey.category)
    if category is None:
        return None
    if journey.status is Status.DRAFT:
        journey = replace(journey, status=Status.LIVE)
    candidate = Candidate(run, journey, step, category, now)
    return policy(candidate, facts, rules, now, held_by=holding(rules, runs))


def asked_now(
    target: Target, facts: Facts, runs: Sequence[Run], rules: Rulebook, now: datetime
) -> Verdict | None:
    """What the gate would decide of a target now; None for a mail that no journey sends."""
    return _ask(target, _run(target, facts, runs, now, None), facts, runs, rules, now)
