"""`sincerely status`: the engine at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import cell, counted, document, say, table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.adapters.db.inbox import Glance as InboxGlance
    from engine.adapters.queue.jobs import Glance as QueueGlance
    from engine.application.ports.alerts import Alert
    from engine.application.status import (
        Attention,
        Counts,
        HeldBack,
        Inside,
        LastMail,
        Threshold,
        Tried,
        Wake,
    )

_WAKES = 5
_MAILS = 5
_CLOCKS_AGREE = 30
"""Seconds (R10.3)."""


@click.command()
@pass_call
def status(call: Call) -> None:
    """The version in force, who is inside, what waits, what needs somebody, and every threshold.

    Looks at what is applied, not at the files.
    """
    output = call.wants("text", "json")
    glance = _look(call)
    if output == "json":
        document(_as_json(glance))
    else:
        _tell(glance)


@dataclass(frozen=True, slots=True)
class _Glance:
    """All that is shown. `version` and `applied_at` are None before the first `apply`."""

    now: datetime
    version: str | None
    applied_at: datetime | None
    paused: bool
    kept: tuple[datetime, dict[str, Any]] | None
    restored: bool
    counts: Counts
    lag_seconds: float
    journeys: Sequence[Inside]
    experiments: Sequence[Tried]
    clock_off_seconds: float
    held_back: Sequence[HeldBack]
    attention: Sequence[Attention]
    alerts: Sequence[Alert]
    wakes: Sequence[Wake]
    mails: Sequence[LastMail]
    segments: dict[str, int]
    inbox: InboxGlance
    queue: QueueGlance | None
    thresholds: Sequence[Threshold]


def _look(call: Call) -> _Glance:
    from engine.adapters.db import experiments, inbox, marks, stats, switches, versions
    from engine.adapters.db.alerts import open_alerts
    from engine.adapters.db.connect import reading
    from engine.adapters.db.thresholds import thresholds_at
    from engine.adapters.queue.jobs import glance as queue_glance
    from engine.application.status import experiments_in, journeys_in, lag, thresholds_in_use
    from engine.bootstrap import with_thresholds
    from engine.in_force import Applied

    database, now = call.database(), call.now()
    force = Applied(database).at(now)
    with reading(database) as connection:
        version = versions.current_version(connection)
        counts = stats.counts(connection, now)
        rules = with_thresholds(
            force.rules if force else call.workshop().project.rulebook,
            thresholds_at(connection, now),
        )
        return _Glance(
            now=now,
            version=version.hash if version else None,
            applied_at=version.applied_at if version else None,
            kept=marks.marked(connection, marks.KEPT),
            restored=(asked := marks.restored(connection)) is not None and asked.answer == "asked",
            paused=switches.paused(connection)[0],
            counts=counts,
            lag_seconds=lag(counts, now),
            journeys=journeys_in(rules, counts) if force else (),
            experiments=experiments_in(rules, experiments.trials(connection)) if force else (),
            clock_off_seconds=0.0 if call.at else _clock_off(connection, now),
            held_back=stats.held_back(connection),
            attention=stats.attention(connection),
            alerts=open_alerts(connection),
            wakes=stats.next_wakes(connection, now, _WAKES),
            mails=stats.last_mails(connection, _MAILS),
            segments=stats.segment_sizes(connection),
            inbox=inbox.glance(connection),
            queue=queue_glance(connection),
            thresholds=thresholds_in_use(rules),
        )


def _clock_off(connection: Connection, now: datetime) -> float:
    """By how many seconds this machine is ahead of the database's server, which may be another."""
    from engine.adapters.db.due import database_clock

    clock = database_clock(connection)
    return 0.0 if clock is None else (now - clock).total_seconds()


def _as_json(glance: _Glance) -> dict[str, Any]:
    known = asdict(glance)
    kept = known.pop("kept")
    known["kept_house"] = kept and {"at": kept[0], **kept[1]}
    counts = known.pop("counts")
    counts.pop("live_runs")
    known["needs_attention"] = [
        {**asdict(one), "meaning": one.reason.meaning, "what_to_do": one.what_to_do}
        for one in glance.attention
    ]
    del known["attention"]
    return {**known, **counts}


