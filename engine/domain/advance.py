"""Walking a run through its graph until it waits, ends, or comes to a message (R2).

One small function per verb; each answers where the person goes next, or that they stay. The verbs
write what they did into the desk. Messages are not decided here: a run that comes to a `send` stands
there until the gate has spoken (`arbitration`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from engine.domain.answer import holds
from engine.domain.changes import ConsentLowered, TaskOpened
from engine.domain.consent import ConsentEntry
from engine.domain.desk import Desk, Start
from engine.domain.edit import place_of, renamed
from engine.domain.engine_events import TASK_DONE, TASK_OPENED
from engine.domain.event import Event, Value
from engine.domain.exits import (
    ERASED,
    FINISHED,
    GOAL,
    LEAVE_WHEN,
    exit_of,
    goal_scope,
    goal_until,
    leave_scope,
    reached_goal,
    step_scope,
)
from engine.domain.experiment import variant_of
from engine.domain.ids import task_id
from engine.domain.journey import (
    Choose,
    Experiment,
    GoTo,
    HandTo,
    Journey,
    Leave,
    Node,
    Send,
    StartJourney,
    Status,
    Update,
    Wait,
    WaitFor,
    WaitUntil,
)
from engine.domain.reasons import Reason
from engine.domain.receiving import forget_moods, withdraws
from engine.domain.replacing import replaced
from engine.domain.run import Run
from engine.domain.values import is_number, same_stored
from engine.domain.waiting import past, wake


class _Stay:
    """The run goes nowhere now: it waits, or has just ended."""


STAY: Final = _Stay()

Way = str | None | _Stay
"""The id of the next step, None for the end of the journey, or STAY."""


def advance(desk: Desk, journey: Journey, run_id: str) -> None:
    """Move a live run as far as it goes at `desk.now`."""
    while desk.runs[run_id].live:
        node = _node(desk, journey, desk.runs[run_id])
        if node is None:
            return
        way = _VERBS[type(node)](desk, journey, desk.runs[run_id], node)
        if isinstance(way, _Stay):
            return
        go(desk, journey, run_id, way)


def go(desk: Desk, journey: Journey, run_id: str, target: str | None) -> None:
    """Put a run on its next step, or end it where there is none."""
    run = desk.runs[run_id]
    if target is None:
        end(desk, journey, run, FINISHED, "ended")
        return
    node = journey.nodes[target]
    wakes = wake(node, run, desk.now, desk.facts, desk.rules, desk.zone)
    desk.runs[run_id] = moved = replaced(
        run,
        step=target,
        since=desk.now,
        wake_at=wakes,
        version=journey.version,
        visited=run.visited if target in run.visited else (*run.visited, target),
        postponed=None,
    )
    if isinstance(node, HandTo):
        _open_task(desk, journey, moved, node, wakes)
    elif wakes is not None and wakes > desk.now:
        until = f"{wakes:%Y-%m-%dT%H:%M:%S.%fZ}"
        desk.trace(journey, moved, "waits", step=target, detail={"until": until})


def end(
    desk: Desk,
    journey: Journey,
    run: Run,
    because: str,
    what: str,
    reason: Reason | None = None,
) -> None:
    """End a run. With a `reason` it is cut short: a message that it stands before is dropped (R3.10)."""
    step = run.step
    node = journey.nodes.get(step or "")
    if reason is not None and isinstance(node, Send):
        mail = {"mail": node.mail}
        desk.trace(journey, run, "dropped", step=step, reason=reason, because=because, detail=mail)
    late = _sent_after_exit(desk, journey, run) if because in (GOAL, LEAVE_WHEN) else 0
    desk.runs[run.id] = replaced(
        run,
        step=None,
        wake_at=None,
        postponed=None,
        ended_at=desk.now,
        because=because,
        goal_at=desk.now if because == GOAL else run.goal_at,
        version=journey.version,
    )
    detail: dict[str, Value] = {"sent_after_exit": late} if late else {}
    desk.trace(journey, run, what, step=step, because=because, detail=detail)
    if journey.status is not Status.SHADOW:
        left = {"journey": journey.name, "because": because, "run": run.id}
        desk.note("journey.left", run.id, left)


def leave_if_due(desk: Desk, journey: Journey, run: Run) -> None:
    """Goal, `leave_when`, `stay`, in this order (R1.6); and the goal of a run that has ended (R1.8)."""
    if run.live:
        if desk.facts.person.erased:
            end(desk, journey, run, ERASED, "left", Reason.ERASED)
            return
        way = exit_of(run, journey, desk.facts, desk.rules, desk.now)
        if way == "goal":
            end(desk, journey, run, way, "goal", Reason.GOAL_REACHED)
        elif way is not None:
            end(desk, journey, run, way, "left", Reason.LEFT)
    else:
        until = goal_until(run, journey)
        if until is not None and reached_goal(run, journey, desk.facts, desk.rules, desk.now):
            desk.runs[run.id] = replaced(run, goal_at=desk.now)
            desk.trace(journey, run, "goal", because="after leaving")


def _sent_after_exit(desk: Desk, journey: Journey, run: Run) -> int:
    """How many mails left although the exit's event, which came in late, had happened (R1.9)."""
    if not desk.late or not run.sent:
        return 0
    first = min(event.at for event in desk.late)
    return sum(
        1
        for at in run.sent.values()
        if at >= first
        and any(
            condition is not None and holds(condition, desk.facts, desk.rules, at, scope)
            for condition, scope in (
                (journey.goal, goal_scope(run)),
                (journey.leave_when, leave_scope(run)),
            )
        )
    )


