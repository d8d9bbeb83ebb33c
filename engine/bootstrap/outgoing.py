"""What leaves: mails, their links, notices to our own people; and whom the provider does not reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from engine.bootstrap.keys import link_keys_of, replies_to, verp_of
from engine.bootstrap.workshop import templates_of
from engine.domain.facts import Rulebook
from engine.language.project import Project
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.application.ports.mailer import Mailer
    from engine.application.ports.notices import Channel
    from engine.application.ports.suppression_lists import SuppressionLists
    from engine.application.ports.tasks import Task
    from engine.application.ports.ways_out import WaysOut
    from engine.application.tell import Writer
    from engine.domain.facts import Facts
    from engine.domain.run import Run


def ways_out_of(project: Project, settings: Settings) -> WaysOut:
    """Signed links, or anchors that lead nowhere where `company.site` or the link key is missing."""
    from engine.adapters.links import Links
    from engine.adapters.mail.ways_out import NoWaysOut, SignedWaysOut

    keys = link_keys_of(project, settings)
    site = project.config.company.site
    if not keys or not site:
        return NoWaysOut()
    answers = replies_to(project, settings)
    return SignedWaysOut(Links(site, keys), project.config.company.name, answers)


def mailer_of(project: Project, settings: Settings, pictures: Mapping[str, bytes]) -> Mailer:
    """The way that mail leaves by the config.

    Raises:
        SetupError: if a key is missing or wrong; D206 to D208 if marketing could not leave lawfully.
    """
    from engine.adapters.mail.choose import mailer_for
    from engine.adapters.mail.departure import marketing_ready
    from engine.domain.errors import SetupError
    from engine.domain.journey import Class

    config, keys = project.config, link_keys_of(project, settings)
    sells = any(category.klass is Class.MARKETING for category in config.policy.categories.values())
    if config.delivery.by in ("smtp", "sendgrid") and sells:
        missing = marketing_ready(
            site=config.company.site or "", address=config.company.address, has_link_key=bool(keys)
        )
        if missing:
            code, _, sentence = missing[0].partition(": ")
            raise SetupError(
                "; ".join([sentence, *(line.partition(": ")[2] for line in missing[1:])]),
                help="mend it, or deliver by `folder` or `console` until then",
                code=code,
            )

    def secret(name: str) -> str:
        if name.startswith("$"):
            return settings.resolve("delivery.password", name)
        return settings.secret(name, config.secrets)

    with_pictures: Callable[[str], str] = str
    if config.delivery.by == "folder":
        from engine.adapters.picture_links import beside

        out = settings.project / config.delivery.to
        with_pictures = beside(pictures, config.company.site or "", out)
    oldest = keys[-1] if keys else b""  # a retry keeps its Message-ID when keys are turned over
    verp = verp_of(project, settings)
    return mailer_for(config.delivery, settings.project, secret, oldest, with_pictures, verp)


def channels_of(project: Project | None) -> tuple[Channel, ...]:
    """The ways by which the operator is told of trouble."""
    if project is None:
        return ()
    operator = project.config.operator
    named: tuple[tuple[Channel, str | None], ...] = (
        ("mail", operator.email), ("webhook", operator.webhook)
    )  # fmt: skip
    return tuple(channel for channel, where in named if where)


def notice_writer_of(
    project: Project,
    rules: Rulebook,
    pictures: Mapping[str, bytes],
    engine: Engine,
    settings: Settings,
) -> Writer:
    """What writes notices to our own people."""
    from engine.adapters.db.briefings import subject_of
    from engine.adapters.db.connect import reading
    from engine.adapters.db.data_links import DatabaseDataLinks
    from engine.adapters.db.tasks import DatabaseTasks
    from engine.adapters.links import Links
    from engine.adapters.mail.ways_out import NoWaysOut
    from engine.adapters.page_words import words_for
    from engine.application.data_mail import DataMail
    from engine.application.letters import Letters
    from engine.application.notice_mails import NoticeWriter

    operator, site = project.config.operator, project.config.company.site
    keys = link_keys_of(project, settings)
    links = Links(site, keys) if keys and site else None
    hook = operator.webhook

    def about(task: Task, now: datetime) -> tuple[Facts | None, Run | None]:
        with reading(engine) as connection:
            return subject_of(connection, task, now)

    writer = NoticeWriter(
        letters=Letters(project, rules, templates_of(project, pictures), NoWaysOut()),
        tasks=DatabaseTasks(engine),
        subject=about,
        closing=lambda task: links.url("h", task) if links else None,
        data=DataMail(
            project.config,
            reader=DatabaseDataLinks(engine).reader,
            link=partial(links.url, "d") if links else None,
            words=lambda locale: words_for(locale, company=project.config.company.locales),
        ).write,
        operator=operator.email,
        webhook=settings.resolve("operator.webhook", hook) if hook else None,
    )
    return writer.write


def suppression_lists_of(project: Project, settings: Settings) -> SuppressionLists | None:
    """What reads the provider's lists of addresses that it does not deliver to, where it has any.

    Raises:
        SetupError: if its key is missing or wrong.
    """
    if project.config.delivery.by != "sendgrid":
        return None
    from engine.adapters.mail.choose import sendgrid_key
    from engine.adapters.mail.sendgrid_client import HOSTS
    from engine.adapters.mail.sendgrid_lists import SendGridLists

    key = sendgrid_key(settings.secret("sendgrid", project.config.secrets))
    return SendGridLists(key, HOSTS[project.config.delivery.region])