def _tell(glance: _Glance) -> None:
    counts = glance.counts
    if glance.version is None:
        say("Nothing is in force yet: `sincerely apply` puts the files in force.")
    else:
        say(f"Version {glance.version} is in force since {cell(glance.applied_at)}.")
    if glance.restored:
        say("THE DATABASE WAS RESTORED: nothing moves until `sincerely resume --after-restore`.")
    elif glance.paused:
        say("THE ENGINE IS PAUSED: nothing is handed off. `sincerely resume` goes on.")
    say(
        f"{counted(counts.people, 'person', 'people')}, {counted(counts.events, 'event')}, "
        f"{counted(counts.suppressed, 'address', 'addresses')} suppressed, "
        f"{counted(counts.open_tasks, 'open task')}."
    )
    if any(name != "mail.sent" for name in counts.told):
        say(_came_of(counts.told))
    say(_lag(glance))
    _tell_troubles(glance)
    _tell_inbox(glance.inbox)
    if glance.queue and (glance.queue.hands or glance.queue.jobs):
        say(_workers(glance.queue))
    if glance.kept and glance.kept[1].get("removed"):
        say(_kept(glance.kept))
    if glance.alerts:
        say("\nAlerts")
        for alert in glance.alerts:
            first, *more = alert.text.splitlines()
            say(f"  since {cell(alert.since)}: {first}")
            for line in more:
                say(f"    {line}")
    if glance.attention:
        say("\nNeeds attention")
        for one in glance.attention:
            say(f"  {counted(one.messages, 'message')} of {one.mail} ({one.journey}/{one.step})")
            say(f"    {one.reason.meaning} {one.detail}".rstrip())
            say(f"    = help: {one.what_to_do}")
    _section(
        "Journeys",
        ("journey", "status", "people inside"),
        [(one.journey, one.status, one.people) for one in glance.journeys],
    )
    _section(
        "Experiments",
        ("experiment", "result", "date", "reached of people"),
        [
            (f"{one.journey}/{one.step}", _result(one), one.date, _figures(one))
            for one in glance.experiments
        ],
    )
    _section("Messages", ("status", "messages"), list(counts.messages.items()))
    _section(
        "Next to wake",
        ("at", "person", "journey", "step"),
        [(one.at, one.person, one.journey, one.step) for one in glance.wakes],
    )
    _section(
        "Last mails",
        ("at", "person", "mail", "journey"),
        [(one.at, one.person, one.mail, one.journey) for one in glance.mails],
    )
    _section("Segments that are kept", ("segment", "people"), list(glance.segments.items()))
    _section(
        "Thresholds in use",
        ("threshold", "value", "since", "because"),
        [(one.name, one.value, one.since, one.because) for one in glance.thresholds],
    )


def _tell_troubles(glance: _Glance) -> None:
    """What keeps mail here although nobody decided so."""
    if abs(glance.clock_off_seconds) > _CLOCKS_AGREE:
        say(
            f"THE CLOCK OF THIS MACHINE IS OFF by {glance.clock_off_seconds:+.0f} seconds from the"
            " database's: nothing is claimed here until it is set."
        )
    for waiting in glance.held_back:
        said = f" It said: {waiting.detail}" if waiting.detail else ""
        say(
            f"The provider has not taken {counted(waiting.messages, 'message')} yet, the first since"
            f" {cell(waiting.since)}; the next try is at {cell(waiting.next_try)}.{said}"
        )


def _tell_inbox(inbox: InboxGlance) -> None:
    """What came in and is not processed."""
    if inbox.waiting:
        by_kind = ", ".join(f"{count:,} {kind}" for kind, count in inbox.waiting.items())
        say(f"In the inbox: {by_kind}, the first since {cell(inbox.since)}.")
    if inbox.kept:
        by_kind = ", ".join(f"{count:,} {kind}" for kind, count in inbox.kept.items())
        say(f"Came in and could not be understood: {by_kind}.")


def _result(one: Tried) -> str:
    if one.winner is None:
        return one.says
    return f"{one.winner} {'won and is used' if one.used else 'won'} (p = {one.p:.2g})"


def _figures(one: Tried) -> str:
    return ", ".join(f"{arm.name} {arm.reached} of {arm.people}" for arm in one.arms)


def _kept(kept: tuple[datetime, dict[str, Any]]) -> str:
    at, said = kept
    removed = said.get("removed", {})
    counts = ", ".join(f"{count:,} {kind}" for kind, count in removed.items()) or "nothing"
    return f"House was kept {cell(at)}: {counts} had been kept for long enough."


def _lag(glance: _Glance) -> str:
    counts = glance.counts
    waiting = counted(counts.overdue, "person is", "people are")
    if not counts.overdue and not glance.lag_seconds:
        due = (
            f"the next turn is due {cell(counts.next_due)}" if counts.next_due else "nobody is due"
        )
        return f"Nothing is overdue; {due}."
    from engine.language.spell import spell_duration

    waited = spell_duration(timedelta(seconds=round(glance.lag_seconds))) or "less than a second"
    return (
        f"{waiting} overdue, the longest wait is {waited}"
        f" ({counted(counts.waiting_events, 'event')} to act). `sincerely run` does it."
    )


def _came_of(told: Mapping[str, int]) -> str:
    """What the provider told of the mails of the last 7 days."""
    words = (
        ("mail.delivered", "delivered"), ("mail.bounced", "came back"),
        ("mail.dropped", "dropped by the provider"), ("mail.complained", "called spam"),
    )  # fmt: skip
    became = ", ".join(f"{told.get(name, 0):,} {word}" for name, word in words if name in told)
    return f"In 7 days {counted(told.get('mail.sent', 0), 'mail')} left: {became}."


def _workers(queue: QueueGlance) -> str:
    seen = counted(queue.hands, "pair of hands", "pairs of hands")
    jobs = ", ".join(f"{counted(count, 'job')} to {name}" for name, count in queue.jobs.items())
    return f"Workers: {seen} seen in the last minute; {jobs or 'no job'} waiting."


def _section(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        say(f"\n{title}")
        table(columns, rows)
