"""Mail that fell due in the time that a restored database has lost (R10.1).

It may have left before. So a turn that replays that time passes marketing and service mail over, each at
the instant at which it fell due, as if it had been sent then: its slot counts, later waits run from
there, and the journey arrives in the present where it would have been. Transactional mail goes now if
it is still worth sending, with the Message-ID that it had, as after any unknown outcome.
"""

from __future__ import annotations

from dataclasses import replace

from engine.domain.advance import advance, go
from engine.domain.arbitration import waiting
from engine.domain.changes import Assumed
from engine.domain.desk import Desk
from engine.domain.ids import send_id
from engine.domain.journey import Class, Status
from engine.domain.policy import Candidate, has_a_chance, rank, slot
from engine.domain.reasons import Reason

_SENDING = (Status.LIVE, Status.ENDING)
_BECAUSE = "the database was restored from a backup, and this may have left before"


def pass_over(desk: Desk) -> bool:
    """Pass the most important message over that fell due by `desk.now`, within the time that was lost;
    answer whether there was one. What could not have left has its own reason, and is left to the gate."""
    restored = desk.rules.restored
    if restored is None or not restored.passes_over(desk.now):
        return False
    due = [candidate for candidate in waiting(desk) if _may_have_left(desk, candidate)]
    if not due:
        return False
    _assume(desk, min(due, key=rank))
    return True


def _may_have_left(desk: Desk, candidate: Candidate) -> bool:
    journey, wakes = candidate.journey, candidate.run.wake_at
    return (
        candidate.category.klass is not Class.TRANSACTIONAL
        and journey.status in _SENDING
        and (wakes is None or wakes <= desk.now)
        and has_a_chance(candidate, desk.facts, desk.rules, desk.now)
    )


def _assume(desk: Desk, candidate: Candidate) -> None:
    run, journey, step = candidate.run, candidate.journey, candidate.step
    taken = slot(candidate, desk.facts, desk.rules, desk.now)
    run = replace(run, sent={**run.sent, step.id: desk.now}, postponed=None)
    desk.runs[run.id] = run
    desk.facts = replace(desk.facts, sent=(*desk.facts.sent, taken))
    desk.changes.append(Assumed(send_id(run.id, step.id), taken))
    desk.trace(
        journey, run, "dropped", step=step.id, reason=Reason.RESTORED, because=_BECAUSE,
        detail={"mail": step.mail},
    )  # fmt: skip
    go(desk, journey, run.id, step.next)
    advance(desk, journey, run.id)
