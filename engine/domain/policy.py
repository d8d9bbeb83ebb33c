"""The gate: may this message go to this person now? (R3.9)

`policy(candidate, facts, rules, now, ...)` is pure. It answers `Go`, `WaitUntil` or `Stop`, each with
its reasons, and records every broken cap, not only the first (R3.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.domain.answer import consent_of, holds
from engine.domain.calendar import local
from engine.domain.care import rests_until
from engine.domain.condition import OpenTicket
from engine.domain.confirming import why_not_ask
from engine.domain.consent import in_force
from engine.domain.drafts import approval_of, judgement_of
from engine.domain.exits import CANCELS, GOAL, exit_of
from engine.domain.facts import Facts, Judgement, Rulebook
from engine.domain.horizon import horizon
from engine.domain.journey import Class, Status
from engine.domain.opening import closed, expiry, legal_from, overflow_of
from engine.domain.preference import NONE
from engine.domain.reasons import Reason
from engine.domain.replacing import replaced
from engine.domain.room import room_for
from engine.domain.values import END
from engine.domain.verdict import (
    Candidate,
    Finding,
    Go,
    Planned,
    Stop,
    Verdict,
    WaitUntil,
    rank,
    slot,
)
from engine.domain.zones import zone_of

__all__ = [
    "Candidate", "Finding", "Go", "Planned", "Stop", "Verdict", "WaitUntil", "has_a_chance",
    "policy", "rank", "regate", "slot",
]  # fmt: skip

DUPLICATE_WITHIN = timedelta(hours=18)
CLAIM_GOOD_FOR = timedelta(seconds=60)


def policy(
    candidate: Candidate,
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    *,
    held_by: Sequence[str] = (),
    planned: Sequence[Planned] = (),
) -> Verdict:
    """The whole gate, in the order of R3.9.

    `held_by` names the journeys that the person is in and that may hold other journeys' mail;
    `planned` are messages that rank higher and are expected later. Rendering, provider rates and the
    hand-off come after this and are the runner's.
    """
    return _Gate(candidate, facts, rules, now).whole(held_by, planned)


def regate(
    candidate: Candidate,
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    *,
    slot_at: datetime | None,
    held_by: Sequence[str] = (),
    planned: Sequence[Planned] = (),
) -> Verdict:
    """The gate at the hand-off of a message that has its slot since `slot_at` (R3.9); None asks the
    whole gate in any case.

    Everything up to consent is asked again. A row older than 60 s passes the whole gate, where its
    own slot does not count against it. `candidate.run` is the run of today, who may stand elsewhere
    by now or have come to the journey's end; only an exit stops the message.
    """
    run, steps = candidate.run.id, (candidate.step.id, *candidate.step.was)
    others = tuple(sent for sent in facts.sent if sent.run != run or sent.step not in steps)
    gate = _Gate(candidate, replaced(facts, sent=others), rules, now)
    if slot_at is not None and now - slot_at <= CLAIM_GOOD_FOR:
        return gate.up_to_consent() or Go(tuple(gate.findings), gate.expires)
    return gate.whole(held_by, planned)


def has_a_chance(candidate: Candidate, facts: Facts, rules: Rulebook, now: datetime) -> bool:
    """Whether the message passes everything up to consent as things stand."""
    return _Gate(candidate, facts, rules, now).up_to_consent() is None


class _Gate:
    """One message at the gate. `findings` grows with every question asked."""

    def __init__(self, candidate: Candidate, facts: Facts, rules: Rulebook, now: datetime) -> None:
        self.candidate = candidate
        self.facts = facts
        self.rules = rules
        self.now = now
        self.category = candidate.category
        self.journey = candidate.journey
        self.zone = zone_of(facts.person, rules)[0]
        self.findings: list[Finding] = []
        due = candidate.due
        self.first_legal = legal = self._legal_from(due)
        self.expires = (
            None if legal is None else expiry(candidate.step, rules.policy, due, legal, self.zone)
        )

    def whole(self, held_by: Sequence[str], planned: Sequence[Planned]) -> Verdict:
        """All questions, in order."""
        early = self.up_to_consent()
        if early is not None:
            return early
        self._ask_hold_out()
        expires = self.expires
        if expires is None or self.now > expires:
            return self._expired()
        self._pass("expiry")
        hold_ends = self._ask_holds(held_by, expires)
        waits = self._ask_hours() or hold_ends is not None
        if not waits and self._is_duplicate():
            mail = self.candidate.step.mail
            return self._stop("caps", Reason.DUPLICATE, f"{mail} less than 18 hours ago")
        room = room_for(
            self.candidate,
            self.facts,
            self.rules,
            self.now,
            self.zone,
            expires,
            hold_ends=hold_ends,
            planned=planned,
            legal_from=self._legal_from,
        )
        self.findings += room.findings or (_PASSED["caps"],)
        overflow = overflow_of(self.candidate.step, self.rules.policy).do
        if room.over is not None and not waits and overflow != "postpone":
            return Stop(room.over, tuple(self.findings), overflow == "leave", room.winner)
        if room.free is None or room.free > expires:
            return self._expired(room.winner)
        if waits or room.over is not None:
            return self._wait(room.after_hold or expires, room.winner)
        return self._ask_approval(expires)

    # up to consent: asked again at the hand-off

    def up_to_consent(self) -> Verdict | None:
        """The first questions; None where all of them pass."""
        return (
            self._ask_pause()
            or self._ask_person()
            or self._ask_run()
            or self._ask_consent()
            or self._ask_preferences()
        )

    def _ask_pause(self) -> Verdict | None:
        rules, journey = self.rules, self.journey
        if journey.status is Status.DRAFT:
            return self._stop("engine", Reason.JOURNEY_DRAFT, journey.name)
        if rules.paused:
            return self._paused(Reason.ENGINE_PAUSED, "the engine is paused")
        if journey.status is Status.PAUSED or journey.name in rules.paused_journeys:
            return self._paused(Reason.JOURNEY_PAUSED, f"{journey.name} is paused")
        self._pass("engine")
        return None

    def _paused(self, reason: Reason, detail: str) -> Verdict:
        self.findings.append(Finding("engine", reason, detail))
        if self.expires is None or self.now >= self.expires:
            return self._expired()
        return self._wait(self.expires)

    def _ask_person(self) -> Verdict | None:
        person = self.facts.person
        if person.erased:
            return self._stop("person", Reason.ERASED)
        if not person.id:
            return self._stop("person", Reason.NO_PERSON)
        if not person.mailbox:
            return self._stop("person", Reason.NO_ADDRESS)
        self._pass("person")
        return None

    def _ask_run(self) -> Verdict | None:
        run, journey = self.candidate.run, self.journey
        if run.because in CANCELS:
            reason = Reason.GOAL_REACHED if run.because == GOAL else Reason.LEFT
            return self._stop("run", reason, f"ended: {run.because}")
        way = exit_of(run, journey, self.facts, self.rules, self.now)
        if way is None:
            self._pass("run")
            return None
        reasons = {"goal": Reason.GOAL_REACHED, "leave_when": Reason.LEFT, "stay": Reason.CONDITION}
        return self._stop("run", reasons[way], f"{way} of {journey.name}")

    def _ask_consent(self) -> Verdict | None:
        if self.facts.suppressed is not None:
            return self._stop("address", Reason.SUPPRESSED, self.facts.suppressed)
        self._pass("address")
        if self.category.klass is Class.MARKETING:
            topic = self.category.name
            word = consent_of(topic, self.facts, self.rules, self.now)
            if word == "given" and self._left_by_another_clock(topic):
                word = "unsubscribed"
            if word != "given":
                return self._stop("consent", _CONSENT[word], f"consent to {topic}: {word}")
        if self.category.confirms:
            stopped = why_not_ask(self.category, self.facts, self.rules, self.now)
            if stopped is not None:
                return self._stop("consent", *stopped)
        self._pass("consent")
        return None

    def _left_by_another_clock(self, topic: str) -> bool:
        """Whether the person left, by a line dated after `now`: a page's clock may run ahead of this
        one, this one may have been set back, a file may have its zone wrong. They left all the same."""
        return in_force(self.facts.ledger(topic), topic, None)[0] is not None

    def _ask_preferences(self) -> Verdict | None:
        """What the person chose for themselves. They may end a pause before its time, so a message waits
        for that until its expiry."""
        candidate, wishes = self.candidate, self.facts.wishes()
        if self.category.klass is Class.MARKETING and wishes is not NONE:
            header = self.rules.mails.get(candidate.step.mail)
            skipped = sorted(wishes.skipped.intersection(header.tags if header else ()))
            if skipped:
                detail = f"asked for no mails about {', '.join(skipped)}"
                return self._stop("preferences", Reason.THEME_SKIPPED, detail)
            until = wishes.paused_until
            if until is not None and until > self.now:
                detail = f"asked for a pause until {local(until, self.zone):%Y-%m-%d %H:%M}"
                self.findings.append(Finding("preferences", Reason.PAUSE_ASKED, detail, until))
                if self.expires is None or self.now >= self.expires:
                    return self._expired()
                return self._wait(min(until, self.expires))
        self._pass("preferences")
        return None

    # after consent

    def _ask_hold_out(self) -> None:
        """Held-out people walk on, as ghosts (R8.1); so the finding names it and stops nothing."""
        if self.candidate.ghost:
            self.findings.append(Finding("hold-out", Reason.HOLD_OUT, "leaves a ghost record"))
        else:
            self._pass("hold-out")

    def _ask_holds(self, held_by: Sequence[str], expires: datetime) -> datetime | None:
        """When all holds may have ended, or None where nothing holds (R3.6, R6.4).

        Data can end a hold at any moment, time only at the horizon of its condition; it is asked
        again then, and at the expiry at the latest.
        """
        facts, rules, now, name = self.facts, self.rules, self.now, self.category.name
        holding = [
            (Reason.OPEN_TICKET if hold.condition == OpenTicket() else Reason.HOLD_WHEN, hold.condition)
            for hold in rules.policy.hold_when
            if hold.category == name and holds(hold.condition, facts, rules, now)
        ]  # fmt: skip
        if (
            self.category.sells
            and holds(OpenTicket(), facts, rules, now)
            and all(reason is not Reason.OPEN_TICKET for reason, _ in holding)
        ):
            holding.append((Reason.OPEN_TICKET, OpenTicket()))
        until: list[datetime | None] = []
        for reason, condition in holding:
            ends = horizon(condition, facts, rules, now)
            until.append(ends)
            self.findings.append(Finding("holds", reason, f"holds {name}", ends))
        rests = rests_until(facts, rules, now) if self.category.klass is Class.MARKETING else None
        if rests is not None:  # somebody may have read it long before, so it is no end to plan by
            until.append(rests if rests <= expires else None)
            ends = None if rests == END else rests
            self.findings.append(Finding("holds", Reason.IN_CARE, f"holds {name}", ends))
        for journey in held_by:
            if journey != self.journey.name and name in rules.journeys[journey].hold_other_mail:
                until.append(None)
                self.findings.append(Finding("holds", Reason.HELD_BY_JOURNEY, journey))
        if not until:
            self._pass("holds")
            return None
        return max(ends or expires for ends in until)

    def _ask_hours(self) -> bool:
        """Whether quiet hours, send window or a holiday forbid this instant."""
        shut = closed(self.category, self.journey, self.rules.policy, self.now, self.zone)
        if not shut:
            self._pass("hours")
            return False
        until = self._legal_from(self.now)
        self.findings += [Finding("hours", reason, detail, until) for reason, detail in shut]
        return True

    def _is_duplicate(self) -> bool:
        """R3.8; a retry of the same message is not its own duplicate (see `regate`)."""
        candidate, after = self.candidate, self.now - DUPLICATE_WITHIN
        return candidate.category.klass is Class.MARKETING and any(
            sent.mail == candidate.step.mail and sent.ghost == candidate.ghost and sent.at > after
            for sent in self.facts.sent
        )

    def _ask_approval(self, expires: datetime) -> Verdict:
        journey, step = self.journey, self.candidate.step
        if journey.status is Status.SHADOW:  # nothing leaves, so nobody has to look at it first
            self.findings.append(Finding("shadow", Reason.SHADOW, "hands nothing off"))
            return Go(tuple(self.findings), self.expires)
        if approval_of(journey, step) is None:
            self._pass("approval")
            return Go(tuple(self.findings), self.expires)
        said = judgement_of(self.candidate.run, journey, step, self.facts, self.rules)
        if said is None:
            detail = f"{step.mail} waits for approval"
            self.findings.append(Finding("approval", Reason.APPROVAL, detail))
            return self._wait(expires)
        if not said.approved:
            return self._stop("approval", Reason.APPROVAL, _rejected(step.mail, said))
        self.findings.append(Finding("approval", detail=f"approved by {said.by or 'somebody'}"))
        return Go(tuple(self.findings), self.expires)

    # words

    def _legal_from(self, moment: datetime) -> datetime | None:
        return legal_from(self.category, self.journey, self.rules.policy, moment, self.zone)

    def _pass(self, question: str) -> None:
        self.findings.append(_PASSED[question])

    def _stop(self, question: str, reason: Reason, detail: str = "") -> Stop:
        self.findings.append(Finding(question, reason, detail))
        return Stop(reason, tuple(self.findings))

    def _expired(self, winner: str | None = None) -> Stop:
        detail = "quiet hours and send window never let it go"
        if self.expires is not None:
            detail = f"worth sending until {local(self.expires, self.zone):%Y-%m-%d %H:%M}"
        self.findings.append(Finding("expiry", Reason.EXPIRED, detail))
        return Stop(Reason.EXPIRED, tuple(self.findings), winner=winner)

    def _wait(self, until: datetime, winner: str | None = None) -> Verdict:
        """Wait, unless the last instant worth sending is already here."""
        if until <= self.now:
            return self._expired(winner)
        reasons = dict.fromkeys(
            found.reason
            for found in self.findings
            if found.reason is not None and found.reason is not Reason.HOLD_OUT
        )
        return WaitUntil(
            until, tuple(reasons), tuple(self.findings), winner, self.first_legal, self.expires
        )


def _rejected(mail: str, said: Judgement) -> str:
    by = f" by {said.by}" if said.by else ""
    return f"{mail} was rejected{by}" + (f": {said.because}" if said.because else "")


_PASSED = {
    question: Finding(question)
    for question in (
        "engine", "person", "run", "address", "consent", "preferences", "hold-out", "expiry",
        "holds", "hours", "caps", "approval",
    )
}  # fmt: skip
_CONSENT = {
    "unknown": Reason.CONSENT_UNKNOWN,
    "pending": Reason.CONSENT_PENDING,
    "unsubscribed": Reason.UNSUBSCRIBED,
}
