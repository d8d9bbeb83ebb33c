"""`sincerely serve`: the web side, until told to stop."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime

import click

from engine.cli.call import Call, logs_option, pass_call
from engine.cli.output import say


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="Give /metrics without a token on this port, to this machine only.",
)
@logs_option
@pass_call
def serve(call: Call, host: str, port: int, metrics_port: int | None, logs: str) -> None:
    """Serve the pages that links in mails lead to, the pictures of mails, and the API."""
    from engine.adapters.system_clock import now as clock
    from engine.daemon.taking_in import TakingIn
    from engine.logs import configure
    from engine.web import server
    from engine.web.whole import web_side

    configure(sys.stderr, as_json=logs == "json")
    workshop, engine = call.workshop(), call.database()

    def present() -> datetime:
        return workshop.settings.at or clock()

    with ExitStack() as doors:
        door = doors.enter_context(server.listen(host, port))
        side_door = None
        if metrics_port is not None:
            side_door = doors.enter_context(server.listen("127.0.0.1", metrics_port))
        metrics_at = side_door.getsockname()[1] if side_door else None
        app = web_side(workshop, engine, clock, metrics_at)

        def listening() -> None:
            say(f"Serving on {server.address_of(door)} (Ctrl-C stops)")
            if side_door:
                say(f"Metrics on {server.address_of(side_door)}/metrics")

        sockets = [door, *([side_door] if side_door else ())]
        with TakingIn(engine, workshop.settings, call.workshop, present).beside(present):
            server.serve(app, sockets, listening)
