"""A closed task comes back as an event, by the same door as an order (R2.7)."""

from __future__ import annotations

from datetime import datetime

from engine.application.ports.tasks import Task
from engine.domain.arrival import EventArrived
from engine.domain.engine_events import TASK_DONE
from engine.domain.event import Event

SHOWN = 8
"""So many letters of an id are shown; as few as tell it from others are enough to name it."""


def task_done(task: Task, now: datetime) -> EventArrived:
    """The `task.done` of a task that somebody closed at `now`: the same one, however often."""
    opened = task.opened
    event = Event(
        id=f"{TASK_DONE}:{opened.id}",
        name=TASK_DONE,
        at=now,
        source="engine",
        properties={"task": opened.id, "journey": opened.journey, "step": opened.step},
    )
    return EventArrived(task.person_id, event)
