"""`sincerely simulate`: the production code with a virtual clock. Nothing is sent, nothing stored."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import counted, document, lines, say, table
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from engine.application.rows import Rejected
    from engine.application.simulate import Outcome
    from engine.application.world import Happening
    from engine.domain.arrival import Arrival
    from engine.language.project import Project
    from engine.settings import Settings

_SHOWN = 20
_REJECTED_SHOWN = 10


@click.command()
@click.option("--from", "since", required=True, metavar="TIME", help="Where the clock starts.")
@click.option("--to", "until", required=True, metavar="TIME", help="Where it stops, inclusive.")
@click.option(
    "--journey", metavar="JOURNEY", help="Show this journey only; the others still count."
)
@click.option(
    "--person", "who", metavar="PERSON", help="Walk this person only: an id or an address."
)
@click.option(
    "--events",
    "file",
    metavar="FILE",
    help="Walk this history instead of the database; `-`: a pipe.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the mails there too, with an index to look through.",
)
@pass_call
def simulate(
    call: Call,
    since: str,
    until: str,
    journey: str | None,
    who: str | None,
    file: str | None,
    out: Path | None,
) -> int:
    """What would be sent, held, dropped and handed over between two times, and why.

    The project's files as they stand, on a copy of what the database knows: people and their runs go
    on from where they are; what lies in the past is lived again. One JSON object a line in a pipe, a
    summary on a terminal. Nothing is sent or stored. Exit code 1 if rows of FILE were unreadable.
    """
    from engine.application.simulate import outcomes
    from engine.settings import read_time

    output = call.wants("text", "json", "jsonl")
    if output == "text" and "format" not in call.chosen and not sys.stdout.isatty():
        output = "jsonl"
    settings = call.settings()
    start, end = read_time(since, settings.zone), read_time(until, settings.zone)
    if start > end:
        raise UsageError("`--from` lies after `--to`", help="swap the two times")
    project = call.workshop().sound()
    _known(journey, project)
    rejected: list[Rejected] = []
    if file is not None:
        person, happenings = _history(project, settings, file, who, (start, end), rejected)
    else:
        person, happenings = _database(call, project, who, (start, end))

    def told(happening: Happening) -> bool:
        return start <= happening.at <= end and person in (None, happening.facts.person.id)

    chosen = (happening for happening in happenings if told(happening))
    if out is None:
        found = [outcome for happening in chosen for outcome in outcomes(happening)]
    else:
        from engine.cli.simulate_out import write_mails

        found = write_mails(call.workshop(), chosen, out, journey)
    found = [outcome for outcome in found if journey in (None, outcome.journey)]
    found.sort(key=lambda one: (one.at, one.person, one.journey, one.step))
    if output == "json":
        document([asdict(outcome) for outcome in found])
    elif output == "jsonl":
        lines(map(asdict, found))
    else:
        _tell(found, out)
    _complain(rejected, file)
    return 1 if rejected else 0


def _known(journey: str | None, project: Project) -> None:
    if journey is None or journey in project.rulebook.journeys:
        return
    near = get_close_matches(journey, project.rulebook.journeys, n=1)
    raise MistakeError(
        f"there is no journey `{journey}`",
        help=f"did you mean `{near[0]}`?" if near else "a journey is a file in journeys/",
    )


def _stranger(who: str) -> MistakeError:
    return MistakeError(
        f"nobody is called {who}", help="`sincerely person list` shows who is there"
    )


# ── a history in a file ───────────────────────────────────────────────────────────────────────


def _history(
    project: Project,
    settings: Settings,
    file: str,
    who: str | None,
    span: tuple[datetime, datetime],
    rejected: list[Rejected],
) -> tuple[str | None, Iterator[Happening]]:
    from engine.application.simulate import Simulation
    from engine.bootstrap import with_holidays

    arrivals = _arrivals(project, settings, file, span[1], rejected)
    person = None if who is None else _find(arrivals, who)
    simulation = Simulation(with_holidays(project, span[0].year), arrivals, *span)
    if person is not None:
        simulation.parties = [
            party
            for party in simulation.parties
            if any(arrival.person_id == person for arrival in party.arrivals)
        ]
    return person, simulation.run()


def _arrivals(
    project: Project, settings: Settings, file: str, until: datetime, rejected: list[Rejected]
) -> list[Arrival]:
    """The good rows, in order of time, with the moods of those who agreed to be read (R5.10)."""
    from engine.adapters.mail.addresses import mailbox, normal
    from engine.application.row_kinds import Reader
    from engine.application.rows import Accepted, read_rows
    from engine.bootstrap import message_reading
    from engine.cli.importing import opened

    reader = Reader(
        now=until,
        zone=settings.zone,
        normal_address=lambda text: (normal(text), mailbox(text)),
        emotion=project.config.emotion,
    )
    arrivals: list[Arrival] = []
    with opened(file) as stream:
        for row in read_rows(stream, "history", reader):
            if isinstance(row, Accepted):
                arrivals += row.arrivals
            else:
                rejected.append(row)
    arrivals.sort(key=lambda arrival: arrival.at)
    return message_reading(project.config).history(arrivals)[0]


def _find(arrivals: Sequence[Arrival], who: str) -> str:
    from engine.domain.arrival import PersonArrived

    if any(arrival.person_id == who for arrival in arrivals):
        return who
    address = who.lower()
    for arrival in arrivals:
        if isinstance(arrival, PersonArrived) and (arrival.mailbox or "").lower() == address:
            return arrival.person_id
    raise _stranger(who)


# ── the database ──────────────────────────────────────────────────────────────────────────────


def _database(
    call: Call, project: Project, who: str | None, span: tuple[datetime, datetime]
) -> tuple[str | None, Iterator[Happening]]:
    """People as they stand where `--from` is no earlier than the engine's last look; else their past."""
    from engine.adapters.db.base_rates import as_learned
    from engine.adapters.db.connect import reading
    from engine.adapters.db.lives import everybody, last_look
    from engine.adapters.db.people import find
    from engine.adapters.db.thresholds import thresholds_at
    from engine.application.forecast import replay

    start, end = span
    database = call.database()
    with reading(database) as connection:
        person = None if who is None else find(connection, who)
        if who is not None and person is None:
            raise _stranger(who)
        seen = last_look(connection)
        thresholds = thresholds_at(connection, start)
        emotion = as_learned(connection, project.rulebook.emotion, end)
        if seen is not None and start < seen:
            from engine.bootstrap import with_holidays

            rules = with_holidays(project, start.year)
            rules = replace(rules, thresholds=thresholds, emotion=emotion)
            visits = [*everybody(connection, end, person, moods=True)]
            return person, replay(rules, visits, start, end).run()
    return person, _forecast(call, project, person, seen or start, end)


