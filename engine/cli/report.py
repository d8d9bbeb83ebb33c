"""`sincerely report`: what became of a journey, and what its mail adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import cell, counted, document, say, table
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from engine.application.report import MailFigures, Report


@click.command()
@click.option("--journey", metavar="JOURNEY", help="This one in full; all of them in brief if not.")
@click.option("--from", "since", metavar="TIME", help="From then on; from the beginning if not.")
@click.option("--to", "until", metavar="TIME", help="Up to then, exclusive; up to now if not.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html",
    help="Write it as a page, too.",
)
@pass_call
def report(
    call: Call, journey: str | None, since: str | None, until: str | None, out: Path | None
) -> None:
    """Who came in, how they ended, what was sent, held and dropped and why, goals, and the uplift
    against the hold-out.

    Looks at what is applied, not at the files. Runs count in the period in which they were entered,
    mail in the one in which it was decided on.
    """
    from engine.settings import read_time

    output = call.wants("text", "json")
    zone = call.settings().zone
    start = read_time(since, zone) if since else None
    end = read_time(until, zone) if until else None
    if start and end and start >= end:
        raise UsageError("`--from` lies after `--to`", help="swap the two times")
    found = _reports(call, journey, start, end)
    if output == "json":
        document([_as_json(one) for one in found] if journey is None else _as_json(found[0]))
    elif journey is None:
        _tell_all(found)
    else:
        _tell(found[0])
    if out is not None:
        from engine.cli.report_page import page

        out.write_text(page([(_title(one), _sections(one)) for one in found]), encoding="utf-8")
        if output == "text":
            say(f"\nThe page: {out}")


def _reports(
    call: Call, name: str | None, since: datetime | None, until: datetime | None
) -> list[Report]:
    from engine.adapters.db import experiments, reports
    from engine.adapters.db.connect import reading
    from engine.application.report import report as put_together

    database = call.database()
    force = call.in_force(database)
    known = sorted(force.rules.journeys)
    if name is not None and name not in known:
        near = get_close_matches(name, known, n=1)
        raise MistakeError(
            f"no journey `{name}` is in force",
            help=f"did you mean `{near[0]}`?" if near else "`sincerely status` lists them",
        )
    with reading(database) as connection:
        trials = experiments.trials(connection)
        return [
            put_together(
                one,
                force.rules,
                reports.figures(connection, one, since, until),
                trials,
                since,
                until,
            )
            for one in ([name] if name else known)
        ]


def _as_json(one: Report) -> dict[str, Any]:
    figures = one.figures
    return {
        "journey": one.journey,
        "title": one.title,
        "status": one.status,
        "from": one.since,
        "to": one.until,
        "entered": figures.entered,
        "inside": figures.inside,
        "ended": figures.ends,
        "rejected": figures.rejected,
        "goal": asdict(figures.mailed) if one.has_goal else None,
        "held_out": asdict(figures.held),
        "uplift": asdict(one.uplift) if one.uplift else None,
        "mails": [asdict(mail) for mail in one.mails],
        "handed_over": one.handed_over,
        "sent_after_exit": figures.sent_after_exit,
        "experiments": [asdict(tried) for tried in one.experiments],
    }


# ── for people ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: sentences, and a table or none."""

    title: str
    sentences: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()


def _tell_all(found: Sequence[Report]) -> None:
    table(
        ("journey", "status", "came in", "inside", "sent", "held at times", "dropped", "goal"),
        [
            (
                one.journey,
                one.status,
                one.figures.entered,
                one.figures.inside,
                sum(mail.sent for mail in one.mails),
                sum(sum(mail.postponed.values()) for mail in one.mails),
                sum(sum(mail.dropped.values()) for mail in one.mails),
                _goal(one) if one.has_goal else "",
            )
            for one in found
        ],
    )
    say("\n`sincerely report --journey JOURNEY` says more about one.")


def _tell(one: Report) -> None:
    say(_title(one))
    for section in _sections(one):
        say(f"\n{section.title}")
        for sentence in section.sentences:
            say(sentence)
        if section.rows:
            table(section.columns, section.rows)


def _title(one: Report) -> str:
    return f"{one.journey} · {one.title} ({one.status})"


def _sections(one: Report) -> list[Section]:
    from engine.application.report import told

    figures = one.figures
    sections = [
        Section(
            "People",
            [
                f"{_period(one)}: {counted(figures.entered, 'run')} began,"
                f" {figures.inside:,} of them go on.",
                *([f"The goal was reached by {_goal(one)}."] if one.has_goal else []),
            ],
            ("how it ended", "runs"),
            list(figures.ends.items()),
        )
    ]
    if figures.rejected:
        rows = list(figures.rejected.items())
        sections.append(Section("Not let in", (), ("why", "times"), rows))
    if one.mails:
        sections.append(Section("Mail", _notes(one), _MAIL, [_row(mail) for mail in one.mails]))
    reasons = [
        (mail.step, what, reason, number)
        for mail in one.mails
        for what, by_reason in (("held", mail.postponed), ("dropped", mail.dropped))
        for reason, number in _by_number(by_reason)
    ]
    if reasons:
        sections.append(
            Section("Why mail was held or dropped", (), ("step", "", "reason", "times"), reasons)
        )
    if one.handed_over:
        rows = list(one.handed_over.items())
        sections.append(Section("Handed to a team", (), ("step", "tasks"), rows))
    if one.uplift is not None:
        sections.append(Section("What the mail adds", [told(one.uplift)]))
    if one.experiments:
        sections.append(
            Section(
                "Experiments",
                (),
                ("step", "question", "result", "date", "reached of people"),
                [
                    (
                        tried.step,
                        tried.question,
                        f"{tried.winner} won" if tried.winner else tried.says,
                        tried.date,
                        ", ".join(f"{a.name} {a.reached} of {a.people}" for a in tried.arms),
                    )
                    for tried in one.experiments
                ],
            )
        )
    return sections


_MAIL = ("step", "mail", "sent", "waiting", "held", "dropped", "ghosts", "came back")


def _row(mail: MailFigures) -> tuple[object, ...]:
    waiting = mail.waiting + mail.needs_attention
    back = ", ".join(
        f"{number:,} {name.partition('.')[2]}" for name, number in mail.answers.items()
    )
    return (
        mail.step, mail.mail, mail.sent + mail.shadow, waiting, sum(mail.postponed.values()),
        sum(mail.dropped.values()), mail.ghosts, back,
    )  # fmt: skip


def _notes(one: Report) -> list[str]:
    notes = []
    shadow = sum(mail.shadow for mail in one.mails)
    attention = sum(mail.needs_attention for mail in one.mails)
    if shadow:
        notes.append(
            f"{shadow:,} of the sent are what the shadow would have sent: nobody got them."
        )
    if attention:
        notes.append(f"{attention:,} of the waiting need attention: `sincerely status` says what.")
    if one.figures.sent_after_exit:
        late = counted(one.figures.sent_after_exit, "mail")
        notes.append(f"{late} left before news came of what should have stopped them.")
    return notes


def _goal(one: Report) -> str:
    group = one.figures.mailed
    if not group.people:
        return "nobody yet"
    return f"{group.reached:,} of {group.people:,} people ({group.reached / group.people:.1%})"


def _period(one: Report) -> str:
    if one.since is None and one.until is None:
        return "Since the beginning"
    begin = f"From {cell(one.since)}" if one.since else "Up to"
    if one.until is None:
        return f"{begin} on"
    return f"{begin} to {cell(one.until)}" if one.since else f"{begin} {cell(one.until)}"


def _by_number(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))
