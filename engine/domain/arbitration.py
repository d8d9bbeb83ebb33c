"""All messages of one person that want to go now: in order, one after the other (R3.7)."""

from __future__ import annotations

from datetime import datetime

from engine.domain.advance import advance, end, go
from engine.domain.changes import Queued
from engine.domain.desk import Desk
from engine.domain.event import Value
from engine.domain.facts import Facts, Sent
from engine.domain.ids import send_id
from engine.domain.index import holding
from engine.domain.journey import GoTo, Journey, Send, Status, Wait
from engine.domain.journey import WaitUntil as WaitUntilStep
from engine.domain.opening import legal_from
from engine.domain.policy import (
    Candidate,
    Go,
    Planned,
    Stop,
    WaitUntil,
    has_a_chance,
    policy,
    rank,
    slot,
)
from engine.domain.reasons import Reason
from engine.domain.replacing import replaced
from engine.domain.run import Postponed, Run
from engine.domain.verdict import Asked


def arbitrate(desk: Desk) -> bool:
    """Ask the gate for every waiting message, the most important first, until one of them moves.

    Returns whether one did: then its run has walked on, and everything is asked anew, because the
    slot it took, or the message it came to next, may matter to the others.
    """
    candidates = waiting(desk)
    held_by = holding(desk.rules, desk.runs.values())
    for candidate in sorted(candidates, key=rank):
        verdict = policy(
            candidate,
            _facts_for(desk, candidate),
            desk.rules,
            desk.now,
            held_by=held_by,
            planned=_planned(desk, candidate) if len(desk.runs) > 1 else (),
        )
        desk.asked.append(Asked(candidate, desk.facts, verdict))
        if isinstance(verdict, WaitUntil):
            _postpone(desk, candidate, verdict)
        else:
            _settle(desk, candidate, verdict)
            return True
    return False


def _facts_for(desk: Desk, candidate: Candidate) -> Facts:
    """What a run in shadow would have sent counts for its own later messages, so that what it records is
    what would have gone, and when. It counts for nobody else's (R2.11)."""
    run, journey = candidate.run, candidate.journey
    if journey.status is not Status.SHADOW or not run.sent:
        return desk.facts
    taken = {(sent.run, sent.step) for sent in desk.facts.sent}
    would: list[Sent] = []
    for step, at in run.sent.items():
        node = journey.nodes.get(step)
        if isinstance(node, Send) and (run.id, step) not in taken:
            before = _candidate(desk, run, journey, node, at)
            would.append(slot(before, desk.facts, desk.rules, at))
    return replaced(desk.facts, sent=(*desk.facts.sent, *would))


def waiting(desk: Desk) -> list[Candidate]:
    """The messages that the person's runs have come to."""
    found = []
    for run in desk.runs.values():
        journey = desk.rules.journeys.get(run.journey)
        if journey is not None and run.live:
            node = journey.nodes.get(run.step or "")
            if isinstance(node, Send):
                due = run.postponed.due if run.postponed else run.since
                found.append(_candidate(desk, run, journey, node, due))
    return found


def _candidate(desk: Desk, run: Run, journey: Journey, node: Send, due: datetime) -> Candidate:
    return Candidate(run, journey, node, desk.rules.policy.categories[journey.category], due)


def _settle(desk: Desk, candidate: Candidate, verdict: Go | Stop) -> None:
    run, journey, step = candidate.run, candidate.journey, candidate.step
    if isinstance(verdict, Go):
        _queue(desk, candidate, verdict)
    else:
        detail = _detail(candidate.step.mail, verdict)
        because = next((f.detail for f in reversed(verdict.findings) if f.reason), "")
        desk.trace(
            journey, run, "dropped", step=step.id, reason=verdict.reason, because=because,
            detail=detail,
        )  # fmt: skip
        if verdict.leaves:
            end(desk, journey, run, "over the cap", "left")
            return
    go(desk, journey, run.id, step.next)
    advance(desk, journey, run.id)


