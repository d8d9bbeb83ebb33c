"""Why someone did or did not get something: sentences to read aloud, each with its evidence.

What happened is told from the trace, the outbox and the consent ledger, so from the evidence of that
moment; only where nothing ever happened is the present asked (`never_came`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.application.evidence import Evidence, evidence
from engine.application.ports.outbox import Outgoing
from engine.application.preview import Target, asked_now
from engine.domain import calendar
from engine.domain.answer import terms_of
from engine.domain.changes import Life, Traced
from engine.domain.condition import Condition, InSegment
from engine.domain.consent import deciding
from engine.domain.facts import Facts, Rulebook, Scope
from engine.domain.ids import send_id
from engine.domain.journey import (
    Called,
    Class,
    Every,
    Joins,
    Journey,
    Once,
    OnDate,
    Send,
    Status,
    WhenEvent,
)
from engine.domain.policy import Go, Stop, WaitUntil
from engine.domain.reasons import Reason
from engine.domain.values import moment_of
from engine.domain.zones import zone_of

_ABOUT_MAILS = ("queued", "ghost", "postponed", "dropped")
_ENDS = ("left", "goal", "ended")
_SHOWN = 3
_PROPERTIES = 4
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class MailStory:
    """One mail of one run: when it was first decided on, what became of it, told in sentences.

    `outcome` is sent, on_its_way, waiting, dropped, ghost, shadow, refused, unknown or
    needs_attention.
    """

    at: datetime
    mail: str
    journey: str
    step: str
    outcome: str
    reason: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Whom it is about: their life, all that was traced of them and all their messages, the rules in
    force, and the present."""

    life: Life
    traces: Sequence[Traced]
    messages: Sequence[Outgoing]
    rules: Rulebook
    now: datetime

    @property
    def facts(self) -> Facts:
        """What is known of the person now."""
        return self.life.facts

    @property
    def zone(self) -> str:
        """The person's zone, in which all times are told."""
        return zone_of(self.facts.person, self.rules)[0]

    def when(self, at: datetime) -> str:
        """`Wed 4 March 2026, 10:00`, in the person's zone."""
        wall = calendar.local(at, self.zone)
        return f"{wall:%a} {wall.day} {wall:%B %Y, %H:%M}"


def mail_stories(
    known: Known, mail: str | None, since: datetime | None, until: datetime | None
) -> list[MailStory]:
    """Every mail that was decided on in `[since, until]`, oldest first."""
    by_send: dict[tuple[str, str], list[Traced]] = {}
    for trace in known.traces:
        if trace.what in _ABOUT_MAILS and trace.step is not None:
            by_send.setdefault((trace.run, trace.step), []).append(trace)
    found = [_story(known, run, step, lines) for (run, step), lines in by_send.items()]
    return sorted(
        (
            story
            for story, lines in zip(found, by_send.values(), strict=True)
            if mail in (None, story.mail)
            and (since is None or lines[-1].at >= since)
            and (until is None or lines[0].at <= until)
        ),
        key=lambda story: story.at,
    )


def _story(known: Known, run: str, step: str, lines: Sequence[Traced]) -> MailStory:
    last = lines[-1]
    message = _message(known, run, step)
    outcome, reason = _outcome(last, message)
    mail = next((str(line.detail["mail"]) for line in lines if "mail" in line.detail), "")
    sentences = [
        *_entered(known, run),
        *(sentence for line in lines for sentence in _line(known, line)),
        *(_handed_off(known, message) if message is not None else ()),
    ]
    return MailStory(lines[0].at, mail, last.journey, step, outcome, reason, tuple(sentences))


def _message(known: Known, run: str, step: str) -> Outgoing | None:
    key = send_id(run, step)
    return next((message for message in known.messages if message.send_id == key), None)


def _outcome(last: Traced, message: Outgoing | None) -> tuple[str, str]:
    reason = last.reason.value if last.reason else ""
    if message is not None:
        status = "on_its_way" if message.status in ("queued", "sending") else message.status
        return status, message.reason or ""
    if last.what == "queued":
        return "shadow", reason
    return {"postponed": "waiting"}.get(last.what, last.what), reason


# ── what happened ─────────────────────────────────────────────────────────────────────────────


def _entered(known: Known, run: str) -> Iterator[str]:
    entered = next((t for t in known.traces if t.run == run and t.what == "entered"), None)
    if entered is None:
        return
    journey = known.rules.journeys.get(entered.journey)
    title = f" ({journey.title})" if journey and journey.title else ""
    cause = _cause(known, entered, journey)
    yield f"{known.when(entered.at)}: came into the journey {entered.journey}{title}, because {cause}."


