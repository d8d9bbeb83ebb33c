"""Why someone did or did not get something: sentences to read aloud, each with its evidence.

What was decided is decided again, by the turn that decided it and with what it had seen, and told from
that; the record of that moment stands beside it, and where the two differ both are told. What cannot be
decided again is told from the record alone, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from engine.application.hindsight import ABOUT_MAILS, Hindsight, Replayed
from engine.application.ports.outbox import Outgoing
from engine.application.why_gate import Answer, Proofs, answers, consent_said, spoken, told
from engine.domain.bounce import BOUNCE_CLAIMED
from engine.domain.changes import Life, Traced
from engine.domain.event import Value
from engine.domain.facts import Facts, Rulebook
from engine.domain.ids import send_id
from engine.domain.journey import Called, Every, Joins, Journey, Once, OnDate
from engine.domain.reasons import Reason
from engine.domain.told import Stage, fate
from engine.domain.values import moment_of
from engine.domain.zones import zone_of

_PROPERTIES = 4
_ABOUT_CONSENT = (Reason.CONSENT_PENDING, Reason.UNSUBSCRIBED, Reason.CONSENT_UNKNOWN)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on a mail: go, ghost, wait or stop, as recorded and as decided again.

    `asked_again` is same, differs or not possible; `because` says what differs, or why it was not
    possible. `questions` are those of the gate in its order; none where the mail ended before the gate
    was asked, or could not be decided again.
    """

    at: datetime
    answer: str
    reason: str
    until: datetime | None
    winner: str
    questions: tuple[Answer, ...]
    asked_again: str
    because: str


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
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Known:
    """Whom it is about, as they were at `now`: their life, all that was traced of them and all their
    messages up to then, the rules in force, and the ledger with its proofs. `is_past` says that `now`
    is not today: it lies before the present, or before the engine's last look; `lost` what can no
    longer be told of it."""

    life: Life
    traces: Sequence[Traced]
    messages: Sequence[Outgoing]
    rules: Rulebook
    now: datetime
    hindsight: Hindsight
    proofs: Proofs = field(default=())
    is_past: bool = False
    lost: str = ""

    @property
    def facts(self) -> Facts:
        """What was known of the person."""
        return self.life.facts

    @cached_property
    def zone(self) -> str:
        """The person's zone, in which all times are told."""
        return zone_of(self.facts.person, self.rules)[0]

    def when(self, at: datetime) -> str:
        """`Wed 4 March 2026, 10:00`, in the person's zone."""
        return told(at, self.zone)


def mail_stories(
    known: Known, mail: str | None, since: datetime | None, until: datetime | None
) -> list[MailStory]:
    """Every mail that was decided on in `[since, until]`, oldest first."""
    by_send: dict[tuple[str, str], list[Traced]] = {}
    for trace in known.traces:
        if trace.what in ABOUT_MAILS and trace.step is not None:
            by_send.setdefault((trace.run, trace.step), []).append(trace)
    found = [
        _story(known, run, step, lines)
        for (run, step), lines in by_send.items()
        if mail in (None, _mail(lines))
        and (since is None or lines[-1].at >= since)
        and (until is None or lines[0].at <= until)
    ]
    return sorted(found, key=lambda story: story.at)


def _mail(lines: Sequence[Traced]) -> str:
    return next((str(line.detail["mail"]) for line in lines if "mail" in line.detail), "")


def _story(known: Known, run: str, step: str, lines: Sequence[Traced]) -> MailStory:
    message = _message(known, run, step)
    outcome, reason = _outcome(lines[-1], message)
    replayed = [known.hindsight.replay(line) for line in lines]
    decisions = [_decision(known, one) for one in replayed]
    sentences = [
        *_entered(known, run),
        *(
            sentence
            for one, decision in zip(replayed, decisions, strict=True)
            for sentence in _line(known, one.line, decision)
        ),
        *(_handed_off(known, message) if message is not None else ()),
        *_asked_again(decisions),
    ]
    return MailStory(
        lines[0].at, _mail(lines), lines[-1].journey, step, outcome, reason, tuple(sentences),
        tuple(decisions),
    )  # fmt: skip


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


# ── decided again ─────────────────────────────────────────────────────────────────────────────

_ANSWERS = {"queued": "go", "ghost": "ghost", "postponed": "wait", "dropped": "stop"}


def _decision(known: Known, one: Replayed) -> Decision:
    line = one.line
    questions = (
        answers(one.asked, one.rules, line.at, known.proofs) if one.asked and one.rules else ()
    )
    return Decision(
        at=line.at,
        answer=_ANSWERS[line.what],
        reason=line.reason.value if line.reason else "",
        until=_until(line),
        winner=str(line.detail.get("winner", "")),
        questions=tuple(questions),
        asked_again=one.agrees,
        because=one.lost or (_difference(one) if one.agrees == "differs" else ""),
    )


def _difference(one: Replayed) -> str:
    again = "nothing of this mail" if one.again is None else _brief(one.again)
    return f"the record says {_brief(one.line)}; asked again, the answer is {again}"


def _brief(line: Traced) -> str:
    words = [_ANSWERS.get(line.what, line.what), line.reason.value if line.reason else ""]
    findings = line.detail.get("findings")
    if isinstance(findings, tuple):
        words.append("; ".join(findings))
    words.append(f"until {line.detail['until']}" if "until" in line.detail else "")
    return "“" + ", ".join(filter(None, words)) + "”"


