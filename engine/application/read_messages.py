"""What people write is read as it comes in: how they feel, of those who agreed to that (R5.10, R6.3).

The reading travels beside its message and is stored in the same transaction, so that a journey which
the message starts sees the mood at its first step. Whoever did not agree is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.application.ports.authors import Authors
from engine.application.ports.intake import Intake, Taken
from engine.application.ports.mood_reader import MoodReader, Written
from engine.domain.arrival import Arrival, ConsentArrived, EventArrived, MessageRead, PersonArrived
from engine.domain.emotion import EmotionConfig
from engine.domain.engine_events import FEEDBACK
from engine.domain.event import Value
from engine.domain.facts import Facts
from engine.domain.message_mood import MessageMood
from engine.domain.person import Person
from engine.domain.receiving import as_received, may_profile, receive

_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class ReadingIntake:
    """`application.ports.intake.Intake` that reads messages before it takes them in."""

    intake: Intake
    authors: Authors
    reading: MessageReading

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        """Store a batch with what its messages read like. The model is not heard inside of the
        transaction; that one decides once more on consent."""
        read, became = self.reading.batch(arrivals, self.authors, now)
        return self.intake.take_in(read, now) + became


@dataclass(slots=True)
class MessageReading:
    """Reads the messages among arrivals.

    `reader` gives the model; it is asked for at the first text that may be read, since loading it takes
    a while. `emotion` says what a message counts. `names` are those of the business and its people.
    """

    reader: Callable[[], MoodReader]
    emotion: EmotionConfig
    names: Sequence[str] = ()
    _loaded: MoodReader | None = None

    def batch(
        self, arrivals: Sequence[Arrival], authors: Authors, now: datetime
    ) -> tuple[list[Arrival], Taken]:
        """A batch that is received at `now`, with what its messages read like.

        Consent counts wherever it stands, in the store or in the batch; a message of a time before it,
        or from before it was taken back, is not read.
        """
        written = _written(arrivals)
        if not written:
            return list(arrivals), Taken()
        writers = {arrival.person_id for arrival in written}
        people = dict(authors.authors(writers))
        for arrival in arrivals:
            if arrival.person_id in writers:
                _hear(people, arrival)
        known = authors.known_messages([_key(arrival) for arrival in written])
        fresh = [arrival for arrival in written if _key(arrival) not in known]
        return self._with_moods(arrivals, [(one, people.get(one.person_id)) for one in fresh], now)

    def history(self, arrivals: Sequence[Arrival]) -> tuple[list[Arrival], Taken]:
        """A whole past in order of time, read as it would have been then: by the consent of each moment."""
        people: dict[str, Facts] = {}
        written: list[tuple[EventArrived, Facts | None]] = []
        messages = {id(arrival) for arrival in _written(arrivals)}
        for arrival in arrivals:
            _hear(people, arrival)
            if isinstance(arrival, EventArrived) and id(arrival) in messages:
                written.append((arrival, people.get(arrival.person_id)))
        return self._with_moods(arrivals, written, None)

    def _with_moods(
        self,
        arrivals: Sequence[Arrival],
        written: Iterable[tuple[EventArrived, Facts | None]],
        now: datetime | None,
    ) -> tuple[list[Arrival], Taken]:
        by_hand = {a.mood.message for a in arrivals if isinstance(a, MessageRead)}
        not_agreed = 0
        to_read: dict[tuple[str, str], tuple[str, Written]] = {}
        for arrival, author in written:
            at = arrival.at if now is None else as_received(arrival.event, now).at
            if arrival.event.id in by_hand:
                continue
            if author is None or not _may_be_read(author, at, now):
                not_agreed += 1
            elif _key(arrival) not in to_read:
                message = self._message(arrival, author.person, at)
                to_read[_key(arrival)] = arrival.person_id, message
        moods = self._read([message for _, message in to_read.values()])
        read = {
            key: MessageRead(person_id, mood, self.emotion)
            for (key, (person_id, _)), mood in zip(to_read.items(), moods, strict=True)
        }
        unreadable = [one for one in read.values() if not one.mood.probabilities]
        sensitive = sum(one.mood.sensitive for one in unreadable)
        became = Taken(
            felt=len(read) - len(unreadable),
            unknown=len(unreadable) - sensitive,
            sensitive=sensitive,
            not_agreed=not_agreed,
        )
        return list(_beside(arrivals, read)), became

    def _message(self, arrival: EventArrived, person: Person, at: datetime) -> Written:
        said = arrival.event.properties
        return Written(
            message=arrival.event.id,
            at=at,
            source=str(said.get("source", "")),
            text=str(said["text"]),
            thread=str(said.get("ticket") or said.get("thread") or ""),
            names=(*self.names, *names_of(person.attributes)),
        )

    def _read(self, messages: Sequence[Written]) -> Iterator[MessageMood]:
        if not messages:
            return iter(())
        if self._loaded is None:
            self._loaded = self.reader()
        return self._loaded.read(messages)


def names_of(attributes: Mapping[str, Value]) -> tuple[str, ...]:
    """The names among a person's attributes (`first_name`, `company_name`, `name` …), whole and word by
    word: none of them may move a score."""
    found: dict[str, None] = {}
    for attribute, value in sorted(attributes.items()):
        if isinstance(value, str) and attribute.split("_")[-1] in ("name", "nickname", "surname"):
            found |= dict.fromkeys([value.strip(), *_WORD.findall(value)])
    return tuple(name for name in found if name)


def house_names(company: str, senders: Mapping[str, str]) -> tuple[str, ...]:
    """The names of a business and of those who write for it: `senders` are their names by key.

    Of a sender such as `Lena from The Cozy Coffee Shop`, the words that name nobody are left out.
    """
    found = dict.fromkeys([company, *senders, *senders.values()])
    own = set(_WORD.findall(company))
    for name in senders.values():
        found |= dict.fromkeys(w for w in _WORD.findall(name) if w[0].isupper() and w not in own)
    return tuple(name for name in found if name)


def _written(arrivals: Iterable[Arrival]) -> list[EventArrived]:
    """The messages with words in them."""
    return [
        arrival
        for arrival in arrivals
        if isinstance(arrival, EventArrived)
        and arrival.event.name == FEEDBACK
        and isinstance(words := arrival.event.properties.get("text"), str)
        and words.strip()
    ]


def _may_be_read(author: Facts, at: datetime, now: datetime | None) -> bool:
    """Whether somebody agreed when they wrote, and still does where it is known (R5.10)."""
    return not author.person.erased and may_profile(author.consents, at, now and max(at, now))


def _hear(people: dict[str, Facts], arrival: Arrival) -> None:
    """What a row says of its person's name and consent."""
    if isinstance(arrival, PersonArrived | ConsentArrived):
        who = arrival.person_id
        known = people.get(who) or Facts(Person(who))
        people[who] = receive(known, arrival)


def _beside(
    arrivals: Iterable[Arrival], read: Mapping[tuple[str, str], MessageRead]
) -> Iterator[Arrival]:
    """Each reading behind its message."""
    waiting = dict(read)
    for arrival in arrivals:
        yield arrival
        if isinstance(arrival, EventArrived) and _key(arrival) in waiting:
            yield waiting.pop(_key(arrival))


def _key(arrival: EventArrived) -> tuple[str, str]:
    return arrival.event.source, arrival.event.id
