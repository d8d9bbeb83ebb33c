"""What people write is read as it comes in, of those who agreed to it (R5.10, R6.3)."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.application.ports.intake import Taken
from engine.application.read_messages import (
    MessageReading,
    ReadingIntake,
    house_names,
    names_of,
)
from engine.domain.arrival import ConsentArrived, EventArrived, MessageRead, PersonArrived
from engine.domain.consent import ConsentEntry
from engine.domain.emotion import EmotionConfig
from engine.domain.event import Event
from engine.domain.facts import Facts
from engine.domain.person import Person
from engine.domain.profile import hand_written
from tests.standins.moods import StandInReader

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)


class Everybody:
    """Authors that a test knows."""

    def __init__(self, *people, known=()):
        self.people = {facts.person.id: facts for facts in people}
        self.known = set(known)

    def authors(self, person_ids):
        return {who: self.people[who] for who in person_ids if who in self.people}

    def known_messages(self, messages):
        return self.known & set(messages)


class Store:
    """An intake that keeps what it is given."""

    def __init__(self):
        self.arrivals = []

    def take_in(self, arrivals, now):
        self.arrivals += arrivals
        return Taken(events=sum(isinstance(one, EventArrived) for one in arrivals))


@pytest.fixture
def model():
    return StandInReader()


@pytest.fixture
def reading(model):
    return MessageReading(lambda: model, EmotionConfig())


def agreed(who="ann", at=NOW - 30 * DAY, state="express", **attributes):
    entry = ConsentEntry("profiling_emotion", state, at)
    return Facts(Person(who, attributes=attributes), consents=(entry,))


def consent(state, at, who="ann"):
    return ConsentArrived(who, ConsentEntry("profiling_emotion", state, at, own_act=True))


def wrote(text, who="ann", at=NOW - DAY, key="m1", **properties):
    return EventArrived(who, Event(key, "feedback.received", at, {"text": text, **properties}))


def test_a_message_is_read_and_its_mood_comes_in_behind_it(reading):
    """The same batch, so the same transaction: a journey sees the mood at its first step."""
    store = Store()
    message = wrote("Ridiculous!", source="ticket", ticket="t1")
    taken = ReadingIntake(store, Everybody(agreed()), reading).take_in([message], NOW)
    first, second = store.arrivals
    assert first is message
    assert isinstance(second, MessageRead)
    assert (second.person_id, second.mood.message, second.at) == ("ann", "m1", NOW - DAY)
    assert (second.mood.source, second.mood.thread) == ("ticket", "t1")
    assert second.mood.probabilities["angry"] == 0.97
    assert (taken.events, taken.felt, taken.not_agreed) == (1, 1, 0)


def test_nobody_is_read_who_did_not_agree(reading, model):
    """R5.10: not scored and thrown away, but not read at all."""
    batch = [wrote("Ridiculous!"), wrote("Sad.", who="bob", key="m2")]
    arrivals, became = reading.batch(batch, Everybody(agreed("cy")), NOW)
    assert (arrivals, model.given, became) == (batch, [], Taken(not_agreed=2))


def test_consent_in_the_same_batch_counts_wherever_it_stands(reading):
    message, yes = wrote("Ridiculous!"), consent("express", NOW - 2 * DAY)
    for batch in ([yes, message], [message, yes]):
        assert reading.batch(batch, Everybody(), NOW)[1] == Taken(felt=1)


def test_what_was_written_before_the_consent_is_not_read(reading, model):
    batch = [consent("express", NOW), wrote("Ridiculous!", at=NOW - DAY)]
    assert reading.batch(batch, Everybody(), NOW)[1] == Taken(not_agreed=1)
    assert not model.given


def test_what_was_written_before_consent_was_taken_back_is_not_read(reading, model):
    taken_back = consent("unsubscribed", NOW - DAY / 2)
    batch = [wrote("Ridiculous!"), taken_back]
    assert reading.batch(batch, Everybody(agreed()), NOW)[1] == Taken(not_agreed=1)
    assert not model.given


def test_what_was_written_with_a_consent_that_has_ended_since_is_not_read(reading, model):
    """R5.10"""
    ended = ConsentEntry("profiling_emotion", "express", NOW - 9 * DAY, expires_at=NOW - DAY)
    author = Everybody(Facts(Person("ann"), consents=(ended,)))
    batch = [wrote("Ridiculous!", at=NOW - 5 * DAY)]
    assert reading.batch(batch, author, NOW)[1] == Taken(not_agreed=1)
    assert not model.given


def test_a_past_is_read_by_the_consent_of_each_moment(reading):
    """A simulation lives it again: who agrees today is read, and takes it back tomorrow."""
    past = [
        wrote("Ridiculous!", at=NOW - 3 * DAY, key="m1"),
        consent("express", NOW - 2 * DAY),
        wrote("Ridiculous!", at=NOW - DAY, key="m2"),
        consent("unsubscribed", NOW),
        wrote("Ridiculous!", at=NOW + DAY, key="m3"),
    ]
    arrivals, became = reading.history(past)
    assert [a.mood.message for a in arrivals if isinstance(a, MessageRead)] == ["m2"]
    assert became == Taken(felt=1, not_agreed=2)


def test_what_came_in_before_is_not_read_again(reading, model):
    """R1.4."""
    here = Everybody(agreed(), known=[("api", "m1")])
    assert reading.batch([wrote("Ridiculous!")], here, NOW)[1] == Taken()
    twice = [wrote("Sad.", key="m2"), wrote("Sad.", key="m2")]
    assert reading.batch(twice, here, NOW)[1] == Taken(felt=1)
    assert [one.message for one in model.given] == ["m2"]


def test_a_mood_by_hand_is_kept_and_its_text_not_read(reading, model):
    by_hand = MessageRead("ann", hand_written("m1", NOW - DAY, {"grateful": 0.8}))
    batch = [wrote("Ridiculous!"), by_hand]
    assert reading.batch(batch, Everybody(agreed()), NOW) == (batch, Taken())
    assert not model.given


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_message_without_words_is_only_kept(reading, model, text):
    assert reading.batch([wrote(text)], Everybody(agreed()), NOW)[1] == Taken()
    assert not model.given


def test_the_model_is_loaded_for_the_first_text_that_may_be_read_and_once():
    loaded = []

    def load():
        loaded.append(1)
        return StandInReader()

    reading = MessageReading(load, EmotionConfig())
    reading.batch([wrote("Ridiculous!")], Everybody(), NOW)
    assert not loaded
    for key in ("m2", "m3"):
        reading.batch([wrote("Sad.", key=key)], Everybody(agreed()), NOW)
    assert loaded == [1]


def test_texts_are_counted_by_what_was_found_in_them(reading):
    said = ("Ridiculous!", "Der Kaffee kam nicht.", "We drank it at the funeral.")
    batch = [wrote(text, key=text) for text in said]
    became = reading.batch(batch, Everybody(agreed()), NOW)[1]
    assert became == Taken(felt=1, unknown=1, sensitive=1)


def test_a_message_from_the_future_is_of_now(reading, model):
    """R1.3, as its event."""
    reading.batch([wrote("Sad.", at=NOW + DAY)], Everybody(agreed()), NOW)
    assert model.given[0].at == NOW


def test_no_name_of_the_person_or_the_house_is_read(model):
    """They are handed over with the text, to be masked."""
    reading = MessageReading(lambda: model, EmotionConfig(), ("The Shop", "Lena"))
    known = agreed(first_name="Joy", last_name="van Hope", pet_name="Rex", plan="angry")
    renamed = PersonArrived("ann", None, None, {"first_name": "Grace"}, NOW)
    reading.batch([renamed, wrote("Thanks!")], Everybody(known), NOW)
    assert set(model.given[0].names) == {
        "The Shop", "Lena", "Grace", "van Hope", "van", "Hope", "Rex",
    }  # fmt: skip


def test_names_are_those_of_attributes_called_so_whole_and_word_by_word():
    assert names_of({"name": "Ann Joy", "seats": 3, "company_name": " "}) == (
        "Ann Joy",
        "Ann",
        "Joy",
    )


def test_of_the_house_the_words_that_name_nobody_are_left_out():
    senders = {"lena": "Lena from The Cozy Shop", "omar": "Omar Haddad"}
    assert house_names("The Cozy Shop", senders) == (
        "The Cozy Shop", "lena", "omar", "Lena from The Cozy Shop", "Omar Haddad", "Lena", "Omar",
        "Haddad",
    )  # fmt: skip