def _asked_again(decisions: Sequence[Decision]) -> Iterator[str]:
    """What the same questions answer today, asked with what was known then; a difference is told."""
    for decision in decisions:
        if decision.asked_again == "differs":
            yield f"The two do not agree: {decision.because}."
    lost = {
        decision.because: None for decision in decisions if decision.asked_again == "not possible"
    }
    for because in lost:
        yield f"This is told from the record alone, for it cannot be asked again: {because}."
    if all(decision.asked_again == "same" for decision in decisions):
        same = "gives the same answer" if len(decisions) == 1 else "gives the same answers"
        yield f"Asked again with what was known then, the gate {same}."


# ── what happened ─────────────────────────────────────────────────────────────────────────────


def _entered(known: Known, run: str) -> Iterator[str]:
    entered = next((t for t in known.traces if t.run == run and t.what == "entered"), None)
    if entered is None:
        return
    journey = known.rules.journeys.get(entered.journey)
    title = f" ({journey.title})" if journey and journey.title else ""
    cause = _cause(known, entered, journey)
    yield f"{known.when(entered.at)}: came into the journey {entered.journey}{title}, because {cause}."


def _said(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _cause(known: Known, entered: Traced, journey: Journey | None) -> str:
    because = entered.because
    events = [e for e in known.facts.history.named(because) if e.at <= entered.at]
    if events:
        properties = list(events[-1].properties.items())[:_PROPERTIES]
        said = ", ".join(f"{name} {_said(value)}" for name, value in properties)
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


def _line(known: Known, line: Traced, decision: Decision) -> Iterator[str]:
    when, mail = known.when(line.at), line.detail.get("mail", "the mail")
    if line.what == "queued" and line.reason is None:
        yield f"{when}: everything allowed {mail} to go."
    elif line.what in ("queued", "ghost"):
        meaning = line.reason.meaning if line.reason is not None else line.because
        yield f"{when}: everything would have allowed it, but nothing was sent. {meaning}"
    elif line.what == "postponed":
        until = _until(line)
        again = f", to be tried again {known.when(until)}" if until else ""
        yield f"{when}: it was due and held back{again}."
    else:
        yield f"{when}: it was not sent."
    if decision.questions:
        all_of_them = line.what in ("queued", "ghost")
        for answer in decision.questions:
            if all_of_them or not answer.passed:
                yield f"   {answer.sentence}"
    elif line.what not in ("queued", "ghost"):
        yield from _grounds(known, line)
    winner = line.detail.get("winner")
    if winner is not None:
        yield f"   {winner} went first."


def _until(line: Traced) -> datetime | None:
    found = moment_of(str(line.detail.get("until", "")))
    return found if isinstance(found, datetime) else None


def _grounds(known: Known, line: Traced) -> Iterator[str]:
    """The grounds as the record has them, where the gate was not asked or cannot be asked again."""
    findings = line.detail.get("findings")
    if isinstance(findings, tuple) and findings:
        for finding in findings:
            reason, _, detail = finding.partition(": ")
            yield f"   {spoken(reason)}" + (f" ({detail})" if detail else "")
    else:
        because = f" ({line.because})" if line.reason is not None and line.because else ""
        yield f"   {line.reason.meaning if line.reason is not None else line.because}{because}"
    journey = known.rules.journeys.get(line.journey)
    if line.reason in _ABOUT_CONSENT and journey is not None:
        said = consent_said(
            journey.category, known.facts, known.rules, line.at, known.zone, known.proofs
        )
        yield f"   The ledger of that moment: {said or 'nothing was ever agreed to'}."


def _handed_off(known: Known, message: Outgoing) -> Iterator[str]:
    if message.status == "sent" and message.sent_at is not None:
        to = f" to {known.facts.person.email}" if known.facts.person.email else ""
        yield f"{known.when(message.sent_at)}: it left{to}."
        yield from _became(known, message.send_id)
    elif message.status in ("queued", "sending"):
        reason = f" {Reason(message.reason).meaning}" if message.reason else ""
        yield f"It is on its way, and leaves {known.when(message.ready_at)} or soon after.{reason}"
    elif message.reason is not None:
        detail = f" ({message.detail})" if message.detail else ""
        yield f"At the hand-off it did not leave. {Reason(message.reason).meaning}{detail}"


def _became(known: Known, mail: str) -> Iterator[str]:
    """What the provider told of it, as far as it did."""
    told = [e for e in known.facts.history if e.properties.get("send_id") == mail]
    found = fate(told)
    if found.stage in _BECAME and found.since is not None:
        last = max((e for e in told if e.name == f"mail.{found.stage}"), key=lambda e: e.at)
        said = next(
            (
                last.properties[word]
                for word in ("text", "reason", "status")
                if word in last.properties
            ),
            "",
        )
        yield f"{known.when(found.since)}: {_BECAME[found.stage]}" + (
            f" ({said})." if said else "."
        )
    for claim in (e for e in told if e.name == BOUNCE_CLAIMED):
        yield f"{known.when(claim.at)}: a report without a mark of ours says that it came back."
    if found.complained is not None:
        yield f"{known.when(found.complained)}: they said that it is spam."


_BECAME: Mapping[Stage, str] = {
    "deferred": "their mailbox did not take it yet",
    "delivered": "it was delivered",
    "dropped": "the provider did not even try to deliver it",
    "bounced": "it came back",
}


def summary(stories: Sequence[MailStory]) -> Mapping[str, int]:
    """How many mails came to which outcome."""
    counts: dict[str, int] = {}
    for story in stories:
        counts[story.outcome] = counts.get(story.outcome, 0) + 1
    return counts


def as_of(messages: Sequence[Outgoing], at: datetime) -> list[Outgoing]:
    """Messages as they stood at an instant: what left later was still on its way."""
    return [
        message
        if message.sent_at is None or message.sent_at <= at
        else replace(message, status="queued", reason=None, sent_at=None)
        for message in messages
        if message.queued_at <= at
    ]
