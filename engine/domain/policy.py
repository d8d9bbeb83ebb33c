"""The gate: may this message go to this person now? (R3.9)

`policy(candidate, facts, rules, now, ...)` is pure. It answers `Go`, `WaitUntil` or `Stop`, each with
its reasons, and records every broken cap, not only the first (R3.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.domain.answer import consent_of, holds, persona_of
from engine.domain.calendar import local
from engine.domain.caps import Cap, broken, counting, free_at
from engine.domain.condition import OpenTicket
from engine.domain.exits import CANCELS, GOAL, exit_of
from engine.domain.facts import Facts, Rulebook, Sent
from engine.domain.horizon import horizon
from engine.domain.ids import send_id
from engine.domain.journey import Category, Class, Journey, Priority, Send, Status
from engine.domain.opening import closed, expiry, legal_from, overflow_of
from engine.domain.reasons import Reason
from engine.domain.run import Run
from engine.domain.zones import zone_of

DUPLICATE_WITHIN = timedelta(hours=18)
CLAIM_GOOD_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that a run has come to. `due` is when it was due first (R3.6)."""

    run: Run
    journey: Journey
    step: Send
    category: Category
    due: datetime

    @property
    def ghost(self) -> bool:
        """Whether it would be the ghost of a held-out person: of marketing only (R8.1)."""
        return self.run.held_out and self.category.klass is Class.MARKETING


@dataclass(frozen=True, slots=True)
class Planned:
    """A message of the same person that is expected to leave at `at`, later than now (R3.7)."""

    candidate: Candidate
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """One question of the gate and its answer, for `why`: `reason` is None where it passed.

    `detail` is evidence in the marketer's words ("3 per 7 days: sent 2026-03-04 10:00, …").
    `until` is the earliest instant at which this question alone would pass, if time can mend it.
    """

    question: str
    reason: Reason | None = None
    detail: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Go:
    """It may go now, and until `expires` if its hand-off takes longer."""

    findings: tuple[Finding, ...] = ()
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Not now: at `until` every broken question passes, as far as can be known today.

    `first_legal` and `expires` are those of R3.6.
    """

    until: datetime
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...] = ()
    winner: str | None = None
    first_legal: datetime | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Never. `leaves` says that the run ends with it (`over_the_cap: leave`)."""

    reason: Reason
    findings: tuple[Finding, ...] = ()
    leaves: bool = False
    winner: str | None = None


Verdict = Go | WaitUntil | Stop


# ── who goes first, and the slot ──────────────────────────────────────────────────────────────

_CLASSES = {klass: place for place, klass in enumerate(Class)}
_PRIORITIES = {priority: place for place, priority in enumerate(Priority)}


def rank(candidate: Candidate) -> tuple[int, int, datetime, str, str]:
    """The order in which competing messages go, smallest first (R3.7): class, priority, due time,
    journey id, step id."""
    return (
        _CLASSES[candidate.category.klass],
        _PRIORITIES[candidate.journey.priority],
        candidate.due,
        candidate.journey.name,
        candidate.step.id,
    )


def slot(candidate: Candidate, facts: Facts, rules: Rulebook, at: datetime) -> Sent:
    """The slot that the message takes at `at`, with category and tags frozen (R3.5)."""
    header = rules.mails.get(candidate.step.mail)
    return Sent(
        person=facts.person.id,
        mail=candidate.step.mail,
        category=candidate.category.name,
        klass=candidate.category.klass,
        at=at,
        tags=header.tags if header else (),
        run=candidate.run.id,
        step=candidate.step.id,
        ghost=candidate.ghost,
    )