def _cause(known: Known, entered: Traced, journey: Journey | None) -> str:
    because = entered.because
    events = [e for e in known.facts.history.named(because) if e.at <= entered.at]
    if events:
        said = ", ".join(
            f"{name} {value}" for name, value in list(events[-1].properties.items())[:4]
        )
        return f"of the event {because}" + (f" ({said})" if said else "")
    trigger = journey.enter.trigger if journey else None
    if because.startswith("joined:") and isinstance(trigger, Joins):
        return f"the segment {trigger.segment} was joined"
    if isinstance(trigger, OnDate):
        return f"it was the day for {trigger.attribute} ({because})"
    if isinstance(trigger, Every | Once):
        return f"its time had come ({because})"
    if isinstance(trigger, Called):
        return "another journey or the API started it"
    return f"of {because}"


def _line(known: Known, line: Traced) -> Iterator[str]:
    when = known.when(line.at)
    if line.what == "queued" and line.reason is None:
        passed = f"{when}: everything allowed {line.detail.get('mail', 'the mail')} to go"
        yield f"{passed}{_consent(known, line)}."
        return
    if line.what == "queued" or line.what == "ghost":
        yield f"{when}: everything would have allowed it, but nothing was sent. {_meaning(line)}"
        return
    if line.what == "postponed":
        until = _until(line)
        again = f", to be tried again {known.when(until)}" if until else ""
        yield f"{when}: it was due and held back{again}."
    else:
        yield f"{when}: it was not sent."
    yield from _grounds(line)
    if line.reason in (Reason.CONSENT_PENDING, Reason.UNSUBSCRIBED, Reason.CONSENT_UNKNOWN):
        yield f"   {_consent_of_moment(known, line)}."


def _until(line: Traced) -> datetime | None:
    found = moment_of(str(line.detail.get("until", "")))
    return found if isinstance(found, datetime) else None


def _meaning(line: Traced) -> str:
    return line.reason.meaning if line.reason is not None else line.because


def _grounds(line: Traced) -> Iterator[str]:
    """Each question of the gate that did not pass, with the evidence of that moment."""
    findings = line.detail.get("findings")
    if not isinstance(findings, tuple) or not findings:
        because = f" ({line.because})" if line.reason is not None and line.because else ""
        yield f"   {_meaning(line)}{because}"
        return
    for finding in findings:
        reason, _, detail = finding.partition(": ")
        yield f"   {_spoken(reason)}" + (f" ({detail})" if detail else "")
    winner = line.detail.get("winner")
    if winner is not None:
        yield f"   {winner} went first."


def _spoken(reason: str) -> str:
    return Reason(reason).meaning if reason in set(Reason) else f"{reason}."


def _consent(known: Known, line: Traced) -> str:
    """With what right a marketing mail went: the ledger's line of that moment (R5.1)."""
    journey = known.rules.journeys.get(line.journey)
    category = known.rules.policy.categories.get(journey.category) if journey else None
    if category is None or category.klass is not Class.MARKETING:
        return ""
    said = _ledger(known, category.name, line.at)
    return f"; {said}" if said else ""


def _consent_of_moment(known: Known, line: Traced) -> str:
    journey = known.rules.journeys.get(line.journey)
    said = _ledger(known, journey.category, line.at) if journey else ""
    return f"The ledger of that moment: {said or 'nothing was ever agreed to'}"


def _ledger(known: Known, topic: str, at: datetime) -> str:
    terms = terms_of(topic, known.facts, known.rules)
    _, entry = deciding(known.facts.ledger(topic), topic, at, terms)
    if entry is None:
        return ""
    how = ", ".join(filter(None, (entry.basis, entry.source, entry.wording)))
    unconfirmed = "express, not confirmed" if entry.state == "express" else entry.state
    state = "confirmed" if entry.confirmed else unconfirmed
    return f"consent to {topic}: {state} since {known.when(entry.at)}" + (
        f" ({how})" if how else ""
    )


def _handed_off(known: Known, message: Outgoing) -> Iterator[str]:
    if message.status == "sent" and message.sent_at is not None:
        to = f" to {known.facts.person.email}" if known.facts.person.email else ""
        yield f"{known.when(message.sent_at)}: it left{to}."
    elif message.status in ("queued", "sending"):
        reason = f" {Reason(message.reason).meaning}" if message.reason else ""
        yield f"It is on its way, and leaves {known.when(message.ready_at)} or soon after.{reason}"
    elif message.reason is not None:
        detail = f" ({message.detail})" if message.detail else ""
        yield f"At the hand-off it did not leave. {Reason(message.reason).meaning}{detail}"


# ── what never happened ───────────────────────────────────────────────────────────────────────


