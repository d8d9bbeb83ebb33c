"""A person chooses what they want to hear about, how often and in which words, on the page that a mail of
theirs leads to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.application.ports.intake import Intake
from engine.application.ports.past_mails import PastMail
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, PreferenceArrived
from engine.domain.consent import PROFILING, ConsentEntry, Evidence, standing
from engine.domain.event import Event, Value
from engine.domain.jurisdiction import ANY_YES, Terms
from engine.domain.preference import Preference, What, Wishes, language, wishes

SOURCE = "preferences"
NO_PROOF = Evidence()
WORDING = "preferences page, 2026-11c"
"""Which words the person saw (R5.1). Change it whenever the page says something else."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the form said; None where it said nothing, and then nothing changes. `pause` is the end of
    one, or False for none; `tracking` says of purposes whether they are agreed to."""

    topics: Collection[str]
    less_often: bool | None = None
    pause: datetime | bool | None = None
    skipped: Collection[str] | None = None
    moods: bool | None = None
    tracking: Mapping[str, bool] = field(default_factory=dict)
    language: str | None = None


def chosen_now(
    mail: PastMail, offered: Mapping[str, Terms], now: datetime
) -> list[tuple[str, bool]]:
    """Each topic that is offered, and whether the person gets it as things stand: by what its terms take
    for enough, as at the gate. So no box is ticked for who has not agreed enough."""
    return [(topic, _gets(mail, topic, terms, now)) for topic, terms in offered.items()]


def wished_now(mail: PastMail) -> Wishes:
    """What holds for their mailbox."""
    return wishes((*mail.preferences, *mail.mailbox_preferences))


def agreed_now(mail: PastMail, purpose: str, now: datetime) -> bool:
    """Whether they agree to a purpose beside mail (R5.3): that their messages are read for moods (R5.10),
    that their clicks or opens are noticed."""
    return standing(mail.consents, purpose, now, ANY_YES) == "given"


def choose(
    mail: PastMail,
    offered: Mapping[str, Terms],
    choice: Choice,
    intake: Intake,
    now: datetime,
    proof: Evidence = NO_PROOF,
) -> tuple[str, ...]:
    """Keep what was chosen and leave the rest of what was `offered`, each topic with the terms that its
    consent has to meet; answer which topics are kept.

    It is the person's own act, so it may lead back (R5.5), and as the link reached only their mailbox,
    it is a confirmation, too. By a mail that went to another mailbox than theirs of today a yes is nothing,
    for somebody else may read that one; a no counts from there, too. Only what changes is written: a box
    that was ticked for what a purchase implies, and stays ticked, is no yes in words. That
    they looked and confirmed is an event (`preferences.confirmed`) every time, for journeys wait for it.
    """
    kept = tuple(
        topic
        for topic, terms in offered.items()
        if topic in choice.topics and (mail.went_here or _gets(mail, topic, terms, now))
    )
    arrivals: list[Arrival] = []
    lines = [
        _change(mail, topic, terms, topic in choice.topics, now) for topic, terms in offered.items()
    ]
    purposes = {**choice.tracking, **({} if choice.moods is None else {PROFILING: choice.moods})}
    for purpose, wanted in purposes.items():
        if wanted != agreed_now(mail, purpose, now):
            lines.append(_entry(mail, purpose, wanted, now))
    for entry in lines:
        if entry is not None and (mail.went_here or entry.state == "unsubscribed"):
            name = "consent.confirmed" if entry.state == "express" else "consent.withdrawn"
            arrivals.append(ConsentArrived(mail.person_id, entry, proof))
            arrivals.append(_event(mail, name, {"topic": entry.topic}, now, entry.topic))
    arrivals += [PreferenceArrived(mail.person_id, line) for line in _chosen(mail, choice, now)]
    arrivals.append(_event(mail, "preferences.confirmed", {"topics": kept}, now))
    intake.take_in(arrivals, now)
    return kept


def _chosen(mail: PastMail, choice: Choice, now: datetime) -> list[Preference]:
    """The lines for what is another now than it was."""
    was = wished_now(mail)
    lines: list[Preference] = []

    def add(what: What, active: bool, value: str = "", until: datetime | None = None) -> None:
        source = f"{SOURCE} {mail.send_id}"
        lines.append(Preference(what, now, active, value, until, source))

    if choice.less_often is not None and choice.less_often != was.less_often:
        add("pace", choice.less_often)
    rests = was.paused_until is not None and was.paused_until > now
    if isinstance(choice.pause, datetime):
        if choice.pause != was.paused_until:
            add("pause", True, until=choice.pause)
    elif choice.pause is False and rests:
        add("pause", False)
    if choice.skipped is not None:
        for theme in sorted(was.skipped ^ set(choice.skipped)):
            add("theme", theme in choice.skipped, theme)
    if choice.language is not None and choice.language != (
        language(mail.preferences) or mail.locale
    ):
        add("language", True, choice.language)
    return lines


def _ledger(mail: PastMail) -> tuple[ConsentEntry, ...]:
    """What topics are decided on, as at the gate."""
    return (*mail.consents, *mail.mailbox_consents)


def _gets(mail: PastMail, topic: str, terms: Terms, now: datetime) -> bool:
    return standing(_ledger(mail), topic, now, terms) == "given"


def _change(
    mail: PastMail, topic: str, terms: Terms, wanted: bool, now: datetime
) -> ConsentEntry | None:
    """A no ends every yes, also one that was not enough yet."""
    if wanted:
        said = not _gets(mail, topic, terms, now)
    else:
        said = standing(_ledger(mail), topic, now, ANY_YES) in ("given", "pending")
    return _entry(mail, topic, wanted, now) if said else None


def _entry(mail: PastMail, topic: str, wanted: bool, now: datetime) -> ConsentEntry:
    return ConsentEntry(
        topic,
        "express" if wanted else "unsubscribed",
        now,
        basis="preferences page",
        confirmed=wanted,
        own_act=True,
        source=f"{SOURCE} {mail.send_id}",
        wording=WORDING,
    )


def _event(
    mail: PastMail, name: str, properties: dict[str, Value], now: datetime, topic: str = ""
) -> EventArrived:
    identity = f"{mail.send_id}:{name}:{topic}:{now.isoformat()}"
    return EventArrived(mail.person_id, Event(identity, name, now, properties, source=SOURCE))
