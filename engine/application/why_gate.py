"""The answers of the gate, question by question, in sentences to read aloud, with the numbers behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.application.heard import heard_in
from engine.domain import calendar
from engine.domain.answer import terms_of
from engine.domain.caps import CalendarCap, Cap, GapCap, RollingCap
from engine.domain.care import BECAUSE, WAITS, waiting
from engine.domain.consent import ConsentEntry, Evidence, deciding
from engine.domain.counting import counting, describe, free_at, limit, spoken_length, within
from engine.domain.facts import Facts, Rulebook, Sent
from engine.domain.journey import Class
from engine.domain.opening import spoken_window
from engine.domain.reasons import Reason
from engine.domain.room import caps_for
from engine.domain.verdict import Asked, Finding
from engine.domain.zones import zone_of

Proofs = Sequence[tuple[ConsentEntry, Evidence]]
"""The lines of the ledger, each with what proves it (R5.1)."""
_SAID = {
    "person": "The person was known, with an address.",
    "run": "Neither the goal nor an exit of the journey had come.",
    "address": "The address was on no list of those that are never written to.",
    "preferences": "The person had asked for no pause, and skips no theme of this mail.",
    "hold-out": "The person was in no hold-out group.",
    "holds": "No open complaint, no mood and no other journey held it back.",
}
"""What it says of these questions that they passed."""
_FULL = (Reason.OVER_THE_CAP, Reason.LESS_OFTEN)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of the gate: whether it passed, else why not, the evidence as recorded, the earliest
    instant at which it alone would pass, and all of that in a sentence."""

    question: str
    passed: bool
    reason: str
    detail: str
    until: datetime | None
    sentence: str


def told(at: datetime, zone: str) -> str:
    """`Wed 4 March 2026, 10:00`, in a zone."""
    wall = calendar.local(at, zone)
    return f"{wall:%a} {wall.day} {wall:%B %Y, %H:%M}"


def answers(asked: Asked, rules: Rulebook, at: datetime, proofs: Proofs = ()) -> list[Answer]:
    """Every question that the gate asked of a message at an instant, in its order (R3.9)."""
    return list(_Telling(asked, rules, at, proofs).all())


def consent_said(
    topic: str, facts: Facts, rules: Rulebook, at: datetime, zone: str, proofs: Proofs = ()
) -> str:
    """The line of the ledger that decided a topic at an instant, with what proves it; empty where there
    is none (R5.1)."""
    _, entry = deciding(facts.ledger(topic), topic, at, terms_of(topic, facts, rules))
    if entry is None:
        return ""
    proof = next((proof for line, proof in proofs if line == entry), Evidence())
    shown = f"shown in {proof.language}" if proof.language else ""
    whence = f"from {proof.ip}" if proof.ip else ""
    how = ", ".join(
        filter(None, (entry.basis, entry.source, entry.wording, proof.url, shown, whence))
    )
    unconfirmed = "express, not confirmed" if entry.state == "express" else entry.state
    state = "confirmed" if entry.confirmed else unconfirmed
    return f"consent to {topic}: {state} since {told(entry.at, zone)}" + (
        f" ({how})" if how else ""
    )


def spoken(reason: str) -> str:
    """What a reason means, in a sentence."""
    return Reason(reason).meaning if reason in set(Reason) else f"{reason}."


