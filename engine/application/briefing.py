"""What a person of the team needs to know before they call somebody (R2.7).

The words of the journey and of its briefing mail come first, then what the store knows: who it is,
what happened, how they feel, what they bought, and what we wrote. Moods may be told here, to people who
help; never to the customers themselves (R6.6), and never without their consent (R5.10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from engine.application.compose import Letter, compose
from engine.application.heard import heard_in
from engine.application.letters import Letters, full_name
from engine.application.mood_portrait import mood_portrait
from engine.application.ports.renderer import NotRendered
from engine.application.ports.tasks import Task
from engine.domain.answer import stage_of
from engine.domain.calendar import local
from engine.domain.care import BECAUSE, REPLY, WAITS, messages_of, until_of
from engine.domain.engine_events import ANSWER_NEEDED, FEEDBACK
from engine.domain.event import Event
from engine.domain.facts import Facts
from engine.domain.lifecycle import counting_orders
from engine.domain.reply_text import ANSWERS
from engine.domain.run import Run

_SHOWN = 5
_LONGEST = 300
_OUR_MARKS = frozenset({"thread", "message_id", "send_id"})
"""Properties that tell a person nothing."""
SENSITIVE_FIRST = (
    "Read it before anything else, and write as one human to another; nothing is advertised to them"
    " until this task is closed."
)
NOBODY = "The person asked for erasure; there is nobody to write to any more."


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines, plain text."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """A subject, and sections in the order in which somebody in a hurry reads."""

    subject: str
    sections: tuple[Section, ...]


def briefing_of(
    task: Task, facts: Facts | None, run: Run | None, letters: Letters, now: datetime
) -> Briefing:
    """The briefing of a task as of `now`; times are in the zone of the business.

    `facts` are None for somebody who was erased. A briefing mail that cannot be written says so and
    stops nothing: the task needs somebody all the same.
    """
    zone, opened = letters.rules.company_zone, task.opened
    until = f", answer until {_at(opened.until, zone)}" if opened.until else ""
    asked = f"{opened.urgency}{until}; since {_at(opened.at, zone)}" + (
        f" ({opened.journey}/{opened.step})" if opened.journey else ""
    )
    because = opened.because or "A journey asks for a person."
    first = (because, *((SENSITIVE_FIRST,) if opened.sensitive else ()))
    heard = _heard(task, facts, zone) if facts is not None else ()
    sections = [Section("Why", (*first, *heard, f"Urgency: {asked}"))]
    if facts is None:
        return Briefing(because, (*sections, Section("Who", (NOBODY,))))
    name = full_name(facts.person) or facts.person.id
    subject, words = _own_words(task, facts, run, letters, now)
    sections += [
        Section("What to know", words),
        Section("What they wrote", _written(task, facts, zone)),
        Section("Answer them", _answers(task, facts)),
        Section("Who", _who(facts, letters, now)),
        Section("What happened", _happened(facts, run, zone)),
        Section("How they feel", _moods(facts, letters, now)),
        Section("What they bought", _bought(facts, letters, now)),
        Section("What we wrote", _wrote(facts, zone)),
    ]
    return Briefing(subject or f"{because}: {name}", tuple(s for s in sections if s.lines))


def _own_words(
    task: Task, facts: Facts, run: Run | None, letters: Letters, now: datetime
) -> tuple[str, tuple[str, ...]]:
    """Subject and text of the briefing mail that the journey names."""
    mail = task.opened.briefing
    if mail is None:
        return "", ()
    letter = Letter(
        mail=mail,
        journey=letters.rules.journeys.get(task.opened.journey),
        entry=run.entry if run else None,
        answers=run.answers if run else {},
        locale=letters.project.config.company.locales[0],
    )
    voice = letters.project.config.company.voice
    try:
        rendered = letters.renderer.render(mail, compose(letter, facts, letters.rules, voice, now))
    except NotRendered as failed:
        return "", (f"The briefing {mail} could not be written: {failed}",)
    return rendered.subject, tuple(line for line in rendered.text.splitlines() if line.strip())


def _who(facts: Facts, letters: Letters, now: datetime) -> tuple[str, ...]:
    person, rules = facts.person, letters.rules
    known = {
        "address": person.mailbox or "none",
        "customer": person.id,
        **{name: person.attributes.get(name) for name in ("phone", "locale", "country")},
        "stage": stage_of(facts, rules, now),
    }
    said = [f"{word} {value}" for word, value in known.items() if value]
    return (full_name(person) or "No name is known.", ", ".join(said))


def _written(task: Task, facts: Facts, zone: str) -> tuple[str, ...]:
    """The messages that the task is about, word by word, while their words are kept."""
    return tuple(_message(event, zone) for event in reversed(_messages(task, facts)))


def _messages(task: Task, facts: Facts) -> list[Event]:
    about = messages_of(task.opened.id, facts.history)
    return [event for event in facts.history.named(FEEDBACK) if event.id in about]


def _message(event: Event, zone: str) -> str:
    said = event.properties
    answers = f", an answer to {said['mail']}" if "mail" in said else ""
    more = f", with {said['attachments']} attached, not kept" if "attachments" in said else ""
    words = (
        f"\u201c{_short(said['text'])}\u201d"
        if said.get("text")
        else "(the words are no longer kept)"
    )
    return f"{_at(event.at, zone)}{answers}{more} {words}"


def _heard(task: Task, facts: Facts, zone: str) -> tuple[str, ...]:
    """What else the messages of the task ask, until when, and the words by which each was understood."""
    about = messages_of(task.opened.id, facts.history)
    lines = []
    for event in facts.history.named(ANSWER_NEEDED):
        said = event.properties
        if said.get("message") not in about:
            continue
        why = WAITS.get(str(said.get("why")), BECAUSE)
        lines += [why] if why != task.opened.because else []
        until = until_of(event)
        if until is not None:
            lines.append(f"The law wants it done by {_at(until, zone)}")
        lines.append(heard_in(event, facts))
    return tuple(line for line in lines if line)


def _answers(task: Task, facts: Facts) -> tuple[str, ...]:
    """A link that opens an answer to the newest reply, in its thread (RFC 6068)."""
    replies = [one for one in _messages(task, facts) if one.properties.get("source") == REPLY]
    if not replies or not facts.person.mailbox:
        return ()
    said = replies[-1].properties
    subject = str(said.get("subject", ""))
    fields = {
        "subject": subject if ANSWERS.match(subject) else f"Re: {subject}",
        "In-Reply-To": str(said.get("message_id", "")),
    }
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items() if value)
    return (f"mailto:{quote(facts.person.mailbox, safe='@')}?{asked}",)


def _happened(facts: Facts, run: Run | None, zone: str) -> tuple[str, ...]:
    """What started the journey, and the latest news from outside, the newest first."""
    entry = [run.entry] if run and run.entry else []
    outside = [
        event for event in facts.history if event.source != "engine" and event.name != ANSWER_NEEDED
    ][: -_SHOWN - 1 : -1]
    known = {(event.source, event.id) for event in entry}
    latest = [event for event in outside if (event.source, event.id) not in known]
    return tuple(_event(event, zone) for event in (*entry, *latest))


def _moods(facts: Facts, letters: Letters, now: datetime) -> tuple[str, ...]:
    """What is felt now, with the words that say so, when they were written, and how sure that is."""
    zone = letters.rules.company_zone
    portrait = mood_portrait(facts, letters.rules, now)
    lines = []
    for one in portrait.felt[:_SHOWN]:
        words = ", ".join(f"\u201c{word}\u201d" for word in one.words)
        sure = "" if one.confidence is None else f", {one.confidence:.0%} sure"
        by = f", by {words}" if words else ""
        quoted = f": \u201c{_short(one.quoted)}\u201d" if one.quoted else ""
        lines.append(f"{one.emotion}, {one.level}{sure}, read {_at(one.at, zone)}{by}{quoted}")
    if portrait.inclined is not None:
        inclined = portrait.inclined
        lines.append(
            f"For a while now often {inclined.emotion}: {inclined.share:.0%} of what they write"
            f" ({inclined.low:.0%} to {inclined.high:.0%}; {inclined.usual:.0%} is usual)"
        )
    if portrait.trend != "unknown":
        lines.append(f"Compared with before: {portrait.trend}")
    return tuple(lines)


def _bought(facts: Facts, letters: Letters, now: datetime) -> tuple[str, ...]:
    orders = counting_orders(facts.history, letters.rules.lifecycle, now)
    if not orders:
        return ("Nothing yet.",)
    zone = letters.rules.company_zone
    shown = tuple(_event(order, zone) for order in orders[: -_SHOWN - 1 : -1])
    more = len(orders) - len(shown)
    return (*shown, f"and {more} orders before") if more else shown


def _wrote(facts: Facts, zone: str) -> tuple[str, ...]:
    own = [one for one in facts.sent if one.person == facts.person.id and not one.ghost]
    latest = sorted(own, key=lambda one: one.at, reverse=True)[:_SHOWN]
    return tuple(f"{_at(one.at, zone)} {one.mail}" for one in latest)


def _event(event: Event, zone: str) -> str:
    known: Sequence[str] = [
        f"{name} {_short(value)}"
        for name, value in event.properties.items()
        if name not in _OUR_MARKS
    ]
    return f"{_at(event.at, zone)} {event.name}" + (f": {', '.join(known)}" if known else "")


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _at(moment: datetime, zone: str) -> str:
    return f"{local(moment, zone):%Y-%m-%d %H:%M}"
