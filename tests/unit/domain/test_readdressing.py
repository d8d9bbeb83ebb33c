"""A corrected address: agreement goes along, the confirmation of the old mailbox does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.domain.arrival import ConsentArrived, PersonArrived
from engine.domain.consent import ConsentEntry, standing
from engine.domain.facts import Facts
from engine.domain.jurisdiction import ANY_YES, CONFIRMED
from engine.domain.person import Person
from engine.domain.receiving import receive

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
AGREED = ConsentEntry("news", "express", NOW, confirmed=True, own_act=True, wording="box")


def test_where_a_confirmation_is_needed_it_is_needed_for_the_new_address() -> None:
    """R5.2, scenarios 34 and 35: a German address without a confirmation record gets no marketing."""
    facts = _moved(AGREED)
    assert _standing(facts, "news", strictly=True) == "pending"
    assert _standing(facts, "news", strictly=False) == "given"


def test_confirming_again_gives_it_back() -> None:
    """R5.4"""
    facts = _moved(AGREED)
    again = ConsentEntry("news", "express", NOW + 2 * DAY, confirmed=True)
    assert _standing(Facts(facts.person, consents=(*facts.consents, again)), "news") == "given"


def test_who_left_stays_away_whatever_their_address() -> None:
    """R5.5"""
    facts = _moved(AGREED, ConsentEntry("news", "unsubscribed", NOW + DAY / 2, own_act=True))
    assert _standing(facts, "news", strictly=False) == "unsubscribed"


def test_agreement_to_all_is_unconfirmed_with_it_and_purposes_are_not() -> None:
    """R5.3: profiling is about the person, not about a mailbox."""
    every = ConsentEntry("*", "express", NOW, confirmed=True, own_act=True)
    mood = ConsentEntry("profiling_emotion", "express", NOW, confirmed=True, own_act=True)
    facts = _moved(every, mood)
    assert _standing(facts, "news") == "pending"
    assert _standing(facts, "profiling_emotion", strictly=False) == "given"


def test_a_first_address_is_the_one_that_was_spoken_of() -> None:
    """R5.1: consent may come in before the address."""
    facts = Facts(Person("p"), consents=(AGREED,))
    arrived = PersonArrived("p", "a@x.org", "a@x.org", {}, NOW + DAY)
    assert receive(facts, arrived).consents == (AGREED,)


def test_the_old_address_is_still_confirmed_when_it_comes_back() -> None:
    facts = receive(_moved(AGREED), PersonArrived("p", "old@x.org", "old@x.org", {}, NOW + DAY))
    assert _standing(facts, "news") == "given"


def test_the_same_file_of_consent_again_confirms_nothing_anew() -> None:
    """R1.4"""
    facts = _moved(AGREED)
    assert receive(facts, ConsentArrived("p", AGREED)) == facts


def test_an_address_that_is_taken_away_and_another_given_is_a_change_too() -> None:
    facts = receive(_facts(AGREED), PersonArrived("p", "", "", {}, NOW + DAY))
    facts = receive(facts, PersonArrived("p", "new@x.org", "new@x.org", {}, NOW + DAY))
    assert _standing(facts, "news") == "pending"


def test_an_address_that_is_taken_away_and_given_back_is_as_confirmed_as_before() -> None:
    facts = receive(_facts(AGREED), PersonArrived("p", "", "", {}, NOW + DAY))
    facts = receive(facts, PersonArrived("p", "old@x.org", "old@x.org", {}, NOW + DAY))
    assert _standing(facts, "news") == "given"


def _facts(*consents: ConsentEntry) -> Facts:
    return Facts(Person("p", "old@x.org", "old@x.org"), consents=consents)


def _moved(*consents: ConsentEntry) -> Facts:
    return receive(_facts(*consents), PersonArrived("p", "new@x.org", "new@x.org", {}, NOW + DAY))


def _standing(facts: Facts, topic: str, *, strictly: bool = True) -> str:
    return standing(facts.consents, topic, NOW + 3 * DAY, CONFIRMED if strictly else ANY_YES)
