"""What decisions still need of the past, so that keeping house removes nothing that they ask for.

Consent, slots, runs and what was bought are never removed: they are what consent, caps, `again` and the
stages rest on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine.domain.answer import TICKET_OPENED, TICKET_SOLVED
from engine.domain.condition import Did, TotalOf
from engine.domain.engine_events import (
    ANSWER_NEEDED,
    CARE_NEEDED,
    FEEDBACK,
    MOOD_CHANGED,
    TASK_DONE,
    TASK_OPENED,
    TASK_RAISED,
)
from engine.domain.facts import Rulebook
from engine.domain.index import parts_of
from engine.domain.journey import Experiment, WaitFor, WhenEvent
from engine.domain.lifecycle import undoing
from engine.domain.mood import heard_for

WORDS = "text"
"""The property of feedback that holds what somebody wrote."""
SUBJECT = "subject"
"""The property of a reply that holds what may be their words, too."""


def events_needed(rules: Rulebook) -> Mapping[str, timedelta | None]:
    """How far back conditions in force look for events, by name; None is for ever.

    Goals and measures count from an entry, however long ago that was, so theirs are needed for ever, as
    are orders, tickets, and who waits for an answer. The mood announced last is needed while it may be heard.
    """
    order = rules.lifecycle.order_event
    tasks = (TASK_OPENED, TASK_RAISED, TASK_DONE)
    for_ever = (order, *undoing(order), TICKET_OPENED, TICKET_SOLVED, *tasks, ANSWER_NEEDED)
    needed: dict[str, timedelta | None] = dict.fromkeys(for_ever)
    needed[MOOD_CHANGED] = heard_for(rules.emotion)
    needed[CARE_NEEDED] = rules.emotion.rest
    everywhere = (rules.journeys, rules.segments, rules.personas, rules.policy.hold_when)
    for asked in parts_of(everywhere, (Did, TotalOf)):
        known = needed.get(asked.event, timedelta(0))
        longer = None if known is None or asked.within is None else max(known, asked.within)
        needed[asked.event] = longer
    for journey in rules.journeys.values():
        measures = [n.measure for n in journey.nodes.values() if isinstance(n, Experiment)]
        for counted in parts_of((journey.goal, *measures), (Did, TotalOf)):
            needed[counted.event] = None
    return needed


def words_needed(rules: Rulebook) -> bool:
    """Whether a condition in force asks what somebody wrote, so that the words have to stay."""
    everywhere = (rules.journeys, rules.segments, rules.personas, rules.policy.hold_when)
    return any(
        asked.event == FEEDBACK and any(test.name == WORDS for test in asked.where)
        for asked in parts_of(everywhere, (Did, TotalOf))
    )


def journeys_with_words(rules: Rulebook) -> list[str]:
    """The journeys whose runs may hold what somebody wrote: entered by it, or waiting for it."""
    return sorted(
        name
        for name, journey in rules.journeys.items()
        if journey.enter.trigger == WhenEvent(FEEDBACK)
        or any(isinstance(n, WaitFor) and n.event == FEEDBACK for n in journey.nodes.values())
    )


def experiments_in_force(rules: Rulebook) -> list[tuple[str, str]]:
    """The experiments, by journey and step: their assignments stand in the trace."""
    return [
        (journey.name, node.id)
        for journey in rules.journeys.values()
        for node in journey.nodes.values()
        if isinstance(node, Experiment)
    ]