def _node(desk: Desk, journey: Journey, run: Run) -> Node | None:
    """The node where the run stands, in today's journey; None where an edit left it nowhere."""
    node = journey.nodes.get(run.step or "")
    if node is not None:
        return node
    place = place_of(run.step or "", journey)
    if place is None:
        return None
    if run.postponed is not None and not place.stay:
        desk.trace(
            journey, run, "dropped", step=run.step, reason=Reason.CONDITION,
            because="the step was removed",
        )  # fmt: skip
    if place.step is None:
        end(desk, journey, run, place.leave, "left", Reason.RUN_ENDED)
        return None
    if place.stay:
        desk.runs[run.id] = renamed(run, journey)
    else:
        go(desk, journey, run.id, place.step)
    return journey.nodes[place.step]


# ── the verbs ─────────────────────────────────────────────────────────────────────────────────


def _send(desk: Desk, journey: Journey, run: Run, node: Send) -> Way:
    return node.next if node.id in run.sent else STAY  # R2.10


def _wait(desk: Desk, journey: Journey, run: Run, node: Wait) -> Way:
    return node.next if run.wake_at is None or run.wake_at <= desk.now else STAY


def _wait_until(desk: Desk, journey: Journey, run: Run, node: WaitUntil) -> Way:
    what = past(node, run, run.since, desk.facts, desk.zone)
    if what == "leave":
        end(desk, journey, run, "the moment had passed", "left")
        return STAY
    if what is not None:
        desk.trace(journey, run, "moved", step=node.id, because=f"the moment had passed: {what}")
        return node.after_next if what == "skip_next" else node.next
    wakes = wake(node, run, run.since, desk.facts, desk.rules, desk.zone)
    if wakes != run.wake_at and (run.wake_at is None or run.wake_at > desk.now):
        desk.runs[run.id] = run = replaced(run, wake_at=wakes)
    return node.next if run.wake_at is None or run.wake_at <= desk.now else STAY


def _wait_for(desk: Desk, journey: Journey, run: Run, node: WaitFor) -> Way:
    if node.event is not None:
        event = _answer(desk, run, node.event, node.same)
        if event is not None:
            answers = {**run.answers, node.id: event}
            desk.runs[run.id] = replaced(run, answers=answers)
            desk.trace(
                journey,
                run,
                "matched",
                step=node.id,
                because=event.name,
                detail={"event": event.id},
            )
            return node.next
    elif node.condition is not None and holds(
        node.condition, desk.facts, desk.rules, desk.now, step_scope(run)
    ):
        desk.trace(journey, run, "matched", step=node.id)
        return node.next
    return _time_out(desk, journey, run, node.id, node.otherwise)


def _time_out(desk: Desk, journey: Journey, run: Run, step: str, otherwise: str | None) -> Way:
    if run.wake_at is None or run.wake_at > desk.now:
        return STAY
    desk.trace(journey, run, "timed_out", step=step)
    return otherwise


def _answer(desk: Desk, run: Run, name: str, same: str | None) -> Event | None:
    """The first event since the entry that no other `wait_for` of the run has taken (R2.3)."""
    taken = {(event.source, event.id) for event in run.answers.values()}
    if run.entry is not None:
        taken.add((run.entry.source, run.entry.id))
    wanted = run.entry.properties.get(same) if same and run.entry else None
    for event in desk.facts.history.named(name):
        if event.at > desk.now:
            break
        if (
            event.at >= run.entered_at
            and (event.source, event.id) not in taken
            and (
                same is None
                or (wanted is not None and same_stored(event.properties.get(same), wanted))
            )
        ):
            return event
    return None


