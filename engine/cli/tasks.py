"""`sincerely tasks`: what people of a team have to do, and what they have done (R2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.call import Call, pass_call, who_is_logged_in
from engine.cli.output import cell, document, lines, say, table
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from engine.application.briefing import Briefing
    from engine.application.ports.tasks import Task

_CLOSED = 200
_OPEN_HEADS = ("task", "urgency", "team", "person", "because", "how they feel", "since", "until")
_CLOSED_HEADS = ("task", "person", "because", "closed at", "by", "note")


@click.group()
def tasks() -> None:
    """Tasks of human teams: who needs somebody most comes first."""


@tasks.command("list")
@click.option("--team", metavar="TEAM", help="Only the tasks of this team.")
@click.option("--done", is_flag=True, help="What was closed instead, the latest first.")
@pass_call
def list_(call: Call, team: str | None, done: bool) -> None:
    """Open tasks, in the order in which people should be helped.

    What is sensitive comes first, then what is urgent, then who is the most upset now, then who has
    waited the longest.
    """
    from engine.adapters.db.connect import reading
    from engine.adapters.db.tasks import closed_tasks, open_tasks

    output, now = call.wants("text", "json", "jsonl"), call.now()
    with reading(call.database()) as connection:
        found = (
            closed_tasks(connection, _CLOSED, team) if done else open_tasks(connection, now, team)
        )
        felt = _felt(call, connection, found, now) if not done else {}
    rows = [{**_row(task, now), "felt": felt.get(task.person_id)} for task in found]
    if output == "json":
        document(rows)
    elif output == "jsonl":
        lines(rows)
    elif not rows:
        say("Nothing was closed yet." if done else "Nobody waits for a person.")
    elif done:
        table(_CLOSED_HEADS, [_closed_line(row) for row in rows])
    else:
        table(_OPEN_HEADS, [_open_line(row) for row in rows])
        say("`sincerely tasks show TASK` has the briefing, `sincerely tasks done TASK` closes it.")


def _felt(
    call: Call, connection: Connection, found: Sequence[Task], now: datetime
) -> dict[str, str]:
    """How people feel now, in a line each, of those of whom it is known (R5.10)."""
    from engine.adapters.db.lives import load
    from engine.application.mood_portrait import in_one_line, mood_portrait

    rules = call.workshop().project.rulebook
    visits = load(connection, {task.person_id for task in found}, now, moods=True)
    lines = {
        visit.person_id: in_one_line(mood_portrait(visit.life.facts, rules, now))
        for visit in visits
    }
    return {who: line for who, line in lines.items() if line}


def _row(task: Task, now: datetime) -> dict[str, Any]:
    opened = task.opened
    return {
        "task": opened.id,
        "team": opened.team,
        "urgency": opened.urgency,
        "sensitive": opened.sensitive,
        "person": task.person_id,
        "because": opened.because,
        "journey": opened.journey or None,
        "step": opened.step or None,
        "since": opened.at,
        "until": opened.until,
        "overdue": task.closed_at is None and opened.until is not None and opened.until < now,
        "closed_at": task.closed_at,
        "closed_by": task.closed_by or None,
        "note": task.note or None,
    }


def _open_line(row: dict[str, Any]) -> tuple[object, ...]:
    from engine.application.tasks import SHOWN

    until = f"{cell(row['until'])} (over)" if row["overdue"] else row["until"]
    return (
        row["task"][:SHOWN], "sensitive" if row["sensitive"] else row["urgency"], row["team"],
        row["person"], row["because"], row["felt"], row["since"], until,
    )  # fmt: skip


def _closed_line(row: dict[str, Any]) -> tuple[object, ...]:
    from engine.application.tasks import SHOWN

    return (
        row["task"][:SHOWN], row["person"], row["because"], row["closed_at"], row["closed_by"],
        row["note"],
    )  # fmt: skip


@tasks.command()
@click.argument("task", metavar="TASK")
@pass_call
def show(call: Call, task: str) -> None:
    """The briefing of TASK (its id, or how that begins): who, what happened, what helps."""
    output, now = call.wants("text", "json"), call.now()
    found = _found(call, task)
    briefing = _briefing(call, found, now)
    if output == "json":
        sections = {section.title: section.lines for section in briefing.sections}
        document({**_row(found, now), "subject": briefing.subject, "briefing": sections})
        return
    say(briefing.subject)
    for section in briefing.sections:
        say(f"\n{section.title}")
        for line in section.lines:
            say(f"  {line}")
    if found.closed_at is not None:
        say(f"\n{_closed(found)}")
    else:
        say(f"\n`sincerely tasks done {task}` closes it.")


@tasks.command()
@click.argument("task", metavar="TASK")
@click.option(
    "--note", default="", metavar="TEXT", help="What came of it, for whoever looks later."
)
@click.option("--by", metavar="NAME", help="Who did it; else whoever is logged in.")
@pass_call
def done(call: Call, task: str, note: str, by: str | None) -> None:
    """Close TASK: the journey that waits for it goes on at the next tick.

    Closing it twice is closing it once.
    """
    from engine.adapters.db.tasks import DatabaseTasks

    output, now = call.wants("text", "json"), call.now()
    found = _found(call, task)
    store = DatabaseTasks(call.database())
    closed = store.close(found.opened.id, now, by or who_is_logged_in(), note.strip())
    after = store.find(found.opened.id)
    assert after is not None
    if output == "json":
        document({**_row(after, now), "closed_now": closed})
    elif closed:
        say(f"Closed: {found.opened.because or found.opened.step} ({found.person_id}).")
    else:
        say(_closed(after))


def _closed(task: Task) -> str:
    by = f" by {task.closed_by}" if task.closed_by else ""
    note = f": {task.note}" if task.note else ""
    return f"It was closed {cell(task.closed_at)}{by}{note}."


def _found(call: Call, start: str) -> Task:
    from engine.adapters.db.tasks import DatabaseTasks

    if not start:
        raise UsageError("a task is named by its id", help="`sincerely tasks list` shows them")
    found = DatabaseTasks(call.database()).find(start)
    if found is None:
        raise MistakeError(
            f"no task, or more than one, begins with `{start}`",
            help="`sincerely tasks list` shows them; write more of the id",
        )
    return found


def _briefing(call: Call, task: Task, now: datetime) -> Briefing:
    from engine.adapters.db.briefings import subject_of
    from engine.adapters.db.connect import reading
    from engine.adapters.mail.ways_out import NoWaysOut
    from engine.application.briefing import briefing_of
    from engine.application.letters import Letters
    from engine.bootstrap import templates_of

    database = call.database()
    force = call.in_force(database)
    letters = Letters(
        force.project, force.rules, templates_of(force.project, force.pictures), NoWaysOut()
    )
    with reading(database) as connection:
        facts, run = subject_of(connection, task, now)
    return briefing_of(task, facts, run, letters, now)
