"""`sincerely serve`: the web side, until told to stop."""

from __future__ import annotations

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import say
from engine.domain.errors import SetupError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@pass_call
def serve(call: Call, host: str, port: int) -> None:
    """Serve the pages that links in mails lead to, and the pictures of mails."""
    from engine.adapters.db.connect import reading
    from engine.adapters.db.inbox import DatabaseInbox
    from engine.adapters.db.past_mails import DatabasePastMails
    from engine.adapters.db.tasks import DatabaseTasks
    from engine.adapters.db.versions import picture
    from engine.adapters.links import Links
    from engine.bootstrap import intake_of, link_keys_of, sendgrid_signatures_of
    from engine.daemon.taking_in import TakingIn
    from engine.web import server
    from engine.web.app import build_app
    from engine.web.doors import Doors
    from engine.web.page import Look
    from engine.web.sendgrid import EventsDoor
    from engine.web.shell.client import networks
    from engine.web.shell.shell import Shell, Site

    project = call.workshop().project
    keys = link_keys_of(project, call.settings())
    if not keys:
        raise SetupError(
            "`secrets.links` is not set, so no link in a mail could be believed",
            help="name a variable there (`links: $SINCERELY_LINK_KEY`) and set it",
            code="D207",
        )
    engine = call.database()

    def stored(digest: str) -> tuple[str, bytes] | None:
        with reading(engine) as connection:
            return picture(connection, digest)

    company, policy = project.config.company, project.config.policy
    doors = Doors(
        look=Look(company.name, company.colour),
        links=Links(company.site or "", keys),
        past_mails=DatabasePastMails(engine),
        intake=intake_of(engine),
        now=call.now,
        topics=policy.marketing,
        confirms={name: one.confirms for name, one in policy.categories.items() if one.confirms},
        law=project.rulebook.law,
    )
    events = EventsDoor(
        inbox=DatabaseInbox(engine),
        signatures=sendgrid_signatures_of(project, call.settings()),
        now=call.now,
        refuse_after=project.config.webhooks.refuse_after,
    )
    web = project.config.web
    site = Site(company.site or "", web.hosts, networks(web.behind))
    app = Shell(build_app(doors, stored, DatabaseTasks(engine), [events.route()]), site)
    with TakingIn(engine, call.settings(), call.workshop).beside(call.now):
        server.serve(app, host, port, lambda url: say(f"Serving on {url} (Ctrl-C stops)"))
