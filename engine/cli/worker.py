"""`sincerely worker`: one of several processes that share the work, on any machine."""

from __future__ import annotations

import sys

import click

from engine.application.ports.queue import KINDS, Kind
from engine.cli.call import Call, logs_option, pass_call
from engine.cli.output import say
from engine.cli.run import CLAIMS_LEFT
from engine.domain.errors import SetupError, UsageError


@click.command()
@click.option(
    "--queue",
    "queues",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only this part of the work: `decide` about people, or `send` mail. Both if not given.",
)
@logs_option
@pass_call
def worker(call: Call, queues: tuple[Kind, ...], logs: str) -> None:
    """Take a share of the work, with as many other workers as you like, on PostgreSQL.

    Workers share what is due among them; one of them keeps the clock. A `run` beside them does no
    harm and is one more pair of hands. SIGTERM and Ctrl-C let the batch in hand finish.
    """
    from engine.adapters.system_clock import now as clock
    from engine.bootstrap import require_queue
    from engine.logs import configure

    settings = call.settings()
    if settings.at is not None:
        raise UsageError(
            "a worker lives in the real present, which `--at` would change",
            help="`sincerely --at TIME run --once` does what is due at that time",
        )
    if not settings.database_url().startswith("postgres"):
        raise SetupError(
            "the database is SQLite, where one process does everything and workers have no place",
            help="run `sincerely run`; for several machines, move to PostgreSQL first",
            code="D121",
        )
    database = call.database()
    require_queue(database)
    call.in_force(database)
    from engine.daemon.collecting import Collecting
    from engine.daemon.house import HOW_TO_ANSWER, House
    from engine.daemon.living import Living
    from engine.daemon.providers import Providers
    from engine.daemon.pulse import Pulse
    from engine.daemon.taking_in import TakingIn
    from engine.daemon.working import Worker

    configure(sys.stderr, as_json=logs == "json")
    living = Living(database, settings, "worker", clock)
    house = House(database, settings, "worker")
    pulse = Pulse(database)
    beside = (
        Collecting(database, settings).tick(),
        TakingIn(database, settings, call.workshop, clock).tick(),
        *Providers(database, settings).ticks(),
        pulse.tick(),
    )
    kinds = tuple(dict.fromkeys(queues)) or KINDS
    try:
        if call.format == "text":
            say(
                f"Working ({' and '.join(kinds)}). Ctrl-C or SIGTERM stops it after the batch in hand."
            )
        if house.look_for_a_restore(clock()):
            say(f"The database was restored. {HOW_TO_ANSWER}")
        Worker(database, living, house, kinds, clock, beside, pulse.felt).run()
    finally:
        pulse.close()
        given_back = living.close()
        house.close()
    if call.format == "text":
        say("Stopped; nothing is left claimed." if given_back else CLAIMS_LEFT)
