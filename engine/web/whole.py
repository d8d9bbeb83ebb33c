"""The whole web side of a project: every address, with what it needs of the database."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine
from starlette.routing import Route

from engine.adapters.db.connect import reading
from engine.adapters.db.data_links import DatabaseDataLinks
from engine.adapters.db.gauges import DatabaseGauges
from engine.adapters.db.inbox import DatabaseInbox
from engine.adapters.db.past_mails import DatabasePastMails
from engine.adapters.db.profiles import DatabaseProfiles
from engine.adapters.db.sent_mails import DatabaseSentMails
from engine.adapters.db.sign_ups import DatabaseSignUps
from engine.adapters.db.tasks import DatabaseTasks
from engine.adapters.db.tracked import DatabaseTracked
from engine.adapters.db.versions import picture
from engine.adapters.db.write_keys import DatabaseWriteKeys
from engine.adapters.links import Links
from engine.adapters.mail.folder import FolderMailer
from engine.adapters.pictures import asset_hash
from engine.application.privacy import forget
from engine.application.sign_up import SigningUp
from engine.application.tracking import purposes_of
from engine.bootstrap import (
    Workshop,
    inbound_secret_of,
    inbound_signatures_of,
    intake_of,
    link_keys_of,
    metrics_token,
    sendgrid_signatures_of,
)
from engine.domain.errors import SetupError
from engine.web.app import build_app
from engine.web.clicks import ClickDoor
from engine.web.doors import Doors, OwnData
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

Clock = Callable[[], datetime]


def web_side(workshop: Workshop, engine: Engine, clock: Clock, metrics_port: int | None) -> Shell:
    """Every address of the project, within its shell. `clock` is the real present; pages and what comes
    in live in the virtual one, where the settings name it. On `metrics_port` `/metrics` asks for no token.

    Raises:
        SetupError: D207 without a link key; D201 to D242 where a secret is missing or wrong.
        MistakeError: D204 if a link key is too short.
    """
    project, settings = workshop.project, workshop.settings

    def present() -> datetime:
        return settings.at or clock()

    def stored(digest: str) -> tuple[str, bytes] | None:
        with reading(engine) as connection:
            return picture(connection, digest)

    doors = _doors(workshop, engine, present)
    web, metrics = project.config.web, Metrics(DatabaseGauges(engine).look, clock)
    operations = Operations(
        readiness(engine, clock), metrics.text, metrics_token(project, settings), metrics_port
    )
    hooks = [*_hooks(workshop, engine, present), *_open_doors(workshop, engine, doors)]
    app = build_app(doors, stored, DatabaseTasks(engine), hooks, operations)
    return Shell(app, Site(doors.site, web.hosts, networks(web.behind)), metrics.heard)


def _doors(workshop: Workshop, engine: Engine, present: Clock) -> Doors:
    """What the pages behind a link of a mail share."""
    project = workshop.project
    company, policy = project.config.company, project.config.policy
    keys = link_keys_of(project, workshop.settings)
    if not keys:
        raise SetupError(
            "`secrets.links` is not set, so no link in a mail could be believed",
            help="name a variable there (`links: $SINCERELY_LINK_KEY`) and set it; "
            "`sincerely explain D207` has the line that makes one",
            code="D207",
        )
    return Doors(
        look=_look(workshop),
        links=Links(company.site or "", keys),
        past_mails=DatabasePastMails(engine),
        intake=intake_of(engine),
        now=present,
        topics=policy.marketing,
        doubly=frozenset(
            one for one in policy.marketing if policy.categories[one].consent == "double opt-in"
        ),
        confirms={name: one.confirms for name, one in policy.categories.items() if one.confirms},
        law=project.rulebook.law,
        site=company.site or "",
        pages=project.config.pages,
        locales=company.locales,
        zone=company.time_zone,
        data=_own_data(workshop, engine),
        tracks=purposes_of(project),
    )


def _look(workshop: Workshop) -> Look:
    company = workshop.project.config.company
    logo = workshop.pictures.get(company.logo or "")
    if company.logo is None or logo is None:
        return Look(company.name, company.colour)
    address = f"../a/{asset_hash(logo)}/{quote(Path(company.logo).name)}"
    return Look(company.name, company.colour, address)


def _own_data(workshop: Workshop, engine: Engine) -> OwnData:
    """What people may do with their own data, by a link that was mailed to them."""
    profiles = DatabaseProfiles(engine)
    delivery = workshop.project.config.delivery
    copies = FolderMailer(workshop.settings.project / (delivery.to or "out"))

    def erase(who: str, now: datetime) -> None:
        forget(profiles, copies, who, f"erased-{secrets.token_hex(8)}", now)

    return OwnData(DatabaseDataLinks(engine), profiles.export, erase)


def _hooks(workshop: Workshop, engine: Engine, present: Clock) -> list[Route]:
    """Where other programs send things in; each has to show who it is."""
    project, settings, inbox = workshop.project, workshop.settings, DatabaseInbox(engine)
    tracking = Tracking(
        keys=DatabaseWriteKeys(engine), letterbox=Letterbox(inbox.put_all), now=present
    )
    events = EventsDoor(
        inbox=inbox,
        signatures=sendgrid_signatures_of(project, settings),
        now=present,
        refuse_after=project.config.webhooks.refuse_after,
    )
    inbound = InboundDoor(
        inbox=inbox,
        signatures=inbound_signatures_of(project, settings),
        secret=inbound_secret_of(project, settings),
        now=present,
    )
    return [tracking.route(), events.route(), inbound.route()]


def _open_doors(workshop: Workshop, engine: Engine, doors: Doors) -> list[Route]:
    """What is open to everybody: sign-up forms, and the links of mails that tell of their reader."""
    config = workshop.project.config
    signing_up = SigningUp(
        config.forms, config.policy.categories, doors.law, DatabaseSignUps(engine), doors.intake
    )
    clicks = ClickDoor(
        look=doors.look,
        site=config.company.home,
        links=doors.links,
        past_mails=doors.past_mails,
        tracked=DatabaseTracked(engine),
        sent_mails=DatabaseSentMails(engine),
        now=doors.now,
        locales=doors.locales,
    )
    return [SignUpPage(doors, signing_up).route(), *clicks.routes()]
