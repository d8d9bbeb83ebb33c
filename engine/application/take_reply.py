"""Somebody answers a mail: what they wrote themselves is kept, heard, and acted upon.

It becomes `feedback.received` of the source `reply`, with the mail that it answers, by the same door as
`import feedback`: it is read for how its writer feels where they agreed to that, and only there. Two
things are no reading of feelings but ordinary correspondence, and are done for everybody: who plainly
asks to get no more mail gets none, and who asks anything waits for an answer of the team.

From is easily forged. So a reply counts for whoever has its address, never makes a person, and never
raises consent: it can only take back. What it takes back says by what its writer is known: by a mark that
only the reader of our mail has, by the checks of a server that we trust, or by nothing. Of what the
sender's own domain disowns nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.application.ports.authors import Authors
from engine.application.ports.correspondence import Answered, Correspondence
from engine.application.ports.inbox import Delivery
from engine.application.ports.intake import Intake
from engine.application.take_in import NotUnderstood
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived
from engine.domain.authentication import Proof
from engine.domain.care import (
    DISOWNED,
    ELSEWHERE,
    ERASURE,
    HEARD,
    LEAVING,
    QUESTION,
    REPLY,
    UNTIL,
    law_wants_by,
)
from engine.domain.consent import ALL_TOPICS, ConsentEntry
from engine.domain.engine_events import ANSWER_NEEDED, FEEDBACK
from engine.domain.event import REPLIES, Event, Value
from engine.domain.ids import event_id
from engine.domain.incoming import Reply
from engine.domain.reply_meaning import Hunch, Meaning, is_automatic, meaning_of
from engine.domain.reply_subject import fits

LOOKS_BACK = timedelta(days=90)
"""A reply that names no mail may answer one of these days."""
BY_MARK, BY_DOMAIN, BY_NOTHING = "known by the mail's mark", "authenticated", "unauthenticated"
"""By what the writer of a reply is known, as the ledger has it."""
_LONGEST_SUBJECT = 300
ON_ITS_WAY = timedelta(days=7)
"""A mail is on its way for some days at most: a Date before that is a clock's mistake."""


