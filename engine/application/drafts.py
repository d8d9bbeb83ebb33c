"""Mails that wait for somebody's approval, and what is said of them (R7.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.application.ports.outbox import Outgoing
from engine.domain.drafts import Approval, approval_of, judgement_of, version_of
from engine.domain.errors import UsageError
from engine.domain.facts import Facts, Judgement, Rulebook
from engine.domain.ids import send_id
from engine.domain.journey import Journey, Send
from engine.domain.person import Person
from engine.domain.reasons import Reason
from engine.domain.run import Run

SHOWN = 8
"""So many letters of an id are shown; as few as tell it from others are enough to name it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One message that waits for approval: until when, and in which version (`version_of`)."""

    id: str
    run: Run
    journey: Journey
    step: Send
    asks: Approval
    version: str
    since: datetime
    expires: datetime | None

    @property
    def person(self) -> str:
        """Whom it is for."""
        return self.run.person

    @property
    def place(self) -> str:
        """The step as it is named on the command line: `onboarding:welcome`."""
        return f"{self.journey.name}:{self.step.id}"


def steps_with_approval(rules: Rulebook) -> dict[tuple[str, str], tuple[Journey, Send]]:
    """The steps in force whose mails somebody looks at first, by journey and step."""
    return {
        (journey.name, node.id): (journey, node)
        for journey in rules.journeys.values()
        for node in journey.nodes.values()
        if isinstance(node, Send) and approval_of(journey, node) is not None
    }


def drafts_of(
    rules: Rulebook,
    standing: Iterable[Run],
    stopped: Iterable[tuple[Run, Outgoing]],
    judged: Mapping[tuple[str, str], Judgement],
    now: datetime,
) -> list[Draft]:
    """What waits for approval at `now`, the soonest to expire first.

    `standing` are the runs at `steps_with_approval`, `stopped` messages that wait on their way out.
    What was judged already (`judged`, by version and send id), or has expired, waits for its next
    turn only.
    """
    steps = steps_with_approval(rules)
    found = []
    for run in standing:
        postponed = run.postponed
        known = steps.get((run.journey, run.step or ""))
        if known and postponed and Reason.APPROVAL in postponed.reasons:
            found.append(_draft(rules, run, *known, postponed.due, postponed.expires))
    for run, row in stopped:
        known = steps.get((row.journey, row.step))
        if known:
            found.append(_draft(rules, run, *known, row.due, row.expires))
    seen = Facts(Person(""), judged=judged)
    waiting = [
        draft
        for draft in found
        if (draft.expires is None or draft.expires > now)
        and judgement_of(draft.run, draft.journey, draft.step, seen, rules) is None
    ]
    return sorted(waiting, key=lambda draft: (draft.expires or now, draft.place, draft.id))


def _draft(
    rules: Rulebook,
    run: Run,
    journey: Journey,
    step: Send,
    since: datetime,
    expires: datetime | None,
) -> Draft:
    asks = approval_of(journey, step)
    assert asks is not None
    version = version_of(journey, step, rules)
    return Draft(send_id(run.id, step.id), run, journey, step, asks, version, since, expires)


def named(drafts: Sequence[Draft], name: str) -> list[Draft]:
    """The drafts that a name means: those of a step (`onboarding:welcome`), or the one whose id begins
    like this.

    Raises:
        UsageError: if it means none, or several by their ids.
    """
    found = [d for d in drafts if name == d.place or (":" not in name and d.id.startswith(name))]
    if not found:
        raise UsageError(
            f"no draft is called `{name}`", help="`sincerely drafts list` shows what waits"
        )
    if len(found) > 1 and ":" not in name:
        raise UsageError(f"{len(found)} drafts begin with `{name}`", help="write more of the id")
    return found
