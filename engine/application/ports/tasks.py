"""Tasks: a person needs a person, and somebody says that it is done (R2.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.turn import TaskOpened


@dataclass(frozen=True, slots=True)
class Task:
    """A task for a human team, for whom it is, and who closed it."""

    opened: TaskOpened
    person_id: str
    closed_at: datetime | None = None
    closed_by: str = ""
    note: str = ""


class Tasks(Protocol):
    """Finds tasks and closes them."""

    def find(self, start: str) -> Task | None:
        """The task whose id is this or begins so, where it is the only one."""
        ...

    def close(self, task_id: str, now: datetime, by: str, note: str) -> bool:
        """Close a task and let `task.done` in by the one door, in one transaction; answer whether it
        was open. A second time changes nothing."""
        ...
