"""What comes in: files, calls, events of providers, mails; and what reads how people feel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from engine.bootstrap.keys import link_keys_of, replies_to, verp_of
from engine.bootstrap.outgoing import channels_of
from engine.domain.facts import Rulebook
from engine.language.project import Project
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.adapters.db.intake import DatabaseIntake
    from engine.adapters.mail.incoming.ours import OwnMarks
    from engine.application.ports.inbox import Delivery, Part
    from engine.application.ports.mood_reader import MoodReader
    from engine.application.read_messages import MessageReading, ReadingIntake
    from engine.application.receive_mail import ReceiveMail
    from engine.application.take_in import Processor
    from engine.application.take_reply import RepliesTaken
    from engine.domain.incoming import Incoming
    from engine.language.config_file import Config


_MOST_OF_A_POST = 256 * 1024
"""So much is kept of what was posted as a mail and is none."""


def mood_reader(backend: Literal["auto", "hybrid", "linear"] = "auto") -> MoodReader:
    """What reads how people feel. Loading it takes about a second: ask once and keep it."""
    from engine.adapters.nlp.pipeline import build
    from engine.adapters.nlp.reader import SpacyMoodReader

    return SpacyMoodReader(build(backend))


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
    return {
        "segment": segment_inbox_of(engine, project, rules, clock),
        "sendgrid.events": sendgrid_events_of(engine, project),
        **mail_processors(receiver_of(engine, project, settings)),
    }


def mail_processors(receiver: ReceiveMail) -> dict[str, Processor]:
    """Who processes mails, by the way they came. Of what is kept only what says something stays."""
    from engine.adapters.mail.inbound_parse import A_MAIL, KIND, mail_of
    from engine.adapters.mail.incoming.shortened import shortened
    from engine.application.take_in import NotUnderstood, one_by_one

    def short(delivery: Delivery, part: Part) -> Part:
        return replace(part, body=shortened(delivery.body), content_type=A_MAIL)

    def short_post(delivery: Delivery, part: Part) -> Part:
        try:
            return short(mail_of(delivery), part)
        except NotUnderstood:
            return replace(part, body=delivery.body[:_MOST_OF_A_POST])

    return {
        "mail": one_by_one(receiver.take, short),
        KIND: one_by_one(lambda delivery: receiver.take(mail_of(delivery)), short_post),
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


def receiver_of(engine: Engine, project: Project, settings: Settings) -> ReceiveMail:
    """What lets mail that came in act."""
    from engine.adapters.db.our_mails import DatabaseOurMails
    from engine.adapters.mail.inbound_parse import CHECKED_BY, KIND
    from engine.adapters.mail.incoming.ours import OwnMarks
    from engine.adapters.mail.incoming.read import read_mail
    from engine.application.receive_mail import ReceiveMail

    verp = verp_of(project, settings)
    marks = OwnMarks(link_keys_of(project, settings), verp, replies_to(project, settings))
    trusted = {name.lower() for name in project.config.delivery.checked_by}

    def read(delivery: Delivery) -> Incoming:
        return read_mail(delivery.body, {CHECKED_BY} if delivery.kind == KIND else trusted)

    return ReceiveMail(
        read=read,
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
    from engine.adapters.nlp.second_reader import hunch_of
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
        second=hunch_of,
        ours={
            address.lower()
            for sender in config.senders.values()
            for address in (sender.email, sender.reply_to)
            if address
        }
        | {team.email.lower() for team in config.teams.values()},
    )