# ── the gate ──────────────────────────────────────────────────────────────────────────────────


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
    slot_at: datetime,
    held_by: Sequence[str] = (),
    planned: Sequence[Planned] = (),
) -> Verdict:
    """The gate at the hand-off of a message that has its slot since `slot_at` (R3.9).

    Everything up to consent is asked again. A row older than 60 s passes the whole gate, where its
    own slot does not count against it. `candidate.run` is the run of today, who may stand elsewhere
    by now or have come to the journey's end; only an exit stops the message.
    """
    own = (candidate.run.id, candidate.step.id)
    others = tuple(sent for sent in facts.sent if (sent.run, sent.step) != own)
    gate = _Gate(candidate, replace(facts, sent=others), rules, now)
    if now - slot_at <= CLAIM_GOOD_FOR:
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
        early = self.up_to_consent()
        if early is not None:
            return early
        self._ask_hold_out()
        if self.expires is None:
            return self._stop(
                "expiry", Reason.EXPIRED, "quiet hours and send window never let it go"
            )
        if self.now > self.expires:
            return self._stop("expiry", Reason.EXPIRED, f"worth sending until {self._wall()}")
        self._pass("expiry")
        held = self._ask_holds(held_by)
        waits = self._ask_hours() or held is not None
        if not waits and self._is_duplicate():
            return self._stop(
                "caps", Reason.DUPLICATE, f"{self.candidate.step.mail} less than 18 hours ago"
            )
        free, over, winner = self._ask_caps(planned)
        if over is not None and not waits:
            overflow = overflow_of(self.candidate.step, self.rules.policy)
            if overflow.do != "postpone":
                return Stop(over, tuple(self.findings), overflow.do == "leave", winner)
        waits = waits or over is not None
        if free is None or free > self.expires:
            return self._expired(winner)
        if held is not None:
            free = max(free, held)
        if not waits:
            return self._ask_approval()
        return self._wait(min(free, self.expires), winner)

    # up to consent: asked again at the hand-off

    def up_to_consent(self) -> Verdict | None:
        """The first questions; None where all of them pass."""
        return self._ask_pause() or self._ask_person() or self._ask_run() or self._ask_consent()

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
            return self._expired(None)
        return self._wait(self.expires, None)

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
            if word != "given":
                return self._stop("consent", _CONSENT[word], f"consent to {topic}: {word}")
        self._pass("consent")
        return None

    # after consent

    def _ask_hold_out(self) -> None:
        """Held-out people walk on, as ghosts (R8.1); so the finding names it and stops nothing."""
        if self.candidate.ghost:
            self.findings.append(Finding("hold-out", Reason.HOLD_OUT, "leaves a ghost record"))
        else:
            self._pass("hold-out")

    def _ask_holds(self, held_by: Sequence[str]) -> datetime | None:
        """The earliest instant at which a hold may end, or None where nothing holds.

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
        for journey in held_by:
            if journey != self.journey.name and name in rules.journeys[journey].hold_other_mail:
                until.append(None)
                self.findings.append(Finding("holds", Reason.HELD_BY_JOURNEY, journey))
        if not until:
            self._pass("holds")
            return None
        assert self.expires is not None
        return max(ends or self.expires for ends in until)

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

    def _ask_caps(
        self, planned: Sequence[Planned]
    ) -> tuple[datetime | None, Reason | None, str | None]:
        """(the earliest instant that caps and clock allow together, what is over now, the winner).

        Every broken cap is recorded (R3.1). A cap with room that a planned message of a higher rank
        needs later the same day counts as full (R3.7).
        """
        caps = self._caps(planned)
        over: Reason | None = None
        winner: str | None = None
        for cap in caps:
            evidence = broken(cap.cap, cap.sent, self.now, self.zone)
            if evidence is not None:
                until = free_at(cap.cap, cap.sent, self.now, self.zone)
                self.findings.append(Finding("caps", Reason.OVER_THE_CAP, evidence, until))
                over = Reason.OVER_THE_CAP
                rivals = [sent.mail for sent in cap.sent if sent.at == self.now]
                winner = winner or (rivals[0] if rivals else None)
        free: datetime | None = self.now
        while free is not None:
            start = free
            free = self._legal_from(free)
            for cap in caps:
                if free is not None:
                    free, rival = cap.earliest(free, self.zone)
                    if rival is not None and over is None:
                        over, winner = Reason.RESERVED, rival.candidate.step.mail
                        detail = f"{winner} is planned for {local(rival.at, self.zone):%H:%M}"
                        self.findings.append(Finding("caps", over, detail, free))
            if free == start:
                break
            if free is not None and self.expires is not None and free > self.expires:
                break
        if over is None:
            self._pass("caps")
        return free, over, winner

    def _caps(self, planned: Sequence[Planned]) -> list[_CapAsked]:
        candidate, facts = self.candidate, self.facts
        mine = slot(candidate, facts, self.rules, self.now)
        caps: list[tuple[Cap, str | None]] = [
            (cap, self.category.name) for cap in self.category.caps
        ]
        if self.category.klass is Class.MARKETING:
            caps += [(cap, None) for cap in self.rules.policy.marketing_caps]
            persona = persona_of(facts, self.rules, self.now)
            caps += [(cap, None) for cap in persona.caps] if persona else []
        if not caps:
            return []
        rivals = [
            (one, slot(one.candidate, facts, self.rules, one.at))
            for one in sorted(planned, key=lambda one: (one.at, rank(one.candidate)))
            if self.rules.policy.reserve_ahead == "today"
        ]
        return [
            _CapAsked(
                cap,
                counting(facts.sent, category, ghosts=candidate.ghost),
                [
                    (one, theirs)
                    for one, theirs in rivals
                    if counting((theirs,), category, ghosts=candidate.ghost)
                ],
                mine,
            )
            for cap, category in caps
        ]

    def _ask_approval(self) -> Verdict:
        journey, step = self.journey, self.candidate.step
        needs = step.approval or journey.approval
        detail = f"{step.mail} waits for approval"
        if needs == "first_send" and (journey.version, step.id) not in self.rules.approved:
            return self._unapproved(detail)
        if needs == "every_send":
            judged = self.facts.judged.get(send_id(self.candidate.run.id, step.id))
            if judged is False:
                return self._stop("approval", Reason.APPROVAL, f"{step.mail} was rejected")
            if judged is None:
                return self._unapproved(detail)
        self._pass("approval")
        if journey.status is Status.SHADOW:
            self.findings.append(Finding("shadow", Reason.SHADOW, "hands nothing off"))
        return Go(tuple(self.findings), self.expires)

    def _unapproved(self, detail: str) -> Verdict:
        assert self.expires is not None
        self.findings.append(Finding("approval", Reason.APPROVAL, detail))
        return self._wait(self.expires, None)

    # words

    def _legal_from(self, moment: datetime) -> datetime | None:
        return legal_from(self.category, self.journey, self.rules.policy, moment, self.zone)

    def _wall(self) -> str:
        return f"{local(self.expires, self.zone):%Y-%m-%d %H:%M}" if self.expires else "never"

    def _pass(self, question: str) -> None:
        self.findings.append(_PASSED[question])

    def _stop(self, question: str, reason: Reason, detail: str = "") -> Stop:
        self.findings.append(Finding(question, reason, detail))
        return Stop(reason, tuple(self.findings))

    def _expired(self, winner: str | None) -> Stop:
        self.findings.append(
            Finding("expiry", Reason.EXPIRED, f"worth sending until {self._wall()}")
        )
        return Stop(Reason.EXPIRED, tuple(self.findings), winner=winner)

    def _wait(self, until: datetime, winner: str | None) -> Verdict:
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


@dataclass(frozen=True, slots=True)
class _CapAsked:
    """A cap, the sends that it counts, the planned ones of higher rank, and the slot in question."""

    cap: Cap
    sent: tuple[Sent, ...]
    planned: list[tuple[Planned, Sent]]
    mine: Sent

    def earliest(self, moment: datetime, zone: str) -> tuple[datetime | None, Planned | None]:
        """The earliest instant from `moment` on that has room, also for the planned ones of that
        day; and the first of those that stood in the way, if one did."""
        first: Planned | None = None
        while True:
            gone = self.sent + tuple(theirs for one, theirs in self.planned if one.at <= moment)
            free = free_at(self.cap, gone, moment, zone)
            if free is None:
                return None, first
            if free > moment:
                moment = free
                continue
            rival = self._robbed(gone, moment, zone)
            if rival is None:
                return moment, first
            first = first or rival
            moment = rival.at

    def _robbed(self, gone: tuple[Sent, ...], moment: datetime, zone: str) -> Planned | None:
        """The first planned message later that day whose slot a send at `moment` would take."""
        day = local(moment, zone).date()
        mine = replace(self.mine, at=moment)
        for one, _ in self.planned:
            if (
                one.at > moment
                and local(one.at, zone).date() == day
                and broken(self.cap, (*gone, mine), one.at, zone) is not None
                and broken(self.cap, gone, one.at, zone) is None
            ):
                return one
        return None


_PASSED = {
    question: Finding(question)
    for question in (
        "engine", "person", "run", "address", "consent", "hold-out", "expiry", "holds", "hours",
        "caps", "approval",
    )
}  # fmt: skip
_CONSENT = {
    "unknown": Reason.CONSENT_UNKNOWN,
    "pending": Reason.CONSENT_PENDING,
    "unsubscribed": Reason.UNSUBSCRIBED,
}
