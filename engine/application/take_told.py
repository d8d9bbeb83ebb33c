"""What a provider tells of our mails is taken in: it acts on addresses (R5.8), on consent (R5.5), on messages
whose outcome nobody knew (R10.1), and becomes events that journeys can hear.

A telling finds its mail by our own id in it. One that names no mail at all (an asynchronous bounce) is
about the newest mail that went to the address in the week before. One that names a mail of somebody else's,
sent over the same account, acts on the address only, and only where it is bad or unwanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.application.ports.intake import Intake
from engine.application.ports.sent_mails import NewTouch, SentMail, SentMails
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived
from engine.domain.bounce import word_of
from engine.domain.consent import ALL_TOPICS, ConsentEntry, Evidence, standing
from engine.domain.event import PROVIDER, Event, Value
from engine.domain.journey import Class
from engine.domain.jurisdiction import ANY_YES
from engine.domain.message import answered
from engine.domain.scanners import Touch
from engine.domain.told import LOOKS_BACK, SOON, TOUCHES, Told, dropped_because, event_of

AT_ONCE = 1_000
_CONSENT_TO = {"opened": "tracking_opens", "clicked": "tracking_clicks"}
_ABOUT_THE_ADDRESS = frozenset({"bounced", "complained", "dropped", "unsubscribed"})
"""What is worth knowing of an address, whoever's mail it was."""


@dataclass(slots=True)
class _Outcome:
    """What tellings come to: what arrives, touches to be judged, addresses of nobody here."""

    arrivals: list[Arrival] = field(default_factory=list)
    touches: list[NewTouch] = field(default_factory=list)
    strangers: list[tuple[str, str, str]] = field(default_factory=list)


def take_told(
    mails: SentMails, intake: Intake, told: Sequence[Told], now: datetime, by: str
) -> int:
    """Take in what provider `by` tells; answers how many tellings were new.

    Repetitions change nothing, so it may be interrupted anywhere and run again.
    """
    done = 0
    for start in range(0, len(told), AT_ONCE):
        new = mails.unheard(told[start : start + AT_ONCE])
        outcome = _sorted(new, _mails_of(mails, new), _people_of(mails, new), by)
        if outcome.arrivals:
            intake.take_in(outcome.arrivals, now)
        if outcome.touches:
            mails.add_touches(outcome.touches, now)
        for address, because, source in outcome.strangers:
            mails.suppress(address, because, now, source)
        if new:
            mails.heard(new, now)
        done += len(new)
    return done


def _mails_of(mails: SentMails, told: Sequence[Told]) -> Mapping[str, SentMail]:
    """The mail of each telling, by its key, where it can be found."""
    named = mails.by_send_id({one.send_id for one in told if one.send_id})
    found = {one.key: named[one.send_id] for one in told if one.send_id in named}
    for one in told:
        if one.address and not one.send_id and not one.provider_id:
            mail = mails.last_to(one.address, one.at, LOOKS_BACK, SOON)
            if mail is not None:
                found[one.key] = mail
    return found


def _people_of(mails: SentMails, told: Sequence[Told]) -> Mapping[str, str]:
    addresses = {one.address for one in told if one.what in _ABOUT_THE_ADDRESS and one.address}
    return mails.person_of(addresses) if addresses else {}


def _sorted(
    told: Iterable[Told], mails: Mapping[str, SentMail], people: Mapping[str, str], by: str
) -> _Outcome:
    outcome = _Outcome()
    for one in told:
        mail = mails.get(one.key)
        if mail is not None:
            _of_our_mail(one, mail, outcome, by)
        elif one.what not in _ABOUT_THE_ADDRESS or not one.address:
            continue
        elif one.address in people:
            _of_an_address(one, people[one.address], outcome, by)
        else:
            because = _worth_suppressing(one)
            if because is not None:
                said = one.status or one.reason or one.text
                outcome.strangers.append((one.address, because, f"{by} {said}".strip()[:200]))
    return outcome


def _of_our_mail(one: Told, mail: SentMail, outcome: _Outcome, by: str) -> None:
    about: dict[str, Value] = {"send_id": mail.send_id}
    if not mail.erased:
        about |= {
            "mail": mail.mail,
            "category": mail.category,
            "journey": mail.journey,
            "step": mail.step,
        }
    event = event_of(one, about)
    if mail.erased:
        said = {name: value for name, value in event.properties.items() if name in _OF_NOBODY}
        event = Event(event.id, event.name, event.at, said, event.source)
    becomes_event = one.what not in (*TOUCHES, "accepted", "unsubscribed")
    if becomes_event:
        outcome.arrivals.append(EventArrived(mail.person_id, event))
    if mail.unsure and not (becomes_event and answered(event)):
        accepted = Event(f"{one.key}:accepted", "mail.accepted", one.at, about, PROVIDER)
        outcome.arrivals.append(EventArrived(mail.person_id, accepted))
    if mail.erased:
        return
    if one.what in TOUCHES and agrees(mail, one.what, one.at):
        touch = Touch(one.at, one.link, one.agent, one.machine)
        outcome.touches.append(NewTouch(one.key, mail, one.what, touch))
    elif one.what == "unsubscribed":
        topic = mail.category if one.group and mail.klass is Class.MARKETING else ALL_TOPICS
        outcome.arrivals += leaving(mail.person_id, topic, one, mail, by)


_OF_NOBODY = frozenset({"send_id", "status", "kind", "classification", "reason"})
"""What may still be said of a mail whose person was forgotten (R5.9)."""


def _of_an_address(one: Told, person_id: str, outcome: _Outcome, by: str) -> None:
    if one.what == "unsubscribed":
        outcome.arrivals += leaving(person_id, ALL_TOPICS, one, None, by)
    else:
        outcome.arrivals.append(EventArrived(person_id, event_of(one, {})))


def agrees(mail: SentMail, what: str, at: datetime) -> bool:
    """Whether the person agreed, at that time, that opens or clicks of theirs are noted."""
    return standing(mail.consents, _CONSENT_TO[what], at, ANY_YES) == "given"


def leaving(person_id: str, topic: str, one: Told, mail: SentMail | None, by: str) -> list[Arrival]:
    """The person left, by an act of their own at the provider (R5.5), and journeys hear of it."""
    entry = ConsentEntry(
        topic=topic,
        state="unsubscribed",
        at=one.at,
        basis=f"unsubscribe at {by}",
        own_act=True,
        source=f"{by} {mail.send_id}" if mail else by,
    )
    event = Event(
        id=f"{one.key}:left",
        name="consent.withdrawn",
        at=one.at,
        properties={"topic": topic, **({"mail": mail.mail} if mail else {})},
        source=PROVIDER,
    )
    evidence = Evidence(actor=by)
    return [ConsentArrived(person_id, entry, evidence), EventArrived(person_id, event)]


def _worth_suppressing(one: Told) -> str | None:
    """Why an address that nobody here has should never be written to, if it should not."""
    if one.what == "unsubscribed":
        return "opt_out"
    if one.what == "dropped":
        return dropped_because(one.reason)
    word = word_of(event_of(one, {}))
    return {"hard": "hard_bounce", "complaint": "complaint"}.get(word or "")