def never_came(known: Known, mail: str) -> list[str]:
    """Why a mail has never come to the person, journey by journey that sends it."""
    sending = [
        (journey, node)
        for journey in known.rules.journeys.values()
        for node in journey.nodes.values()
        if isinstance(node, Send) and node.mail == mail
    ]
    if not sending:
        return [f"No journey in force sends {mail}."]
    said = []
    for journey, step in sending:
        said += [*_standing(known, journey), *_gate(known, Target(mail, journey, step))]
    return said


def _standing(known: Known, journey: Journey) -> Iterator[str]:
    """Where the person is, or was, or why they never came in."""
    name = journey.name
    runs = [run for run in known.life.runs if run.journey == name and run.live]
    for run in runs:
        wakes = f", until {known.when(run.wake_at)} at the latest" if run.wake_at else ""
        yield (
            f"Inside {name} since {known.when(run.entered_at)}, at the step {run.step}{wakes};"
            " the mail has not been reached yet."
        )
    own = [trace for trace in known.traces if trace.journey == name]
    ends = [trace for trace in own if trace.what in _ENDS and trace.run]
    for trace in ends[-_SHOWN:]:
        yield f"{known.when(trace.at)}: left {name} before this mail: {trace.because or trace.what}."
    rejected = [trace for trace in own if trace.what == "rejected"]
    for trace in rejected[-_SHOWN:]:
        yield f"{known.when(trace.at)}: was not let into {name}: {trace.because}."
    if len(rejected) > _SHOWN:
        yield f"   and {len(rejected) - _SHOWN} times before."
    if journey.status is not Status.LIVE:
        yield f"The journey {name} is not live: its status is {journey.status.value}."
    if not runs and not ends:
        yield from _way_in(known, journey)


def _way_in(known: Known, journey: Journey) -> Iterator[str]:
    facts, name = known.facts, journey.name
    trigger = journey.enter.trigger
    entry = None
    match trigger:
        case WhenEvent(event):
            events = [e for e in facts.history.named(event) if e.at <= known.now]
            if not events:
                yield f"{name} begins with the event {event}, which never happened to this person."
                return
            entry = events[-1]
            yield f"{name} begins with the event {event}; the last was {known.when(entry.at)}."
        case Joins(segment):
            inside = facts.memberships.get(segment)
            since = f", since {known.when(inside)}" if inside else ""
            yield from _explained(known, f"{name} begins on joining {segment}", InSegment(segment))
            if inside:
                yield f"   Inside {segment}{since}: only joining it while {name} is live lets in."
        case OnDate(attribute=attribute):
            value = facts.person.attribute(attribute)
            there = "which is not known" if value is None else f"which is {value}"
            yield f"{name} begins on {attribute}, {there}."
        case Every(who=who) | Once(who=who):
            yield from _explained(known, f"{name} begins at its time, for some", who)
        case Called(by):
            yield f"{name} is started only by {'the API' if by == 'api' else 'another journey'}."
    if journey.enter.condition is not None:
        scope = Scope(entry, known.now)
        yield from _explained(known, f"{name} asks at its door", journey.enter.condition, scope)


def _explained(
    known: Known, opening: str, condition: Condition, scope: Scope | None = None
) -> Iterator[str]:
    found = evidence(condition, known.facts, known.rules, known.now, scope or Scope())
    yield f"{opening}: today the answer is {'yes' if found.holds else 'no'}."
    yield from _leaves(found)


def _leaves(found: Evidence) -> Iterator[str]:
    if found.words == "not" and found.parts[0].words not in ("all", "any"):
        yield f"   {'yes' if found.holds else 'no'}: not {found.parts[0].words}"
        return
    if not found.parts:
        grounds = f" ({found.found})" if found.found else ""
        yield f"   {'yes' if found.holds else 'no'}: {found.words}{grounds}"
    for part in found.parts:
        yield from _leaves(part)


def _gate(known: Known, target: Target) -> Iterator[str]:
    """What the gate would say if the mail were due now."""
    verdict = asked_now(target, known.facts, known.life.runs, known.rules, known.now)
    match verdict:
        case Go():
            yield "If it were due now, it would go."
        case WaitUntil(until=until):
            yield f"If it were due now, it would wait until {known.when(until)}."
        case Stop():
            yield "If it were due now, it would not go."
    for finding in verdict.findings if verdict else ():
        if finding.reason is not None:
            detail = f" ({finding.detail})" if finding.detail else ""
            yield f"   {finding.reason.meaning}{detail}"


def summary(stories: Sequence[MailStory]) -> Mapping[str, int]:
    """How many mails came to which outcome."""
    counts: dict[str, int] = {}
    for story in stories:
        counts[story.outcome] = counts.get(story.outcome, 0) + 1
    return counts
