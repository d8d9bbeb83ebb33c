"""A person leaves, by the link in a mail: at once, without a question, and as often as they like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.application.ports.intake import Intake
from engine.application.ports.past_mails import PastMail
from engine.domain.arrival import ConsentArrived, EventArrived
from engine.domain.consent import ALL_TOPICS, ConsentEntry, standing
from engine.domain.event import Event
from engine.domain.journey import Class
from engine.domain.jurisdiction import ANY_YES

SOURCE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is left: a topic, or all of them."""

    topic: str
    changed: bool

    @property
    def everything(self) -> bool:
        """Whether the person left all marketing."""
        return self.topic == ALL_TOPICS


def unsubscribe(
    mail: PastMail, intake: Intake, now: datetime, *, everything: bool = False, how: str = "page"
) -> Leaving:
    """Take the person of a past mail off its topic, or off all (R5.6), from `now` on.

    It is their own act, written to the ledger with how it came (`one-click` or `page`) and by which
    mail. Who is off already stays so, and nothing is written twice. A mail that is no marketing has
    no topic to leave: its link leaves all.
    """
    topic = topic_left(mail, everything)
    if is_off(mail, topic, now):
        return Leaving(topic, changed=False)
    entry = ConsentEntry(
        topic=topic,
        state="unsubscribed",
        at=now,
        basis=f"{how} unsubscribe",
        own_act=True,
        source=f"{SOURCE} {mail.send_id}",
    )
    event = Event(
        id=f"{mail.send_id}:{topic}:{now.isoformat()}",
        name="consent.withdrawn",
        at=now,
        properties={"topic": topic, "mail": mail.mail},
        source=SOURCE,
    )
    intake.take_in(
        [ConsentArrived(mail.person_id, entry), EventArrived(mail.person_id, event)], now
    )
    return Leaving(topic, changed=True)


def topic_left(mail: PastMail, everything: bool) -> str:
    """The topic that the link of this mail leaves."""
    return ALL_TOPICS if everything or mail.klass is not Class.MARKETING else mail.topic


def is_off(mail: PastMail, topic: str, now: datetime) -> bool:
    """Whether the person gets nothing of this topic as things stand. Off all is only who came back to
    no single topic since."""
    topics = {topic}
    if topic == ALL_TOPICS:
        topics |= {entry.topic for entry in mail.consents}
    return all(standing(mail.consents, one, now, ANY_YES) == "unsubscribed" for one in topics)
