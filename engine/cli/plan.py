"""`sincerely plan` and `sincerely apply`: what an edit does, and making it so."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, document, say, table
from engine.domain.errors import MistakeError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from engine.application.mail_ahead import MailAhead
    from engine.application.plan import JourneyChange, Plan, StepChange
    from engine.language.project import Project

_SHOWN = 12
_AHEAD = timedelta(days=7)


@click.command()
@click.option("--keep-timers", is_flag=True, help="As `apply --keep-timers` would have it.")
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    default=5_000,
    show_default=True,
    metavar="PEOPLE",
    help="How many people the mail ahead is worked out for; 0 for nobody.",
)
@pass_call
def plan(call: Call, keep_timers: bool, sample: int) -> int:
    """Say what `apply` would do to the people in flight and to the mail of the next 7 days.

    Changes nothing. Exit code 1 if `apply` would refuse.
    """
    from engine.adapters.db.connect import reading
    from engine.adapters.db.deployments import DatabaseDeployments
    from engine.application.deploy import make_plan

    output = call.wants("text", "json")
    now = call.now()
    project = call.workshop().proven(now)
    database = call.database()
    old = project_in_force(database)
    with reading(database) as connection:
        deployments = DatabaseDeployments(connection)
        found = make_plan(old, project, deployments, now, keep_timers=keep_timers)
        ahead = None
        if sample and not (found.empty or found.refusals):
            ahead = _mail_ahead(connection, old, project, now, sample)
    if output == "json":
        document({**asdict(found), "empty": found.empty, "mail_ahead": ahead and asdict(ahead)})
    else:
        tell(found)
        if ahead is not None and ahead.people:
            _tell_ahead(ahead)
    return 1 if found.refusals else 0


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--keep-timers", is_flag=True, help="People who wait keep the wake time they have.")
@click.option(
    "--backfill",
    multiple=True,
    metavar="JOURNEY",
    help="Let in those who are in its segment already, as its `backfill: yes` asks for.",
)
@pass_call
def apply(call: Call, yes: bool, keep_timers: bool, backfill: tuple[str, ...]) -> int:
    """Put the project's files in force: daemon and workers read nothing else.

    `--yes` alone enters nobody; `--backfill` confirms what `backfill: yes` asks for.
    """
    from engine.adapters.db.connect import reading, writing
    from engine.adapters.db.deployments import DatabaseDeployments
    from engine.application import deploy

    output = call.wants("text", "json")
    workshop = call.workshop()
    now = call.now()
    project = workshop.proven(now)
    database = call.database()
    old = project_in_force(database)
    with reading(database) as connection:
        found = deploy.make_plan(
            old, project, DatabaseDeployments(connection), now, keep_timers=keep_timers
        )
    if output == "text":
        tell(found)
    if not found.refusals and not found.empty and not yes:
        _ask()
    with writing(database) as connection:
        applied = deploy.apply(
            old,
            project,
            workshop.pictures,
            DatabaseDeployments(connection),
            now,
            keep_timers=keep_timers,
            backfill=backfill,
        )
    if output == "json":
        document(
            {
                "version": applied.version,
                "plan": asdict(applied.plan),
                "moved": applied.moved,
                "due": applied.due,
                "entering": applied.entering,
            }
        )
    elif not found.empty or backfill:
        say(f"Version {applied.version} is in force.")
        if applied.moved:
            say(f"The edit moves {_people(applied.moved)} in flight.")
        if applied.due:
            say(f"The daemon looks at {_people(applied.due)} anew: `sincerely run`.")
    return 0


def project_in_force(database: Engine) -> Project | None:
    """The project that was applied last, compiled; None before the first time."""
    from engine.adapters.db.connect import reading
    from engine.adapters.db.versions import current_version
    from engine.bootstrap import compile_project

    with reading(database) as connection:
        version = current_version(connection)
    return None if version is None else compile_project(version.files)


def _mail_ahead(
    connection: Connection, old: Project | None, new: Project, now: datetime, sample: int
) -> MailAhead:
    """The mail of the next days for up to `sample` people: mailboxes come in order of a hash, so the
    first ones stand for all."""
    from engine.adapters.db.lives import everybody
    from engine.adapters.db.stats import people
    from engine.adapters.db.versions import current_version
    from engine.application.deploy import as_if_applied
    from engine.application.forecast import Forecast
    from engine.application.mail_ahead import mail_ahead, whole_mailboxes
    from engine.bootstrap import with_decisions, with_holidays

    version, until = current_version(connection), now + _AHEAD
    standing = old.rulebook.journeys if old else {}

    def forecast(project: Project, *, edited: bool) -> Forecast:
        rules = as_if_applied(old, project, version, now)
        rules = replace(rules, policy=with_holidays(project, now.year).policy)
        rules = with_decisions(connection, rules, now)
        return Forecast(rules, standing, now, until, edited)

    return mail_ahead(
        whole_mailboxes(everybody(connection, until), sample),
        forecast(old, edited=False) if old else None,
        forecast(new, edited=True),
        of=people(connection),
    )


def _ask() -> None:
    import sys

    if not sys.stdin.isatty():
        raise MistakeError("nobody is there to answer", help="say `apply --yes` to go on")
    click.confirm("Apply this?", abort=True)


def tell(found: Plan) -> None:
    """A plan, for people."""
    if found.empty:
        say("Nothing to do: the files are what is in force.")
        return
    if found.first:
        say("Nothing is in force yet. Nobody enters by a first apply.")
    for journey in found.journeys:
        _tell_journey(journey)
    parts = [f for f in found.mails if f[0].startswith("templates/_")]
    mails = [f for f in found.mails if f not in parts]
    for kind, changes in (("segment", found.segments), ("mail", mails), ("part of mails", parts)):
        for name, what in changes[:_SHOWN]:
            say(f"{_SIGNS[what]} {kind} {name.removeprefix('templates/')}")
        if len(changes) > _SHOWN:
            say(f"  … and {len(changes) - _SHOWN} more like it")
    others = [
        f for f in found.files if not f[0].startswith(("journeys/", "segments/", "templates/"))
    ]
    for name, what in others:
        say(f"{_SIGNS[what]} {name}")
    for name, people in found.backfill.items():
        say(f"{name} asks for a backfill: {_people(people)} would enter at once.")
        say(f"  They do if you say `apply --backfill {name}`, and otherwise do not.")
    for refusal in found.refusals:
        say(f"REFUSED: {refusal.message}")
        say(f"   = help: {refusal.help}")


_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": "=", "same": " "}


def _tell_journey(journey: JourneyChange) -> None:
    inside = f", {_people(journey.people)} inside" if journey.people else ""
    say(f"{_SIGNS[journey.what]} journey {journey.journey} ({journey.status}{inside})")
    for step in journey.steps:
        people = f": {_people(step.people)} here{_what_they_do(step)}" if step.people else ""
        goes = f" → {step.goes_to}" if step.goes_to else ""
        say(f"    {_SIGNS[step.what]} step {step.step}{goes}{people}")


def _what_they_do(step: StepChange) -> str:
    """What following the edit means for the people who stand on a step."""
    if step.what == "removed" and not step.goes_to:
        return "; the edit does not say where they go"
    if not step.moved:
        return "" if step.goes_to else "; nothing changes for them"
    if step.what == "removed":
        return "; they go on at once"
    later = step.moved - step.released
    parts = [f"{step.released:,} go on now, a few at a time"] if step.released else []
    parts += [f"{later:,} wake at another time"] if later else []
    return "; " + ", ".join(parts)


def _tell_ahead(ahead: MailAhead) -> None:
    changed = [mail for mail in ahead.mails if mail.differs]
    about = "" if ahead.people == ahead.of else f" of {ahead.people:,} in {_people(ahead.of)}"
    say()
    if not changed:
        say(f"The mail of the next {ahead.days} days{about} stays as it is.")
        return
    say(f"The mail of the next {ahead.days} days{about}, if nothing new comes in:")
    table(
        ("journey", "mail", "sent now", "after", "dropped now", "after"),
        [
            (m.journey, m.mail or f"{m.step} (a task)", m.sent_before, m.sent_after,
             m.dropped_before, m.dropped_after)
            for m in changed
        ],
    )  # fmt: skip
    if len(changed) < len(ahead.mails):
        say(f"{counted(len(ahead.mails) - len(changed), 'other mail')} as before.")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
