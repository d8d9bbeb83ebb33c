"""The only place where ports meet adapters.

A command builds what it needs and no more: heavy libraries are imported where they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from engine.adapters.files import read_assets, read_sources, shipped_jurisdictions
from engine.domain.errors import MistakeError
from engine.domain.experiment import winners_to_use
from engine.domain.facts import Rulebook
from engine.domain.index import by_stage
from engine.domain.lifecycle import Thresholds
from engine.language.diagnostics import Diagnostic
from engine.language.project import JURISDICTIONS, Project, read_project
from engine.settings import SHORTEST_KEY, Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from engine.adapters.db.intake import DatabaseIntake
    from engine.adapters.mail.incoming.ours import OwnMarks
    from engine.adapters.mail.sendgrid_signature import Signatures
    from engine.adapters.mail.verp import Verp
    from engine.adapters.templates.renderer import Templates
    from engine.application.ports.mailer import Mailer
    from engine.application.ports.mood_reader import MoodReader
    from engine.application.ports.notices import Channel
    from engine.application.ports.suppression_lists import SuppressionLists
    from engine.application.ports.tasks import Task
    from engine.application.ports.ways_out import WaysOut
    from engine.application.read_messages import MessageReading, ReadingIntake
    from engine.application.receive_mail import ReceiveMail
    from engine.application.take_in import Processor
    from engine.application.take_reply import RepliesTaken
    from engine.application.tell import Writer
    from engine.domain.facts import Facts
    from engine.domain.run import Run
    from engine.language.config_file import Config


_SHOWN = 5


class ProjectError(MistakeError):
    """A project's files have mistakes."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        mistakes = [found for found in diagnostics if found.severity == "error"]
        noun = "mistake" if len(mistakes) == 1 else "mistakes"
        lines = [
            f"{found.file}:{found.line}:{found.column}: {found.code} {found.message}"
            for found in mistakes[:_SHOWN]
        ]
        super().__init__(
            "\n".join([f"the project has {len(mistakes)} {noun}", *lines]),
            help="run `sincerely check`, it shows their places and what to do",
        )


