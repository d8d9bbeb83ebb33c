"""Is there room for one more mail? All caps of one message, and who goes first (R3.1-3.7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.domain.answer import persona_of
from engine.domain.calendar import local
from engine.domain.caps import Cap
from engine.domain.counting import broken, counting, free_at
from engine.domain.facts import Facts, Rulebook, Sent
from engine.domain.journey import Class
from engine.domain.preference import LESS_OFTEN
from engine.domain.reasons import Reason
from engine.domain.replacing import replaced
from engine.domain.verdict import Candidate, Finding, Planned, rank, slot


@dataclass(frozen=True, slots=True)
class Room:
    """`free` is the earliest instant that clock and caps allow together, None where none before the
    expiry does; `after_hold` the earliest once the holds have ended. `over` says why it is not now, and
    `winner` names the mail that was preferred."""

    free: datetime | None
    after_hold: datetime | None
    over: Reason | None = None
    winner: str | None = None
    findings: tuple[Finding, ...] = ()


def room_for(
    candidate: Candidate,
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    zone: str,
    expires: datetime,
    *,
    hold_ends: datetime | None,
    planned: Sequence[Planned],
    legal_from: Callable[[datetime], datetime | None],
) -> Room:
    """Ask every cap that applies; each broken one is a finding (R3.1).

    `legal_from` gives the first instant that the clock alone allows; clock and caps take turns until
    both agree, or the expiry is past. A cap with room that a planned message of a higher rank needs
    later the same day counts as full (R3.7).
    """
    caps = _caps_of(candidate, facts, rules, now, planned)
    over: Reason | None = None
    winner: str | None = None
    findings: list[Finding] = []
    for cap in caps:
        evidence = broken(cap.cap, cap.sent, now, zone)
        if evidence is not None:
            over = over or cap.reason
            until = free_at(cap.cap, cap.sent, now, zone)
            findings.append(Finding("caps", cap.reason, evidence, until))
            winner = winner or next((sent.mail for sent in cap.sent if sent.at == now), None)
    free, rivals = _earliest(caps, now, expires, zone, legal_from)
    for rival, until in rivals:
        if over is None:
            over, winner = Reason.RESERVED, rival.candidate.step.mail
            detail = f"{winner} is planned for {local(rival.at, zone):%H:%M}"
            findings.append(Finding("caps", over, detail, until))
    after_hold = free
    if hold_ends is not None:
        after_hold = _earliest(caps, hold_ends, expires, zone, legal_from)[0]
    return Room(free, after_hold, over, winner, tuple(findings))


def _earliest(
    caps: Sequence[_Asked],
    start: datetime,
    expires: datetime,
    zone: str,
    legal_from: Callable[[datetime], datetime | None],
) -> tuple[datetime | None, list[tuple[Planned, datetime | None]]]:
    """The first instant from `start` to `expires` that clock and caps allow together; and the planned
    messages that stood in the way, each with when its cap lets this one go."""
    rivals: list[tuple[Planned, datetime | None]] = []
    free: datetime | None = start
    settled = False
    while free is not None and free <= expires and not settled:
        before = free
        free = legal_from(free)
        for cap in caps:
            if free is None:
                break
            free, rival = cap.earliest(free, zone)
            if rival is not None:
                rivals.append((rival, free))
        settled = free == before
    return free if settled else None, rivals


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap that applies, the category whose mails it counts (None for all marketing,
    `counting.counting`), and the reason given where it is full."""

    cap: Cap
    category: str | None = None
    reason: Reason = Reason.OVER_THE_CAP


def caps_for(candidate: Candidate, facts: Facts, rules: Rulebook, now: datetime) -> list[Limit]:
    """The caps of the category, and, for marketing, those on all marketing, of the persona, and the one
    that the person chose."""
    category = candidate.category
    caps = [Limit(cap, category.name) for cap in category.caps]
    if category.klass is Class.MARKETING:
        caps += [Limit(cap) for cap in rules.policy.marketing_caps]
        persona = persona_of(facts, rules, now)
        caps += [Limit(cap) for cap in persona.caps] if persona else []
        if facts.wishes().less_often:
            caps.append(Limit(LESS_OFTEN, reason=Reason.LESS_OFTEN))
    return caps


def _caps_of(
    candidate: Candidate, facts: Facts, rules: Rulebook, now: datetime, planned: Sequence[Planned]
) -> list[_Asked]:
    """The caps that apply, each with what it counts and the planned messages that it would count."""
    caps, ghosts = caps_for(candidate, facts, rules, now), candidate.ghost
    if not caps:
        return []
    mine = slot(candidate, facts, rules, now)
    rivals = [
        (one, slot(one.candidate, facts, rules, one.at))
        for one in sorted(planned, key=lambda one: (one.at, rank(one.candidate)))
        if rules.policy.reserve_ahead == "today"
    ]
    return [
        _Asked(
            one.cap,
            one.reason,
            counting(facts.sent, one.category, ghosts=ghosts),
            [rival for rival in rivals if counting(rival[1:], one.category, ghosts=ghosts)],
            mine,
        )
        for one in caps
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A cap, the sends that it counts, the planned ones of higher rank, and the slot in question."""

    cap: Cap
    reason: Reason
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
        if not self.planned:
            return None
        day = local(moment, zone).date()
        mine = replaced(self.mine, at=moment)
        for one, _ in self.planned:
            if (
                one.at > moment
                and local(one.at, zone).date() == day
                and broken(self.cap, (*gone, mine), one.at, zone) is not None
                and broken(self.cap, gone, one.at, zone) is None
            ):
                return one
        return None