def _queue(desk: Desk, candidate: Candidate, verdict: Go) -> None:
    run, journey, step = candidate.run, candidate.journey, candidate.step
    shadow = journey.status is Status.SHADOW
    taken = slot(candidate, desk.facts, desk.rules, desk.now)
    run = replaced(run, sent={**run.sent, step.id: desk.now}, postponed=None)
    desk.runs[run.id] = run
    if not shadow:
        desk.facts = replaced(desk.facts, sent=(*desk.facts.sent, taken))
    header = desk.rules.mails.get(step.mail)
    desk.changes.append(
        Queued(
            send_id=send_id(run.id, step.id),
            sent=taken,
            run=run,
            due=candidate.due,
            expires=verdict.expires,
            entry=run.entry,
            sender=step.sender or (header.sender if header else None),
            tone=step.tone,
            shadow=shadow,
        )
    )
    reason = Reason.HOLD_OUT if taken.ghost else Reason.SHADOW if shadow else None
    what = "ghost" if taken.ghost else "queued"
    desk.trace(
        journey,
        run,
        what,
        step=step.id,
        reason=reason,
        because=step.mail,
        detail={"mail": step.mail},
    )


def _postpone(desk: Desk, candidate: Candidate, verdict: WaitUntil) -> None:
    """Let a message wait. It is written down only where something about the wait is new."""
    run = candidate.run
    postponed = Postponed(
        due=candidate.due,
        reasons=verdict.reasons,
        first_legal=verdict.first_legal or candidate.due,
        expires=verdict.expires,
        winner=verdict.winner,
    )
    if postponed == run.postponed and run.wake_at == verdict.until:
        return
    desk.runs[run.id] = replaced(run, postponed=postponed, wake_at=verdict.until)
    desk.postponed[run.id] = candidate.step.mail, verdict


def trace_postponed(desk: Desk) -> None:
    """Write the waits that stand at the end of the turn into the trace."""
    for run_id, (mail, verdict) in desk.postponed.items():
        run = desk.runs[run_id]
        if run.postponed is not None and run.wake_at == verdict.until:
            detail = _detail(mail, verdict)
            detail["until"] = f"{verdict.until:%Y-%m-%dT%H:%M:%S.%fZ}"
            because = next((f.detail for f in verdict.findings if f.reason), "")
            desk.trace(
                desk.rules.journeys[run.journey], run, "postponed", step=run.step,
                reason=verdict.reasons[0], because=because, detail=detail,
            )  # fmt: skip


def _detail(mail: str, verdict: Stop | WaitUntil) -> dict[str, Value]:
    broken = tuple(f"{f.reason}: {f.detail}" for f in verdict.findings if f.reason is not None)
    detail: dict[str, Value] = {"mail": mail, "findings": broken}
    if verdict.winner is not None:
        detail["winner"] = verdict.winner
    return detail


def _planned(desk: Desk, candidate: Candidate) -> list[Planned]:
    """Messages of a higher rank that are expected later: postponed ones, and those that a wait leads
    to directly. Shadows take no slot, and who may not be written to needs none. Nor is it planned when
    a message will go that waits for something else than time."""
    mine = rank(candidate)
    found = []
    for run in desk.runs.values():
        journey = desk.rules.journeys.get(run.journey)
        at = run.wake_at
        if journey is None or journey.status is Status.SHADOW or at is None or at <= desk.now:
            continue
        node = _next_send(journey, run)
        if node is None or run.id == candidate.run.id or _waits_for_data(run):
            continue
        due = run.postponed.due if run.postponed else at
        other = _candidate(desk, run, journey, node, due)
        legal = legal_from(other.category, journey, desk.rules.policy, at, desk.zone)
        if (
            legal is not None
            and rank(other) < mine
            and has_a_chance(other, desk.facts, desk.rules, desk.now)
        ):
            found.append(Planned(other, legal))
    return found


_HELD = {
    Reason.HOLD_WHEN, Reason.OPEN_TICKET, Reason.IN_CARE, Reason.HELD_BY_JOURNEY, Reason.APPROVAL,
    Reason.PAUSE_ASKED,
}  # fmt: skip


def _waits_for_data(run: Run) -> bool:
    """Whether its message is held, and time alone ends that no sooner than its expiry."""
    waits = run.postponed
    return (
        waits is not None and run.wake_at == waits.expires and not _HELD.isdisjoint(waits.reasons)
    )


def _next_send(journey: Journey, run: Run) -> Send | None:
    """The message a run waits to send: the one at the gate, or the one right behind a wait."""
    node = journey.nodes.get(run.step or "")
    while isinstance(node, (Wait, WaitUntilStep, GoTo)):
        node = journey.nodes.get(node.next or "")
    return node if isinstance(node, Send) else None