class Workshop:
    """A project's folder, read once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """The text files, by path, and the jurisdictions that come with the engine."""
        return {**shipped_jurisdictions(), **read_sources(self.settings.project)}

    @cached_property
    def pictures(self) -> Mapping[str, bytes]:
        """The pictures of `templates/_assets`."""
        return read_assets(self.settings.project)

    @cached_property
    def project(self) -> Project:
        """The project as far as it can be read, with its mistakes."""
        return compile_project(self.sources)

    def sound(self) -> Project:
        """The project, if nothing in it blocks.

        Raises:
            ProjectError: if something does.
        """
        if not self.project.ok:
            raise ProjectError(self.project.diagnostics)
        return self.project

    def proven(self, now: datetime) -> Project:
        """The project, if nothing in it blocks and every mail can be written with its samples: what may
        be applied.

        Raises:
            ProjectError: if something does.
        """
        from engine.application.check import check
        from engine.language.diagnostics import has_errors

        found = check(self.project, self.templates(), now)
        if has_errors(found):
            raise ProjectError(found)
        return self.project

    def templates(self) -> Templates:
        """The mails."""
        return templates_of(self.project, self.pictures)


def compile_project(sources: Mapping[str, str]) -> Project:
    """A project from its texts, whichever name its config has. Where it holds no jurisdictions, as in
    a version that is older than they are, those of the engine count."""
    if not any(path.startswith(JURISDICTIONS) for path in sources):
        sources = {**sources, **shipped_jurisdictions()}
    name = next((n for n in ("config.yaml", "config.example.yaml") if n in sources), "config.yaml")
    return read_project(sources, config_name=name)


def with_holidays(project: Project, year: int) -> Rulebook:
    """The rulebook with the closed days of the place that the config names."""
    rules, place = project.rulebook, project.config.holidays
    if place is None:
        return rules
    from engine.adapters.public_holidays import public_holidays

    return replace(rules, policy=replace(rules.policy, holidays=public_holidays(place, year)))


def with_thresholds(rules: Rulebook, thresholds: Thresholds) -> Rulebook:
    """The rulebook with learned thresholds. They are an edit of the segments that depend on stages: the
    first look at one of these afterwards enters nobody (R6.2)."""
    since = dict(rules.segments_since)
    if thresholds.holds_from is not None:
        for name in by_stage(rules):
            since[name] = max(since.get(name, thresholds.holds_from), thresholds.holds_from)
    return replace(rules, thresholds=thresholds, segments_since=since)


def with_decisions(
    connection: Connection, rules: Rulebook, now: datetime, *, then: bool = False
) -> Rulebook:
    """The rulebook with what people and time decided beside the files: switches, approvals, winners of
    experiments, and the thresholds and base rates in use at `now`. With `then`, as all that was at `now`;
    else as it stands."""
    from engine.adapters.db import approvals, base_rates, experiments, switches, thresholds

    until = now if then else None
    paused, paused_journeys = switches.paused(connection, until)
    rules = replace(
        rules,
        paused=paused,
        paused_journeys=paused_journeys,
        judged=approvals.first_sends(connection, until),
        winners=winners_to_use(experiments.trials(connection, until), rules.journeys),
        emotion=base_rates.as_learned(connection, rules.emotion, now),
    )
    return with_thresholds(rules, thresholds.thresholds_at(connection, now))


def templates_of(project: Project, pictures: Mapping[str, bytes]) -> Templates:
    """The mails of a project. They name pictures by content, `SITE/a/HASH/NAME`."""
    from engine.adapters.templates.renderer import Templates

    files = [file for by_locale in project.templates.values() for file in by_locale.values()]
    return Templates(files, project.layouts, project.config.company, pictures)


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


def link_keys_of(project: Project, settings: Settings) -> tuple[bytes, ...]:
    """The keys that sign links, the newest first; none where the environment has none.

    Raises:
        MistakeError: D204, if one is too short to be safe.
    """
    from engine.adapters.links import link_keys

    reference = project.config.secrets.get("links")
    value = settings.environment.get(reference[1:], "") if reference else ""
    if not value:
        return ()
    try:
        return link_keys(value)
    except ValueError as error:
        raise MistakeError(
            f"the link key in {reference} cannot be used: {error}",
            help="make one with `python3 -c 'import secrets; print(secrets.token_hex(32))'`",
            code="D204",
        ) from None


def metrics_token(project: Project, settings: Settings) -> str:
    """The token that `/metrics` asks for (`secrets.metrics`); empty where none is named.

    Raises:
        SetupError: D201, if its variable is not set.
    """
    named = "metrics" in project.config.secrets
    return settings.secret("metrics", project.config.secrets) if named else ""


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


def verp_of(project: Project, settings: Settings) -> Verp | None:
    """The addresses that mail comes back to; none where the config names no address for it.

    Raises:
        SetupError: D210, if there is no key to sign them with.
    """
    from engine.adapters.mail.verp import Verp
    from engine.domain.errors import SetupError

    address = project.config.delivery.bounces
    if address is None:
        return None
    keys = link_keys_of(project, settings)
    if not keys:
        raise SetupError(
            "`delivery.bounces` needs a key: without one anybody could say that a mail bounced",
            help="set `secrets.links`, or delete `bounces`",
            code="D210",
        )
    return Verp(address, keys)


def mood_reader(backend: Literal["auto", "hybrid", "linear"] = "auto") -> MoodReader:
    """What reads how people feel. Loading it takes about a second: ask once and keep it."""
    from engine.adapters.nlp.pipeline import build
    from engine.adapters.nlp.reader import SpacyMoodReader

    return SpacyMoodReader(build(backend))


# ── several processes ─────────────────────────────────────────────────────────────────────────


def require_queue(engine: Engine) -> None:
    """Pass if workers can take jobs from this database.

    Raises:
        SetupError: D122 if the library is not installed, D123 if the queue was made for another version
            of it, or not at all.
    """
    from engine.adapters.db.connect import reading
    from engine.adapters.queue.install import installed, stands
    from engine.domain.errors import SetupError

    wanted = installed()
    if wanted is None:
        raise SetupError(
            "workers take their jobs from Procrastinate, which is not installed",
            help="pip install 'sincerely[workers]', then run `sincerely db upgrade`",
            code="D122",
        )
    with reading(engine) as connection:
        there = stands(connection)
    if there != wanted:
        raise SetupError(
            f"the queue of this database is {there or 'not there yet'}, and {wanted} is installed",
            help="run `sincerely db upgrade` while no worker runs",
            code="D123",
        )


def make_queue(engine: Engine) -> str | None:
    """Make the queue for workers, where PostgreSQL and the library are there; answer which, if it is new.

    Raises:
        SetupError: D124, if the role may not make a schema.
    """
    from sqlalchemy.exc import ProgrammingError

    from engine.adapters.queue.install import install
    from engine.domain.errors import SetupError

    if engine.dialect.name != "postgresql":
        return None
    try:
        return install(engine)
    except ProgrammingError as error:
        if "permission denied" not in str(error.orig):
            raise
        raise SetupError(
            f"the queue for workers could not be made: {error.orig}",
            help="GRANT CREATE ON DATABASE … to the role, then run `sincerely db upgrade` again",
            code="D124",
        ) from error


def intake_of(engine: Engine) -> DatabaseIntake:
    """The way in. What arrives asks workers for a turn in the transaction that stores it."""
    from engine.adapters.db.intake import DatabaseIntake
    from engine.adapters.db.stored import SHARDS
    from engine.adapters.queue.jobs import defer
    from engine.application.share_out import everybody

    return DatabaseIntake(engine, lambda connection: defer(connection, [everybody(SHARDS)]))


def message_reading(config: Config) -> MessageReading:
    """What reads the messages of people. The model is loaded at the first one that may be read, and the
    names of the business are masked in all."""
    from engine.application.read_messages import MessageReading, house_names

    senders = {key: sender.name for key, sender in config.senders.items()}
    names = house_names(config.company.name, senders)
    return MessageReading(mood_reader, config.emotion, names)


def reading_intake(intake: DatabaseIntake, engine: Engine, config: Config) -> ReadingIntake:
    """The way in for what people write: it is read first, where they agreed to that (R5.10)."""
    from engine.adapters.db.authors import DatabaseAuthors
    from engine.application.read_messages import ReadingIntake

    return ReadingIntake(intake, DatabaseAuthors(engine), message_reading(config))


def processors_of(
    engine: Engine,
    project: Project,
    rules: Rulebook,
    settings: Settings,
    clock: Callable[[], datetime],
) -> dict[str, Processor]:
    """Who processes what of the inbox, by kind (`ports.inbox.KINDS`). `rules` are those in force, `clock`
    is the present."""
    from engine.adapters.mail.inbound_parse import mail_of
    from engine.application.take_in import one_by_one

    receiver = receiver_of(engine, project, settings)
    return {
        "segment": segment_inbox_of(engine, project, rules, clock),
        "sendgrid.events": sendgrid_events_of(engine, project),
        "mail": one_by_one(receiver.take),
        "sendgrid.inbound": one_by_one(lambda delivery: receiver.take(mail_of(delivery))),
    }


def segment_inbox_of(
    engine: Engine, project: Project, rules: Rulebook, clock: Callable[[], datetime]
) -> Processor:
    """What takes in the calls of the tracking API."""
    from engine.adapters.db.joining import DatabaseJoining
    from engine.adapters.db.write_keys import DatabaseWriteKeys
    from engine.adapters.mail.addresses import mailbox, normal
    from engine.application.row_kinds import Reader
    from engine.application.segment_inbox import SegmentInbox

    config = project.config
    return SegmentInbox(
        intake=reading_intake(intake_of(engine), engine, config),
        joining=DatabaseJoining(engine),
        keys=DatabaseWriteKeys(engine),
        reader=Reader(
            now=clock(),
            zone=ZoneInfo(config.company.time_zone),
            normal_address=lambda text: (normal(text), mailbox(text)),
            emotion=config.emotion,
        ),
        rules=rules,
        clock=clock,
    )


def sendgrid_events_of(engine: Engine, project: Project) -> Processor:
    """What takes in the event webhook of SendGrid."""
    from engine.adapters.db.address_key import key_of
    from engine.adapters.db.alerts import DatabaseAlerts, open_alerts
    from engine.adapters.db.connect import reading
    from engine.adapters.db.sent_mails import DatabaseSentMails
    from engine.adapters.mail.sendgrid_events import read_events
    from engine.application.account_watch import AccountWatch
    from engine.application.alerts import Alerts
    from engine.application.provider_deliveries import ProviderDeliveries

    with reading(engine) as connection:
        secret = key_of(connection)

    def alerts_open() -> Mapping[str, datetime]:
        with reading(engine) as connection:
            return {alert.name: alert.since for alert in open_alerts(connection)}

    return ProviderDeliveries(
        by="sendgrid",
        read=lambda body, received_at: read_events(body, received_at, secret),
        mails=DatabaseSentMails(engine),
        intake=intake_of(engine),
        account=AccountWatch(
            "sendgrid", Alerts(DatabaseAlerts(engine), channels_of(project)), alerts_open
        ),
    ).process


def sendgrid_signatures_of(project: Project, settings: Settings) -> Signatures:
    """What knows SendGrid's signature of events by the keys of the config; without a key, nothing is
    signed.

    Raises:
        SetupError: D201 if a variable is not set, D241 if it holds no key.
    """
    return _signatures(project.config.webhooks.sendgrid, "webhooks.sendgrid", settings)


def inbound_signatures_of(project: Project, settings: Settings) -> Signatures:
    """What knows SendGrid's signature of mails to us, in the same way.

    Raises:
        SetupError: D201 if a variable is not set, D241 if it holds no key.
    """
    return _signatures(project.config.webhooks.inbound, "webhooks.inbound", settings)


def inbound_secret_of(project: Project, settings: Settings) -> str:
    """The secret in the address that mails to us are posted to; empty where there is none.

    Raises:
        SetupError: D201 if the variable is not set, D242 if it holds what could be guessed.
    """
    from engine.domain.errors import SetupError

    named = project.config.webhooks.inbound_secret
    secret = settings.resolve("webhooks.inbound_secret", named) if named else ""
    if named and len(secret) < SHORTEST_KEY:
        raise SetupError(
            f"the secret in {named} is shorter than {SHORTEST_KEY} characters",
            help="make one with `python3 -c 'import secrets; print(secrets.token_hex(16))'`",
            code="D242",
        )
    return secret


def _signatures(named_keys: Sequence[str], place: str, settings: Settings) -> Signatures:
    """What knows a signature by some keys, or variables that hold them.

    Raises:
        SetupError: D201 if a variable is not set, D241 if it holds no key.
    """
    from engine.adapters.mail.sendgrid_signature import Signatures
    from engine.domain.errors import SetupError
    from engine.language.webhook_words import is_verification_key

    keys = []
    for named in named_keys:
        found = settings.resolve(place, named)
        keys += [key for part in found.split(",") if (key := part.strip())]
        if not all(map(is_verification_key, keys)):
            raise SetupError(
                f"{named} holds no verification key of SendGrid",
                help="copy it whole from SendGrid, Settings, Mail Settings, Event Webhook; it begins with"
                " `MFkw`",
                code="D241",
            )
    return Signatures(keys)


def suppression_lists_of(project: Project, settings: Settings) -> SuppressionLists | None:
    """What reads the provider's lists of addresses that it does not deliver to, where it has any.

    Raises:
        SetupError: if its key is missing or wrong.
    """
    if project.config.delivery.by != "sendgrid":
        return None
    from engine.adapters.mail.choose import sendgrid_key
    from engine.adapters.mail.sendgrid_lists import SendGridLists

    return SendGridLists(sendgrid_key(settings.secret("sendgrid", project.config.secrets)))


def channels_of(project: Project | None) -> tuple[Channel, ...]:
    """The ways by which the operator is told of trouble."""
    if project is None:
        return ()
    operator = project.config.operator
    named: tuple[tuple[Channel, str | None], ...] = (
        ("mail", operator.email), ("webhook", operator.webhook)
    )  # fmt: skip
    return tuple(channel for channel, where in named if where)


def receiver_of(engine: Engine, project: Project, settings: Settings) -> ReceiveMail:
    """What lets mail that came in act."""
    from engine.adapters.db.our_mails import DatabaseOurMails
    from engine.adapters.mail.incoming.ours import OwnMarks
    from engine.adapters.mail.incoming.read import read_mail
    from engine.application.receive_mail import ReceiveMail

    verp = verp_of(project, settings)
    marks = OwnMarks(link_keys_of(project, settings), verp, replies_to(project, settings))
    return ReceiveMail(
        read=read_mail,
        about=marks.about,
        mails=DatabaseOurMails(engine),
        intake=intake_of(engine),
        signs_all=verp is not None,
        take_reply=replies_of(engine, project, marks).take,
    )


def replies_of(engine: Engine, project: Project, marks: OwnMarks) -> RepliesTaken:
    """What lets replies act. `marks` reads which mail they answer."""
    from engine.adapters.db.authors import DatabaseAuthors
    from engine.adapters.db.correspondence import DatabaseCorrespondence
    from engine.adapters.mail.addresses import NotAnAddress, mailbox
    from engine.adapters.nlp.cleaning.own_words import own_words
    from engine.application.take_reply import RepliesTaken

    config, templates = project.config, project.templates

    def subjects(mail: str) -> list[str]:
        return [file.subject for file in templates.get(mail, {}).values()]

    def known_as(address: str) -> str:
        try:
            return mailbox(address)
        except NotAnAddress:  # then nobody has it
            return address

    return RepliesTaken(
        mails=DatabaseCorrespondence(engine),
        authors=DatabaseAuthors(engine),
        intake=reading_intake(intake_of(engine), engine, config),
        mailbox=known_as,
        own_words=lambda text: own_words(text).text.strip(),
        marks=marks.answered_by,
        subjects=subjects,
        asks_team=project.rulebook.care_team is not None,
        ours={
            address.lower()
            for sender in config.senders.values()
            for address in (sender.email, sender.reply_to)
            if address
        }
        | {team.email.lower() for team in config.teams.values()},
    )


def replies_to(project: Project, settings: Settings) -> Verp | None:
    """The addresses that mail is answered to; none where the config names no address for it.

    Raises:
        SetupError: D243, if there is no key to sign them with.
    """
    from engine.adapters.mail.verp import Verp
    from engine.domain.errors import SetupError

    address = project.config.delivery.replies
    if address is None:
        return None
    keys = link_keys_of(project, settings)
    if not keys:
        raise SetupError(
            "`delivery.replies` needs a key: without one anybody could answer any mail",
            help="set `secrets.links`, or delete `replies`",
            code="D243",
        )
    return Verp(address, keys, "reply")


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