def _choose(desk: Desk, journey: Journey, run: Run, node: Choose) -> Way:
    scope = step_scope(run)
    for place, (condition, target) in enumerate(node.arms, 1):
        if holds(condition, desk.facts, desk.rules, desk.now, scope):
            desk.trace(journey, run, "chose", step=node.id, because=str(place))
            return target
    desk.trace(journey, run, "chose", step=node.id, because="otherwise")
    return node.next


def _experiment(desk: Desk, journey: Journey, run: Run, node: Experiment) -> Way:
    known = {variant.name: variant for variant in node.variants}
    variant = known.get(run.variants.get(node.id, ""))
    if variant is None:
        winner = desk.rules.winners.get((journey.name, node.id), "")
        question = f"{journey.name}/{node.id}"
        variant = known.get(winner) or variant_of(
            desk.rules.salt, question, node.variants, run.person
        )
        variants = {**run.variants, node.id: variant.name}
        desk.runs[run.id] = replaced(run, variants=variants)
    desk.trace(journey, run, "chose", step=node.id, because=variant.name)
    return variant.first


def _open_task(
    desk: Desk, journey: Journey, run: Run, node: HandTo, until: datetime | None
) -> None:
    desk.trace(journey, run, "handed_over", step=node.id, because=node.because)
    if journey.status is Status.SHADOW:
        return
    task = task_id(run.id, node.id)
    desk.changes.append(
        TaskOpened(
            id=task,
            run=run.id,
            journey=journey.name,
            step=node.id,
            team=node.team,
            because=node.because,
            urgency=node.urgency,
            at=desk.now,
            until=until,
            briefing=node.briefing,
        )
    )
    told = {"task": task, "team": node.team, "urgency": node.urgency}
    desk.note(TASK_OPENED, task, {**told, "journey": journey.name, "step": node.id})


def _hand_to(desk: Desk, journey: Journey, run: Run, node: HandTo) -> Way:
    if node.up_to is None:
        return node.next
    task = task_id(run.id, node.id)
    for event in desk.facts.history.named(TASK_DONE):
        if event.properties.get("task") == task and event.at <= desk.now:
            desk.runs[run.id] = replaced(run, answers={**run.answers, node.id: event})
            desk.trace(journey, run, "matched", step=node.id, because=TASK_DONE)
            return node.next
    return _time_out(desk, journey, run, node.id, node.otherwise)


def _update(desk: Desk, journey: Journey, run: Run, node: Update) -> Way:
    desk.trace(journey, run, "updated", step=node.id)
    if journey.status is Status.SHADOW:
        return node.next
    values: dict[str, Value | None] = dict(node.set)
    attributes = desk.facts.person.attributes
    if node.add_tags:
        tags = attributes.get("tags", ())
        have = tags if isinstance(tags, tuple) else (str(tags),)
        values["tags"] = (*have, *(tag for tag in node.add_tags if tag not in have))
    for name, more in node.increase.items():
        before = attributes.get(name)
        total = round((before if is_number(before) else 0) + more, 6)
        values[name] = int(total) if total == int(total) else total
    key = f"{run.id}:{node.id}"
    if values:
        desk.change_person(values, key)
    for topic in node.lower_consent:
        entry = ConsentEntry(topic, "unsubscribed", desk.now, source=f"journey {journey.name}")
        desk.facts = replaced(desk.facts, consents=(*desk.facts.consents, entry))
        if withdraws(desk.facts.consents, entry):
            desk.facts = forget_moods(desk.facts)
        desk.changes.append(ConsentLowered(entry))
        desk.note("consent.withdrawn", f"{key}:{topic}", {"topic": topic})
    return node.next


def _start(desk: Desk, journey: Journey, run: Run, node: StartJourney) -> Way:
    desk.trace(journey, run, "started", step=node.id, because=node.journey)
    if journey.status is not Status.SHADOW:
        desk.starts.append(Start(node.journey, f"{run.id}:{node.id}", run.entry))
    return node.next


def _go_to(desk: Desk, journey: Journey, run: Run, node: GoTo) -> Way:
    return node.next


def _leave(desk: Desk, journey: Journey, run: Run, node: Leave) -> Way:
    end(desk, journey, run, node.why, "left")
    return STAY


_VERBS: dict[type[Node], Callable[[Desk, Journey, Run, Any], Way]] = {
    Send: _send,
    Wait: _wait,
    WaitUntil: _wait_until,
    WaitFor: _wait_for,
    Choose: _choose,
    Experiment: _experiment,
    HandTo: _hand_to,
    Update: _update,
    StartJourney: _start,
    GoTo: _go_to,
    Leave: _leave,
}
