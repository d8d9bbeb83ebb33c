"""`sincerely run`: the daemon. `pause` and `resume`: its switch."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from engine.cli.call import Call, logs_option, pass_call
from engine.cli.output import counted, document, say
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from engine.daemon.house import House
    from engine.daemon.living import Living


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
@click.option("--until", metavar="TIME", help="Stop at this time.")
@logs_option
@pass_call
def run(call: Call, once: bool, until: str | None, logs: str) -> int:
    """Walk people through the applied journeys and send their mail, until told to stop.

    SIGTERM and Ctrl-C let the batch in hand finish. With `--at`, the present is a virtual one: with
    `--once` that instant, with `--until` a clock that jumps from one thing due to the next.
    """
    from engine.adapters.system_clock import now as clock
    from engine.daemon.collecting import Collecting
    from engine.daemon.house import HOW_TO_ANSWER, House
    from engine.daemon.living import Living
    from engine.daemon.providers import Providers
    from engine.daemon.pulse import Pulse
    from engine.daemon.scheduler import Daemon, run_once, run_through
    from engine.daemon.taking_in import TakingIn
    from engine.logs import configure
    from engine.settings import read_time

    settings, database = call.settings(), call.database()
    configure(sys.stderr, as_json=logs == "json")
    end = read_time(until, settings.zone) if until else None
    if once and end:
        raise UsageError("`--once` and `--until` do not go together", help="choose one of them")
    now = call.now()
    call.in_force(database)
    present = None if once or settings.at else clock
    living = Living(database, settings, "run", present)
    house = House(database, settings, "run")
    taking_in = TakingIn(database, settings, call.workshop, present)
    pulse = Pulse(database)
    ticks = (
        Collecting(database, settings).tick(),
        taking_in.tick(),
        *Providers(database, settings).ticks(),
        *living.ticks(),
        *house.ticks(),
    )
    try:
        if house.look_for_a_restore(now):
            say(f"The database was restored. {HOW_TO_ANSWER}")
        if once:
            _said(call, run_once(ticks, now))
        elif settings.at is not None:
            if end is None:
                raise UsageError(
                    "`--at` makes the clock a virtual one, which does not run by itself",
                    help="add `--once`, or `--until TIME`",
                )
            due = partial(_next_due, living, house)
            _said(call, run_through(ticks, now, end, due))
        else:
            if call.format == "text":
                say("Running. Ctrl-C or SIGTERM stops it after the batch in hand.")
            ticks = (*ticks, *living.sharing(), pulse.tick())
            Daemon(ticks, clock, house.failed, pulse.felt).run(end)
    finally:
        pulse.close()
        given_back = living.close()
        house.close()
    if call.format == "text" and not once and settings.at is None:
        say("Stopped; nothing is left claimed." if given_back else CLAIMS_LEFT)
    return 0


CLAIMS_LEFT = (
    "Stopped while the database was away: what was claimed runs out by itself in 15 minutes."
)


def _next_due(living: Living, house: House, now: datetime) -> datetime | None:
    found = [at for at in (living.next_due(now), house.next_due()) if at is not None and at > now]
    return min(found, default=None)


def _said(call: Call, done: int) -> None:
    if call.wants("text", "json") == "json":
        document({"done": done})
    elif done:
        say(f"Done: {counted(done, 'turn')} taken and messages settled.")
    else:
        say("Nothing was due.")


@click.command()
@click.option("--journey", metavar="JOURNEY", default="", help="Only this journey.")
@pass_call
def pause(call: Call, journey: str) -> None:
    """Stop hand-off at once, without an edit. Timers run on (R2.11)."""
    from engine.adapters.db import switches
    from engine.adapters.db.connect import writing

    _known(call, journey)
    with writing(call.database()) as connection:
        switches.pause(connection, call.now(), journey)
    say(f"{journey or 'The engine'} is paused. `sincerely resume` goes on.")


@click.command()
@click.option("--journey", metavar="JOURNEY", default="", help="Only this journey.")
@click.option(
    "--after-restore",
    "answer",
    type=click.Choice(["skip", "send"]),
    help="Of a restored database: pass over, or send, what fell due in the time that it lost.",
)
@pass_call
def resume(call: Call, journey: str, answer: str | None) -> None:
    """Go on after `pause`: what is still worth sending is sent (R3.6).

    Nobody enters a journey by a schedule of the time in which it was paused (R2.11).
    """
    from engine.adapters.db import due, marks, switches
    from engine.adapters.db.connect import writing
    from engine.daemon.house import HOW_TO_ANSWER

    _known(call, journey)
    now = call.now()
    if answer is not None:
        _go_on_after_restore(call, answer, now)
        return
    with writing(call.database()) as connection:
        was_paused = switches.resume(connection, now, journey)
        if was_paused:
            due.mark_everybody(connection, now)
        asked = marks.restored(connection)
    name = journey or "The engine"
    if asked is not None and asked.answer == "asked":
        say(f"{name} {'is not paused any more' if was_paused else 'was not paused'}, but:")
        say(f"The database was restored. {HOW_TO_ANSWER}")
        return
    say(f"{name} goes on." if was_paused else f"{name} was not paused.")


def _go_on_after_restore(call: Call, answer: str, now: datetime) -> None:
    from engine.adapters.db import marks
    from engine.adapters.db.connect import writing

    with writing(call.database()) as connection:
        asked = marks.restored(connection)
        if asked is None or asked.answer != "asked":
            raise MistakeError(
                "nobody asked: this database is not known to be restored",
                help="if it is, run `sincerely db restored` first",
            )
        passed = marks.answer(connection, answer, now)
    if answer == "send":
        say("The engine goes on, and sends what is still worth sending.")
        return
    say(
        f"The engine goes on. {counted(passed, 'message')} on their way are passed over, and so is what"
        f" fell due since {asked.since:%Y-%m-%d %H:%M}Z; transactional mail goes if it is still worth it."
    )


def _known(call: Call, journey: str) -> None:
    from engine.in_force import Applied

    if not journey:
        return
    force = Applied(call.database()).at(call.now())
    if force is None or journey not in force.rules.journeys:
        raise MistakeError(
            f"no journey `{journey}` is in force",
            help="`sincerely status` lists those that are",
        )
