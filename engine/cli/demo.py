"""`sincerely demo`: the sample business lived through its real past, in a minute."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import document, say
from engine.domain.errors import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from engine.cli.demo_moods import Moods
    from engine.cli.demo_walk import Walked
    from engine.domain.arrival import Arrival
    from engine.domain.emotion import EmotionConfig

END = datetime(1998, 7, 1, tzinfo=UTC)
"""Where the recorded past of the customers ends: the demo's present."""
_MARK = ".sincerely-demo"
_PLEASE = "0123456789abcdef-for-the-demo-only"


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="The folder to make. An earlier demo in it is replaced.",
)
@pass_call
def demo(call: Call, out: Path) -> None:
    """Walk 2,357 real customers through the sample journeys, and leave their mails to look at.

    Needs no set-up. The folder it makes is a project like any other, with its database.
    """
    from engine.cli import demo_story

    output = call.wants("text", "json")
    began = time.monotonic()
    _clear(out)
    if output == "text":
        say("Eighteen months of a shop, walked by the same code that sends in life …")
    walked, moods, index, orders = _live(out, show=output == "text")
    seconds = time.monotonic() - began
    if output == "json":
        document(demo_story.as_json(walked, moods, index, seconds))
    else:
        demo_story.tell(walked, moods, out, index, orders, seconds)


def _clear(out: Path) -> None:
    if out.exists():
        if any(out.iterdir()) and not (out / _MARK).exists():
            raise UsageError(
                f"{out} holds something that is no demo; nothing was written",
                help="name another folder with `--out DIR`",
            )
        shutil.rmtree(out)
    out.mkdir(parents=True)
    (out / _MARK).touch()


def _keep_the_past(config: Path) -> None:
    """The demo's people live in 1997: housekeeping in our days would clear away all that they had."""
    text = config.read_text(encoding="utf-8")
    kept = "keep: { events: 90 years, traces: 90 years, rendered_mails: 90 years }   # they live in 1997"
    changed = re.sub(r"^keep:.*$", kept, text, flags=re.MULTILINE)
    assert changed != text, "the sample's config says how long things are kept"
    config.write_text(changed, encoding="utf-8")


def _live(out: Path, *, show: bool) -> tuple[Walked, Moods, Path, int]:
    from engine.adapters.db.connect import connect, writing
    from engine.adapters.db.deployments import DatabaseDeployments
    from engine.adapters.db.past import take_in_past, write_past
    from engine.adapters.db.schema import upgrade_engine
    from engine.adapters.gallery import write_gallery
    from engine.adapters.sample.history import labels
    from engine.application.deploy import apply
    from engine.application.letters import Letters
    from engine.application.simulate import Simulation
    from engine.bootstrap import (
        Workshop,
        mailer_of,
        message_reading,
        templates_of,
        ways_out_of,
    )
    from engine.cli.demo_moods import moods_of
    from engine.cli.demo_walk import Walk
    from engine.cli.init import lay_out
    from engine.domain.arrival import EventArrived
    from engine.settings import load

    lay_out(out)
    _keep_the_past(out / "config.yaml")
    settings = load(out, {"SINCERELY_LINK_KEY": _PLEASE})
    workshop = Workshop(settings)
    project = workshop.sound()
    arrivals, taken = message_reading(project.config).history(
        _history(settings.zone, project.config.emotion)
    )
    began = arrivals[0].at - timedelta(days=1)
    letters = Letters(
        project,
        project.rulebook,
        templates_of(project, workshop.pictures),
        ways_out_of(project, settings),
    )
    folder = out / project.config.delivery.to
    walk = Walk(
        Simulation(project.rulebook, arrivals, began, END),
        letters,
        mailer_of(project, settings, workshop.pictures),
        folder.resolve(),
    )
    walked = walk.all(_progress if show else lambda _: None)
    if show:
        _progress(0)
    engine = connect(settings.database_url())
    upgrade_engine(engine)
    with writing(engine, durable=False) as connection:
        apply(None, project, workshop.pictures, DatabaseDeployments(connection), began)
    take_in_past(engine, arrivals, END)
    take_in_past(engine, [EventArrived(who, event) for who, event in walked.mail_events], END)
    write_past(engine, walked.lived, walk.simulation.thresholds, project.rulebook, END)
    engine.dispose()
    walked.shown.sort(key=lambda line: line.when)
    figures = [
        (f"{len(walked.lived):,}", "customers"),
        (f"{sum(walked.sent.values()):,}", "mails sent"),
        (f"{sum(walked.held.values()):,}", "held back, each with its reason"),
        (f"{walked.handed:,}", "people handed to a human"),
    ]
    index = write_gallery(
        folder,
        f"{project.config.company.name}, January 1997 to June 1998",
        [(label, value) for value, label in figures],
        walked.shown,
    )
    orders = sum(isinstance(a, EventArrived) and a.event.name == "order.placed" for a in arrivals)
    return walked, moods_of(arrivals, taken, labels()), index, orders


def _history(zone: ZoneInfo, emotion: EmotionConfig) -> list[Arrival]:
    from engine.adapters.mail.addresses import mailbox, normal
    from engine.adapters.sample.history import history
    from engine.application.row_kinds import Reader
    from engine.application.rows import history_row

    reader = Reader(
        now=END,
        zone=zone,
        normal_address=lambda text: (normal(text), mailbox(text)),
        source="sample",
        emotion=emotion,
    )
    return [arrival for row in history() for arrival in history_row(row, reader)]


def _progress(people: int) -> None:
    import sys

    if sys.stdout.isatty():
        text = f"  {people:,} people walked" if people else " " * 40
        click.echo(f"\r{text}", nl=False)
        if not people:
            click.echo("\r", nl=False)