def _forecast(
    call: Call, project: Project, person: str | None, begin: datetime, end: datetime
) -> Iterator[Happening]:
    from engine.adapters.db.connect import reading
    from engine.adapters.db.lives import everybody
    from engine.adapters.db.versions import current_version
    from engine.application.deploy import as_if_applied, version_hash
    from engine.application.forecast import Forecast
    from engine.bootstrap import compile_project, with_decisions, with_holidays

    database = call.database()
    with reading(database) as connection:
        version = current_version(connection)
        old = None if version is None else compile_project(version.files)
        rules = replace(
            as_if_applied(old, project, version, begin),
            policy=with_holidays(project, begin.year).policy,
        )
        digest = version_hash(project.sources, call.workshop().pictures)
        forecast = Forecast(
            rules=with_decisions(connection, rules, begin),
            before=old.rulebook.journeys if old else {},
            begin=begin,
            until=end,
            edited=version is None or version.hash != digest,
        )
        yield from forecast.run(everybody(connection, end, person))


# ── what is said ──────────────────────────────────────────────────────────────────────────────


def _tell(found: Sequence[Outcome], out: Path | None) -> None:
    if not found:
        say("Nothing would be sent, held, dropped or handed over.")
        return
    counts = Counter((one.journey, one.mail or one.step, one.outcome, one.reason) for one in found)
    table(
        ("journey", "mail", "outcome", "reason", "times"),
        [(*key, times) for key, times in sorted(counts.items())],
    )
    say(f"\nThe first of {counted(len(found), 'line')} (`--format jsonl` has them all)")
    table(
        ("at", "person", "mail", "outcome", "reason"),
        [(o.at, o.person, o.mail or o.step, o.outcome, o.reason) for o in found[:_SHOWN]],
    )
    if out is not None:
        say(f"\nThe mails, to search and read: {out / 'index.html'}")


def _complain(rejected: Sequence[Rejected], file: str | None) -> None:
    for row in rejected[:_REJECTED_SHOWN]:
        click.echo(f"{file}:{row.line}: {row.sentence}", err=True)
    if rejected:
        click.echo(f"{counted(len(rejected), 'row')} of {file} skipped as unreadable.", err=True)