@dataclass(frozen=True, slots=True)
class RepliesTaken:
    """Takes replies in.

    `mailbox` gives an address the form in which people's are stored; `own_words` leaves of a text, or of
    HTML, what its writer wrote; `marks` are the beginnings of the send ids that a reply names with a
    signature of ours, the surest first; `subjects` the subject of a mail in each language, as its template
    has it. `asks_team` says that there is a team to answer questions, and `ours` are the addresses of
    senders and teams: what they write in a thread is our own answer. `second` looks at replies in which no
    table of words found anything.
    """

    mails: Correspondence
    authors: Authors
    intake: Intake
    mailbox: Callable[[str], str]
    own_words: Callable[[str], str]
    marks: Callable[[Reply], Iterable[str]]
    subjects: Callable[[str], Sequence[str]]
    asks_team: bool
    ours: Collection[str] = ()
    second: Callable[[str], Hunch] | None = None

    def take(self, reply: Reply, delivery: Delivery) -> None:
        """Let one reply act; delivered again, it changes nothing (R1.4).

        Raises:
            NotUnderstood: for a reply of nobody here, or one that its sender's domain disowns: it is kept for
                a person to look at.
        """
        words = self.own_words(reply.text if reply.text.strip() else reply.html)
        if is_automatic(words):  # a machine that did not say so (RFC 3834)
            return
        meaning = meaning_of(words, reply.envelope.subject[:_LONGEST_SUBJECT], self.second)
        key = _identity(reply)
        if self.authors.known_messages([(REPLIES, key)]):
            return
        answered, writers = self._by_mark(reply), self.mails.writers(self.mailbox(reply.sender))
        theirs = answered if answered is not None and answered.person_id in writers else None
        date, received_at = reply.envelope.date, delivery.received_at
        at = received_at if date is None else min(date, received_at)
        if answered is not None and at < answered.sent_at:  # a clock that is wrong
            at = received_at
        known_by = _known_by(theirs, reply.envelope.proof)
        heard = _Heard(reply, words, meaning, key, received_at, at, known_by)
        if not writers:
            self._stranger(heard, answered)
        elif theirs is None and reply.envelope.proof == "fail":
            self._disowned(heard, writers[0])
        else:
            self._known(heard, writers[0] if theirs is None else theirs.person_id, answered)

    def _known(self, heard: _Heard, writer: str, answered: Answered | None) -> None:
        """Somebody of ours wrote, in answer to a mail of theirs, of another's, or none."""
        arrivals: list[Arrival] = []
        if answered is not None and answered.person_id != writer:
            arrivals += _of_another(heard, answered)
            answered = None
        answered = answered or self._by_subject(writer, heard)
        arrivals += _of_the_writer(heard, writer, answered, asks_team=self.asks_team)
        self.intake.take_in(arrivals, heard.received_at)

    def _by_mark(self, reply: Reply) -> Answered | None:
        found = (self.mails.mail(begins) for begins in self.marks(reply))
        return next((mail for mail in found if mail is not None), None)

    def _by_subject(self, writer: str, heard: _Heard) -> Answered | None:
        """The newest mail of those weeks whose subject this one repeats."""
        subject = heard.reply.envelope.subject
        return next(
            (
                mail
                for mail in self.mails.mails_to(writer, heard.at - LOOKS_BACK)
                if mail.sent_at <= heard.received_at
                and any(fits(subject, pattern) for pattern in self.subjects(mail.mail))
            ),
            None,
        )

    def _disowned(self, heard: _Heard, writer: str) -> None:
        """The domain of its sender says that somebody else wrote it; some true mail that was passed on
        looks alike. Whoever it speaks for rests, if it asks for that, until somebody has found out.

        Raises:
            NotUnderstood: always.
        """
        leaves = heard.meaning.leaving != "no"
        if leaves:
            self.intake.take_in([_waits(heard, writer, DISOWNED, {})], heard.received_at)
        rests = f", and asks to get no more mail: {writer} rests {self._until()}"
        raise NotUnderstood(
            f"it says that {writer} wrote it, and the domain of its sender says that it did not send it"
            + (rests if leaves else "")
        )

    def _stranger(self, heard: _Heard, answered: Answered | None) -> None:
        """Nobody here has the address. If they hold a mail of ours and want no more of them, its person
        rests until somebody has found out.

        Raises:
            NotUnderstood: in any case but that of our own people.
        """
        if heard.reply.sender in self.ours:
            return
        if answered is not None:
            arrivals = _of_another(heard, answered)
            if arrivals:
                self.intake.take_in(arrivals, heard.received_at)
        raise NotUnderstood(_who(heard, answered, self._until()))

    def _until(self) -> str:
        """How long somebody rests of whom it is not known whether they want to leave."""
        return (
            "until their task is done" if self.asks_team else "until they choose on a page of ours"
        )


@dataclass(frozen=True, slots=True)
class _Heard:
    """A reply and what it means. `at` is when it was written, as far as that can be believed; `known_by`
    by what its writer is known."""

    reply: Reply
    words: str
    meaning: Meaning
    key: str
    received_at: datetime
    at: datetime
    known_by: str

    @property
    def left_at(self) -> datetime:
        """When they took consent back: a wrong clock must not date it before what it takes back."""
        return self.at if self.at >= self.received_at - ON_ITS_WAY else self.received_at


def _known_by(theirs: Answered | None, proof: Proof) -> str:
    if theirs is not None:
        return BY_MARK
    return BY_DOMAIN if proof == "pass" else BY_NOTHING


def _of_the_writer(
    heard: _Heard, writer: str, answered: Answered | None, *, asks_team: bool
) -> list[Arrival]:
    """What a reply of somebody of ours comes to."""
    meaning, about = heard.meaning, _about(answered)
    arrivals: list[Arrival] = []
    if meaning.leaving == "yes":
        arrivals += _leaves(heard, writer, answered)
    said: dict[str, Value] = {"source": REPLY, "text": heard.words, **about}
    envelope = heard.reply.envelope
    said |= {"subject": envelope.subject[:_LONGEST_SUBJECT]} if envelope.subject else {}
    said |= {"message_id": envelope.message_id} if envelope.message_id else {}
    said |= {"attachments": heard.reply.attachments} if heard.reply.attachments else {}
    arrivals.append(_event(heard, writer, heard.key, FEEDBACK, said, heard.at))
    if meaning.erases:
        arrivals.append(
            _waits(heard, writer, ERASURE, {**about, UNTIL: law_wants_by(heard.received_at)})
        )
    elif meaning.leaving == "unclear":
        arrivals.append(_waits(heard, writer, LEAVING, about))
    elif meaning.asks and asks_team:
        arrivals.append(_waits(heard, writer, QUESTION, about))
    return arrivals


