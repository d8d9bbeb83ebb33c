"""`sincerely serve`: the web side, until told to stop."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from engine.cli.call import Call, logs_option, pass_call
from engine.cli.output import say
from engine.domain.errors import SetupError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.web.doors import OwnData


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
    from engine.adapters.db.connect import reading
    from engine.adapters.db.gauges import DatabaseGauges
    from engine.adapters.db.inbox import DatabaseInbox
    from engine.adapters.db.past_mails import DatabasePastMails
    from engine.adapters.db.sent_mails import DatabaseSentMails
    from engine.adapters.db.sign_ups import DatabaseSignUps
    from engine.adapters.db.tasks import DatabaseTasks
    from engine.adapters.db.tracked import DatabaseTracked
    from engine.adapters.db.versions import picture
    from engine.adapters.db.write_keys import DatabaseWriteKeys
    from engine.adapters.links import Links
    from engine.adapters.pictures import asset_hash
    from engine.adapters.system_clock import now as clock
    from engine.application.sign_up import SigningUp
    from engine.application.tracking import purposes_of
    from engine.bootstrap import (
        inbound_secret_of,
        inbound_signatures_of,
        intake_of,
        link_keys_of,
        metrics_token,
        sendgrid_signatures_of,
    )
    from engine.daemon.taking_in import TakingIn
    from engine.logs import configure
    from engine.web import server
    from engine.web.app import build_app
    from engine.web.clicks import ClickDoor
    from engine.web.doors import Doors
    from engine.web.inbound import InboundDoor
    from engine.web.letterbox import Letterbox
    from engine.web.metrics import Metrics
    from engine.web.operations import Operations
    from engine.web.page import Look
    from engine.web.readiness import readiness
    from engine.web.sendgrid import EventsDoor
    from engine.web.shell.client import networks
    from engine.web.shell.shell import Shell, Site
    from engine.web.sign_up import SignUpPage
    from engine.web.tracking import Tracking

    configure(sys.stderr, as_json=logs == "json")
    project, settings = call.workshop().project, call.settings()
    keys = link_keys_of(project, settings)
    if not keys:
        raise SetupError(
            "`secrets.links` is not set, so no link in a mail could be believed",
            help="name a variable there (`links: $SINCERELY_LINK_KEY`) and set it",
            code="D207",
        )
    engine = call.database()

    def present() -> datetime:
        return settings.at or clock()

    def stored(digest: str) -> tuple[str, bytes] | None:
        with reading(engine) as connection:
            return picture(connection, digest)

    company, policy = project.config.company, project.config.policy
    logo = call.workshop().pictures.get(company.logo or "")
    look = Look(
        company.name,
        company.colour,
        f"../a/{asset_hash(logo)}/{quote(Path(company.logo or '').name)}" if logo else None,
    )
    doors = Doors(
        look=look,
        links=Links(company.site or "", keys),
        past_mails=DatabasePastMails(engine),
        intake=intake_of(engine),
        now=present,
        topics=policy.marketing,
        confirms={name: one.confirms for name, one in policy.categories.items() if one.confirms},
        law=project.rulebook.law,
        site=company.site or "",
        pages=project.config.pages,
        locales=company.locales,
        zone=company.time_zone,
        data=_own_data(call, engine),
        tracks=purposes_of(project),
    )
    signing_up = SigningUp(
        project.config.forms,
        policy.categories,
        project.rulebook.law,
        DatabaseSignUps(engine),
        doors.intake,
    )
    events = EventsDoor(
        inbox=DatabaseInbox(engine),
        signatures=sendgrid_signatures_of(project, settings),
        now=present,
        refuse_after=project.config.webhooks.refuse_after,
    )
    tracking = Tracking(
        keys=DatabaseWriteKeys(engine),
        letterbox=Letterbox(DatabaseInbox(engine).put_all),
        now=present,
    )
    clicks = ClickDoor(
        doors.look,
        doors.site,
        doors.links,
        doors.past_mails,
        DatabaseTracked(engine),
        DatabaseSentMails(engine),
        present,
        doors.locales,
    )
    inbound = InboundDoor(
        inbox=DatabaseInbox(engine),
        signatures=inbound_signatures_of(project, settings),
        secret=inbound_secret_of(project, settings),
        now=present,
    )
    hooks = [
        tracking.route(),
        events.route(),
        inbound.route(),
        SignUpPage(doors, signing_up).route(),
        *clicks.routes(),
    ]
    web = project.config.web
    site = Site(company.site or "", web.hosts, networks(web.behind))
    metrics = Metrics(DatabaseGauges(engine).look, clock)
    with ExitStack() as doors_open:
        door = doors_open.enter_context(server.listen(host, port))
        side_door = None
        if metrics_port is not None:
            side_door = doors_open.enter_context(server.listen("127.0.0.1", metrics_port))
        operations = Operations(
            readiness(engine, clock),
            metrics.text,
            metrics_token(project, settings),
            side_door.getsockname()[1] if side_door else None,
        )
        app = build_app(doors, stored, DatabaseTasks(engine), hooks, operations)

        def listening() -> None:
            say(f"Serving on {server.address_of(door)} (Ctrl-C stops)")
            if side_door:
                say(f"Metrics on {server.address_of(side_door)}/metrics")

        with TakingIn(engine, settings, call.workshop, present).beside(present):
            sockets = [door, *([side_door] if side_door else ())]
            server.serve(Shell(app, site, metrics.heard), sockets, listening)


def _own_data(call: Call, engine: Engine) -> OwnData:
    """What people may do with their own data, by a link that was mailed to them."""
    import secrets

    from engine.adapters.db.data_links import DatabaseDataLinks
    from engine.adapters.db.profiles import DatabaseProfiles
    from engine.adapters.mail.folder import FolderMailer
    from engine.application.privacy import forget
    from engine.web.doors import OwnData

    profiles = DatabaseProfiles(engine)
    delivery = call.workshop().project.config.delivery
    copies = FolderMailer(call.settings().project / (delivery.to or "out"))

    def erase(who: str, now: datetime) -> None:
        forget(profiles, copies, who, f"erased-{secrets.token_hex(8)}", now)

    return OwnData(DatabaseDataLinks(engine), profiles.export, erase)
