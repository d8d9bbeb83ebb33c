"""Mail that came in acts: bounces and complaints suppress (R5.8), automatic answers do nothing, replies
go to who reads them.

A report is believed if it names a mail of ours by a mark that only we can make. One without a mark, where
the way of sending marks not every mail that comes back, may be about the last one that went to its
address. Anybody could have written it: a bounce then counts as a soft one, whatever it says, and what it
claims is kept for somebody to look at.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol

from engine.application.ports.inbox import Delivery, Part
from engine.application.ports.intake import Intake
from engine.application.take_in import NotUnderstood
from engine.domain.arrival import EventArrived
from engine.domain.bounce import BOUNCE_CLAIMED
from engine.domain.event import PROVIDER, Event, Value
from engine.domain.ids import event_id
from engine.domain.incoming import AutoReply, Bounce, Complaint, Incoming, Reply, Undelivered
from engine.domain.told import LONGEST_TEXT

log = logging.getLogger("sincerely.receive")

ABOUT_A_RECENT_MAIL = timedelta(days=7)
"""Servers give a mail up within five days (RFC 5321 4.5.4.1)."""
COMPLAINED_OF_LATELY = timedelta(days=30)
"""People call a mail spam when they come to it."""
_MOST_NAMED = 10
"""A mail of ours goes to one address. Who names hundreds wants to find out which of them we know."""
_COMPLAINTS = frozenset(
    {"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "miscategorized"}
)
"""Kinds of feedback that are an objection (RFC 5965 7.3, RFC 6650). `not-spam` takes one back, and
`auth-failure` speaks of signatures."""


@dataclass(frozen=True, slots=True)
class OurMail:
    """A mail of ours that a report is about. `mailbox` is whom it went to, empty if their address is
    another today."""

    send_id: str
    person_id: str
    mailbox: str
    mail: str
    category: str
    journey: str
    step: str


class OurMails(Protocol):
    """Finds mails that left."""

    def find(self, begins: str) -> OurMail | None:
        """The mail whose send id begins so, or None."""
        ...

    def last_to(self, mailbox: str, since: datetime, until: datetime) -> OurMail | None:
        """The last one that left for this mailbox between these instants, or None."""
        ...


TakeReply = Callable[[Reply, Delivery], None]
"""Reads a reply; raises MistakeError for one that must be kept."""


def keep_reply(reply: Reply, delivery: Delivery) -> None:
    """Where nobody reads replies they are kept as they came.

    Raises:
        NotUnderstood: always.
    """
    raise NotUnderstood("it is a reply, and nobody reads replies here")


@dataclass(slots=True)
class ReceiveMail:
    """Processes deliveries of the kind `mail`.

    `read` tells a mail apart; `about` answers the beginnings of the send ids that a report names with a
    mark of ours; `signs_all` says that every mail that leaves comes back to an address of its own, so
    that a bounce without a mark is somebody else's. `done` counts what there was.
    """

    read: Callable[[Delivery], Incoming]
    about: Callable[[Bounce | Complaint], Iterable[str]]
    mails: OurMails
    intake: Intake
    signs_all: bool = False
    take_reply: TakeReply = keep_reply
    done: Counter[str] = field(default_factory=Counter)

    def take(self, delivery: Delivery) -> None:
        """Let one mail act. The same again changes nothing (R1.4).

        Raises:
            MistakeError: for what somebody has to look at.
        """
        match self.read(delivery):
            case Reply() as reply:
                self.take_reply(reply, delivery)
                self._count("reply")
            case AutoReply(because=because):
                log.info("ignored", extra={"action": "receive", "because": because})
                self._count("automatic answer")
            case Bounce() as bounce:
                self._bounced(bounce, delivery)
            case Complaint() as complaint:
                self._complained(complaint, delivery)

    def _bounced(self, bounce: Bounce, delivery: Delivery) -> None:
        given_up = [one for one in bounce.undelivered if one.final]
        mail = self._marked(bounce)
        if mail is None:
            self._bounced_without_mark(given_up, bounce, delivery)
        elif given_up:
            one = _of_whom(given_up, mail.mailbox)
            said = _said(one) | {"verdict": one.verdict, "kind": "blocked" if one.blocked else ""}
            self._tell("mail.bounced", mail, said, bounce.envelope.message_id, delivery)
            self._count("hard bounce" if one.verdict == "hard" else "soft bounce")
        else:
            one = _of_whom(bounce.undelivered, mail.mailbox)
            self._tell("mail.deferred", mail, _said(one), bounce.envelope.message_id, delivery)
            self._count("delay")

    def _bounced_without_mark(
        self, given_up: Sequence[Undelivered], bounce: Bounce, delivery: Delivery
    ) -> None:
        """One soft bounce, and a bad address is a claim that somebody has to look at."""
        by_address = {one.address: one for one in given_up[:_MOST_NAMED]}
        address, mail = self._lately(() if self.signs_all else by_address, delivery)
        if mail is None:
            self._foreign("bounce")
            return
        one = by_address[address]
        self._tell(BOUNCE_CLAIMED, mail, _said(one), "any report", delivery)  # one a mail
        self._count("bounce without a mark")
        if one.verdict == "hard":
            raise _claim(
                delivery,
                f"it says that {address} is no address, and has no mark of ours: counted as one soft"
                f" bounce of {mail.mail}; if it is true, `sincerely suppression add {address}`",
            )

    def _complained(self, complaint: Complaint, delivery: Delivery) -> None:
        if complaint.kind not in _COMPLAINTS:
            log.info(
                "ignored", extra={"action": "receive", "because": "feedback that is no complaint"}
            )
            self._count("other feedback")
            return
        mail = self._marked(complaint)
        if mail is not None:
            self._tell("mail.complained", mail, {}, complaint.envelope.message_id, delivery)
            self._count("complaint")
            return
        addresses = (*complaint.addresses, *complaint.returned.recipients)[:_MOST_NAMED]
        address, mail = self._lately(addresses, delivery, COMPLAINED_OF_LATELY)
        if mail is None:
            self._foreign("complaint")
            return
        self._count("complaint without a mark")
        raise _claim(
            delivery,
            f"it says that {address} called {mail.mail} spam, and has no mark of ours: nothing was"
            f" done; if it is true, `sincerely suppression add {address}`",
        )

    def _marked(self, report: Bounce | Complaint) -> OurMail | None:
        """The mail that a report names by a mark of ours."""
        found = (self.mails.find(begins) for begins in self.about(report))
        return next((mail for mail in found if mail is not None), None)

    def _lately(
        self, addresses: Iterable[str], delivery: Delivery, back: timedelta = ABOUT_A_RECENT_MAIL
    ) -> tuple[str, OurMail | None]:
        """The first of these addresses that was written to in the time before, and that mail."""
        until = delivery.received_at
        for address in addresses:
            if mail := self.mails.last_to(address, until - back, until):
                return address, mail
        return "", None

    def _tell(
        self, name: str, mail: OurMail, said: dict[str, str], report: str, delivery: Delivery
    ) -> None:
        """By the same door by which a provider's webhook speaks. `report` is the same for every delivery of
        what tells it: its Message-ID, where it has one."""
        report = report or blake2b(delivery.body, digest_size=16).hexdigest()
        about: dict[str, Value] = {
            "send_id": mail.send_id,
            "mail": mail.mail,
            "category": mail.category,
            "journey": mail.journey,
            "step": mail.step,
        }
        event = Event(
            id=event_id("mail", name, mail.send_id, report),
            name=name,
            at=delivery.received_at,
            properties=about | {key: value for key, value in said.items() if value},
            source=PROVIDER,
        )
        self.intake.take_in([EventArrived(mail.person_id, event)], delivery.received_at)

    def _foreign(self, what: str) -> None:
        log.info("ignored", extra={"action": "receive", "because": f"a {what} of no mail of ours"})
        self._count(f"{what} of no mail of ours")

    def _count(self, what: str) -> None:
        self.done[what] += 1


def _claim(delivery: Delivery, problem: str) -> NotUnderstood:
    """What somebody has to look at; once, however often it is claimed."""
    return NotUnderstood(problem, [Part(problem, delivery.body, newest=True)])


def _said(one: Undelivered) -> dict[str, str]:
    return {"status": one.status, "text": one.text[:LONGEST_TEXT]}


def _of_whom(failed: Sequence[Undelivered], mailbox: str) -> Undelivered:
    """What became of our own recipient. Of several others, to whom a mail was passed on, the mildest
    word counts: one of them may have it."""
    for one in failed:
        if one.address == mailbox:
            return one
    return min(failed, key=lambda one: one.verdict == "hard")