class _Telling:
    """One asking of the gate, told."""

    def __init__(self, asked: Asked, rules: Rulebook, at: datetime, proofs: Proofs) -> None:
        self.asked, self.rules, self.at, self.proofs = asked, rules, at, proofs
        self.zone = zone_of(asked.facts.person, rules)[0]

    def all(self) -> Iterator[Answer]:
        capped = False
        for finding in self.asked.verdict.findings:
            if finding.question == "caps" and finding.reason in (None, *_FULL):
                if not capped:
                    capped = True
                    yield from self._caps()
            elif finding.reason is None:
                yield Answer(
                    finding.question, True, "", finding.detail, None, self._passed(finding)
                )
            else:
                yield self._broken(finding)

    def _broken(self, finding: Finding) -> Answer:
        assert finding.reason is not None
        detail = f" ({finding.detail})" if finding.detail else ""
        sentence = f"{finding.reason.meaning}{detail}"
        if finding.question == "consent":
            said = self._consent()
            sentence += f" The ledger of that moment: {said or 'nothing was ever agreed to'}."
        elif finding.reason is Reason.IN_CARE:
            sentence += self._in_care()
        return Answer(
            finding.question, False, finding.reason.value, finding.detail, finding.until, sentence
        )

    def _in_care(self) -> str:
        """What waits for a person, since when, and by what words of a reply it is known."""
        facts, said = self.asked.facts, ""
        for event, _ in waiting(facts, self.rules, self.at):
            why = WAITS.get(str(event.properties.get("why")), BECAUSE)
            heard = heard_in(event, facts)
            said += f" {told(event.at, self.zone)}: {why}." + (f" {heard}." if heard else "")
        return said

    # what passed

    def _passed(self, finding: Finding) -> str:
        candidate = self.asked.candidate
        if finding.question in _SAID:
            return _SAID[finding.question]
        match finding.question:
            case "engine":
                return f"The engine was sending, and the journey {candidate.journey.name} was open."
            case "consent":
                if candidate.category.klass is not Class.MARKETING:
                    return f"{candidate.category.klass.value.capitalize()} mail needs no consent."
                return f"The person had agreed; {self._consent()}."
            case "expiry":
                expires = getattr(self.asked.verdict, "expires", None)
                return f"It was worth sending until {self._when(expires)}." if expires else (
                    "It was still worth sending."
                )  # fmt: skip
            case "hours":
                return self._hours()
            case "approval":
                return f"It was {finding.detail}." if finding.detail else "It needed no approval."
        return f"{finding.question}: passed."

    def _consent(self) -> str:
        asked = self.asked
        topic = asked.candidate.category.name
        return consent_said(topic, asked.facts, self.rules, self.at, self.zone, self.proofs)

    def _hours(self) -> str:
        candidate, policy = self.asked.candidate, self.rules.policy
        wall = calendar.local(self.at, self.zone)
        said = f"It was {wall:%A, %H:%M}, where the person lives"
        quiet, window = policy.quiet_hours, candidate.journey.send_window
        if candidate.category.ignores_quiet_hours:
            said += f"; quiet hours do not count for {candidate.category.name}"
        elif quiet is not None:
            said += f", outside the quiet hours ({spoken_window(quiet)})"
        if window is not None:
            said += f", inside the send window ({spoken_window(window)})"
        return f"{said}."

    # caps

    def _caps(self) -> Iterator[Answer]:
        candidate, facts = self.asked.candidate, self.asked.facts
        caps = caps_for(candidate, facts, self.rules, self.at)
        if not caps:
            yield Answer("caps", True, "", "", None, "No cap applies to it.")
        for one in caps:
            cap, category = one.cap, one.category
            sent = counting(facts.sent, category, ghosts=candidate.ghost)
            counted = within(cap, sent, self.at, self.zone)
            full = len(counted) >= limit(cap)
            free = free_at(cap, sent, self.at, self.zone) if full else None
            sentence = self._arithmetic(cap, category, counted)
            most = _limit(cap, one.reason is Reason.LESS_OFTEN)
            if full:
                sentence += f", and {most}; " + (
                    f"the next was possible from {self._when(free)} on."
                    if free
                    else "so none was possible."
                )
            else:
                sentence += f"; {most}."
            reason = one.reason.value if full else ""
            yield Answer("caps", not full, reason, describe(cap), free, sentence)

    def _arithmetic(self, cap: Cap, category: str | None, counted: Sequence[Sent]) -> str:
        kind = f"{category or 'marketing'} mail{'s' if len(counted) > 1 else ''}"
        many = {0: "no", 1: "one"}.get(len(counted), str(len(counted)))
        which = ", ".join(f"{one.mail} on {self._when(one.at)}" for one in counted)
        return f"{_window(cap)}, {many} {kind} had gone" + (f" ({which})" if which else "")

    def _when(self, at: datetime | None) -> str:
        return "" if at is None else told(at, self.zone)


def _limit(cap: Cap, chosen: bool) -> str:
    if chosen:
        return f"the person asked for {describe(cap)} at most"
    return (
        f"mails go {describe(cap)}" if isinstance(cap, GapCap) else f"the limit is {describe(cap)}"
    )


def _window(cap: Cap) -> str:
    match cap:
        case RollingCap(window=length) | GapCap(gap=length):
            return f"In the {spoken_length(length)} before"
        case CalendarCap(unit=unit):
            return f"{'On' if unit == 'day' else 'In'} that calendar {unit}"