def _leaves(heard: _Heard, writer: str, answered: Answered | None) -> list[Arrival]:
    """Their own act, with their words, and with what they are known by (R5.1). Words such as `stop` speak
    of all mail. An act of nobody proved counts as well: who means it must not have to ask twice, and who
    did not can come back by their preferences, which R5.5 lets no other hand do."""
    at = heard.left_at
    entry = ConsentEntry(
        topic=ALL_TOPICS,
        state="unsubscribed",
        at=at,
        basis="reply",
        own_act=True,
        source=f"reply {answered.send_id if answered else heard.key}, {heard.known_by}",
        wording=f"\u201c{heard.meaning.said}\u201d",
    )
    told: dict[str, Value] = {"topic": ALL_TOPICS, **_about(answered)}
    return [
        ConsentArrived(writer, entry),
        _event(heard, writer, f"{heard.key}:left", "consent.withdrawn", told, at),
    ]


def _of_another(heard: _Heard, answered: Answered) -> list[Arrival]:
    """A mail of somebody was answered from an address that is not theirs: a mail that was passed on, or
    they have another address. Wanting no more is worth a look; it is not theirs to be sure of."""
    if heard.meaning.leaving == "no":
        return []
    return [_waits(heard, answered.person_id, ELSEWHERE, _about(answered))]


def _heard_where(heard: _Heard, *, asked: bool) -> dict[str, Value]:
    """The places in their text by which it was understood, as `HEARD` has them, and whether tables of
    words or a model did. Places, not words: words go after their time, and this event stays."""
    meaning = heard.meaning
    sentence = meaning.asked if asked else meaning.said
    begins = heard.words.find(sentence)
    words = [(heard.words.find(word, max(begins, 0)), word) for word in meaning.by]
    spans = words if meaning.by else [(begins, sentence)]
    places = " ".join(f"{start}-{start + len(one)}" for start, one in spans if start >= 0 and one)
    return {HEARD: places, "by": "model" if meaning.by else "words"} if places else {}


def _waits(heard: _Heard, person_id: str, why: str, about: dict[str, Value]) -> Arrival:
    said: dict[str, Value] = {"why": why, "urgency": "today", "message": heard.key, **about}
    said |= _heard_where(heard, asked=why == QUESTION)
    key = f"{heard.key}:{why}"
    return _event(heard, person_id, key, ANSWER_NEEDED, said, heard.at)


def _about(answered: Answered | None) -> dict[str, Value]:
    if answered is None:
        return {}
    return {
        "mail": answered.mail,
        "journey": answered.journey,
        "step": answered.step,
        "thread": answered.send_id,
    }


def _event(
    heard: _Heard, person_id: str, key: str, name: str, said: dict[str, Value], at: datetime
) -> EventArrived:
    return EventArrived(person_id, Event(key, name, at, said, source=REPLIES))


def _identity(reply: Reply) -> str:
    """The same for every delivery of a mail. Somebody else's mail of the same Message-ID is another."""
    envelope = reply.envelope
    if envelope.message_id:
        return event_id(REPLY, envelope.sender, envelope.message_id)
    date = envelope.date.isoformat() if envelope.date else ""
    return event_id(REPLY, envelope.sender, date, envelope.subject, reply.text, reply.html)


def _who(heard: _Heard, answered: Answered | None, until: str) -> str:
    """Why it is kept, for whoever looks through it."""
    about = f"answers {answered.mail} to {answered.person_id}, but " if answered else ""
    whence = "an address that nobody here has" if heard.reply.sender else "no address at all"
    if heard.meaning.leaving == "no":
        return f"it {about}comes from {whence}"
    found = f"they rest {until}" if answered else "look for them by name"
    return f"it {about}comes from {whence}, and asks to get no more mail: {found}"
